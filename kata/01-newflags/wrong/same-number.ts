// Believed: PROT_READ and VM_READ are the same number, so PROT_DONTCOPY and VM_DONTCOPY are, too.
// Rejected by: PROT_DONTCOPY becomes VM_DONTCOPY
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  const newflags = prot & ~PROT_SEM | flags & ~(ACCESS | PROT_DONTCOPY);
  if (newflags & ~(newflags >> 4) & ACCESS) throw new Errno("EACCES", "it may not");
  return newflags;
}
