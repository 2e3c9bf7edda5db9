// Moved: tool/nearest.ts.

export * from "./tool/nearest.ts";
