// Believed: a permission that the mapping has already was given to it once, so that only the new ones are checked.
// Rejected by: a permission that the mapping has is checked like any other
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  const dontcopy = prot & PROT_DONTCOPY ? VM_DONTCOPY : 0;
  const newflags = prot & ACCESS | dontcopy | flags & ~(ACCESS | VM_DONTCOPY);
  const added = newflags & ~flags;
  if (added & ~(newflags >> 4) & ACCESS) throw new Errno("EACCES", "it may not");
  return newflags;
}
