// Believed: a flag that protects nothing leaves the protection alone, as PROT_GROWSDOWN does, which only finds the end of a range.
// Rejected by: PROT_DONTCOPY alone takes every permission away
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  if (prot === PROT_DONTCOPY) return flags | VM_DONTCOPY;
  const dontcopy = prot & PROT_DONTCOPY ? VM_DONTCOPY : 0;
  const newflags = prot & ACCESS | dontcopy | flags & ~(ACCESS | VM_DONTCOPY);
  if (newflags & ~(newflags >> 4) & ACCESS) throw new Errno("EACCES", "it may not");
  return newflags;
}
