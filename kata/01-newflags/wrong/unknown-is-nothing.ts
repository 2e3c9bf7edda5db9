// Believed: a bit that the kernel has no use for does no harm, so it is masked out.
// Rejected by: a bit that this kernel does not know is refused
import { Errno, PROT_DONTCOPY } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  const dontcopy = prot & PROT_DONTCOPY ? VM_DONTCOPY : 0;
  const newflags = prot & ACCESS | dontcopy | flags & ~(ACCESS | VM_DONTCOPY);
  if (newflags & ~(newflags >> 4) & ACCESS) throw new Errno("EACCES", "it may not");
  return newflags;
}
