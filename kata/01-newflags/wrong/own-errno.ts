// Believed: an error is known by its code, whatever its class.
// Rejected by: a permission without its VM_MAY bit is refused
import { Errno as Theirs } from "sim";
import { newFlags as right } from "../solution.ts";

class Errno {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

export function newFlags(flags: number, prot: number): number {
  try {
    return right(flags, prot);
  } catch (error) {
    if (error instanceof Theirs) throw new Errno(error.code);
    throw error;
  }
}
