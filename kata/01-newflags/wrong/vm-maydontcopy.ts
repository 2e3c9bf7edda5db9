// Believed: what mprotect sets, mprotect checks: VM_DONTCOPY needs a VM_MAYDONTCOPY, as Hugh Dickins feared, and withdrew, on 9 August 2005.
// Rejected by: PROT_DONTCOPY is known, and needs no VM_MAY bit
import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;
const SET = ACCESS | VM_DONTCOPY;

export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", "an unknown bit");
  const asked = prot & ACCESS | (prot & PROT_DONTCOPY ? VM_DONTCOPY : 0);
  const newflags = asked | flags & ~SET;
  if (newflags & ~(newflags >> 4) & SET) throw new Errno("EACCES", "it may not");
  return newflags;
}
