// Moved: tool/kernel_named.ts.

export * from "./tool/kernel_named.ts";
