// Moved: tool/text.ts and tool/terminal.ts.

export * from "./tool/terminal.ts";
export * from "./tool/text.ts";
