import { Errno, PROT_EXEC, PROT_READ, PROT_SEM, PROT_WRITE, VM_EXEC, VM_READ, VM_WRITE } from "sim";

const KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM;
const ACCESS = VM_READ | VM_WRITE | VM_EXEC;

/**
 * The new `vm_flags` of a mapping, when mprotect is asked for `prot`.
 *
 * @param flags the old ones
 * @throws Errno EINVAL, EACCES
 */
export function newFlags(flags: number, prot: number): number {
  // TODO: finish the test, and take PROT_DONTCOPY. So far this is mprotect
  // before the patch, with half a test.
  if (prot & ~KNOWN) throw new Errno("EINVAL", `mprotect(0x${prot.toString(16)}): an unknown bit`);
  const newflags = (prot & ACCESS) | (flags & ~ACCESS);
  if (newflags & ~(newflags >> 4)) {
    throw new Errno("EACCES", `mprotect(0x${prot.toString(16)}): the mapping may not be given it`);
  }
  return newflags;
}
