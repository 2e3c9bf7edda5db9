import { Errno, PROT_DONTCOPY, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE } from "sim";
import { VM_DONTCOPY, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_DONTCOPY;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

/**
 * The new `vm_flags` of a mapping, when mprotect is asked for `prot`.
 *
 * @param flags the old ones
 * @throws Errno EINVAL, EACCES
 */
export function newFlags(flags: number, prot: number): number {
  if (prot & ~KNOWN) throw new Errno("EINVAL", `mprotect(0x${prot.toString(16)}): an unknown bit`);
  // The three permissions have the same numbers on both sides, and only they:
  // 0x8 is PROT_SEM here and VM_SHARED there. So PROT_DONTCOPY is translated,
  // and never stored itself.
  const asked = (prot & ACCESS) | (prot & PROT_DONTCOPY ? VM_DONTCOPY : 0);
  // Four flags are replaced, so that what is left out is taken away.
  const newflags = asked | (flags & ~(ACCESS | VM_DONTCOPY));
  // Three are checked. Without the mask the test would refuse every mapping
  // there is, since the VM_MAY bits have no VM_MAY bits either; so there has to
  // be one, and it names the permissions. VM_DONTCOPY is none, and nobody asks
  // for its right.
  if (newflags & ~(newflags >> 4) & ACCESS) {
    throw new Errno("EACCES", `mprotect(0x${prot.toString(16)}): the mapping may not be given it`);
  }
  return newflags;
}
