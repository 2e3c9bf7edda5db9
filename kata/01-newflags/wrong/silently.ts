// Believed: a permission that may not be given is not given, and the rest of the request can be granted.
// Rejected by: a permission without its VM_MAY bit is refused
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  const dontcopy = prot & PROT_DONTCOPY ? VM_DONTCOPY : 0;
  const kept = flags & ~(ACCESS | VM_DONTCOPY);
  return prot & (kept >> 4) & ACCESS | dontcopy | kept;
}
