// Believed: protection only goes down: what the mapping does not allow now was taken away for a reason.
// Rejected by: a permission that was taken away can be given back
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  if (prot & ACCESS & ~flags) throw new Errno("EACCES", "it may not");
  const dontcopy = prot & PROT_DONTCOPY ? VM_DONTCOPY : 0;
  return prot & ACCESS | dontcopy | flags & ~(ACCESS | VM_DONTCOPY);
}
