// Moved: tool/problem.ts.

export * from "./tool/problem.ts";
