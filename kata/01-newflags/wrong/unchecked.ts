// Believed: PROT_DONTCOPY has no VM_MAY bit, so a request that has it is not checked.
// Rejected by: PROT_DONTCOPY opens nothing that is closed
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  const kept = flags & ~(ACCESS | VM_DONTCOPY);
  if (prot & PROT_DONTCOPY) return prot & ACCESS | VM_DONTCOPY | kept;
  if (prot & ACCESS & ~(kept >> 4)) throw new Errno("EACCES", "it may not");
  return prot & ACCESS | kept;
}
