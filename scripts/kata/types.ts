// Moved: tool/types.ts.

export { typeProblems } from "../tool/types.ts";
