// Believed: mprotect replaces the permissions, and VM_DONTCOPY is none: who asks for it gets it added.
// Rejected by: leaving PROT_DONTCOPY out gives the mapping to children again
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  let newflags = prot & ACCESS | flags & ~ACCESS;
  if (prot & PROT_DONTCOPY) newflags |= VM_DONTCOPY;
  if (newflags & ~(newflags >> 4) & ACCESS) throw new Errno("EACCES", "it may not");
  return newflags;
}
