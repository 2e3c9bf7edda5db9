// Random scenes: an arbitrary of commands for fast-check, and the function that makes lines of a scene of them.
//
// A command is a few small numbers, drawn without regard to the others, so that any of them can be left out or made
// smaller. What stands before it decides what becomes of it: an operation of a process that is not there becomes a fork,
// one on a region that is not mapped a mapping. One command of sixteen is taken as it is, and often answered by an error.

import fc, { type Arbitrary } from "fast-check";

/** What a scene is made of, and so what can be said about it. */
export type Profile = "everything" | "contents" | "pins";

/** The numbers behind a line; what an operation does not take is ignored. */
interface Command {
  /** Which operation, as a share of all weights of the profile. */
  op: number;
  who: number;
  /** The child of a fork, the region that mremap moves to. */
  to: number;
  region: number;
  page: number;
  /** The region and the page of the command before it, and not its own: what follows on a page is what tells. */
  again: boolean;
  pages: number;
  value: number;
  mapping: string;
  protection: string;
  /** Of buffers and pipes. */
  slot: number;
  /** Taken as it is. */
  raw: boolean;
}

/** A scene of one profile; a command that is not there is a line that is not there. */
export interface Draft {
  profile: Profile;
  /** The operations that it may have beside those that every scene has. */
  some: string[];
  commands: (Command | null)[];
}

type Weights = Record<string, number>;

const memory: Weights = {
  r: 20,
  w: 24,
  mr: 2,
  mw: 3,
  mmap: 2,
  munmap: 2,
  mremap: 4,
  mprot: 8,
  mlock: 2,
  munlock: 2,
  fork: 5,
  exit: 2,
  cr: 1,
  ksm: 2,
  unksm: 1,
  "madv dontneed": 4,
  "madv dontfork": 2,
  "madv dofork": 1,
  "madv wipeonfork": 2,
  "madv keeponfork": 1,
  "madv mergeable": 4,
  "madv unmergeable": 1,
  "madv hugepage": 1,
  "madv nohugepage": 1,
  "madv cold": 1,
  "madv pageout": 8,
  "madv populate_read": 1,
  "madv populate_write": 1,
  "madv collapse": 1,
};
const lazy: Weights = { "madv free": 3 };
const pins: Weights = { pin: 6, gr: 4, gw: 4, unpin: 2, dw: 3, dwend: 3, dr: 3, drend: 3 };
const pipes: Weights = { vms: 4, pr: 4 };

/** What no oracle follows: another byte of a page (`w+`), a child in its parent's memory, a read that stalls. */
const unfollowed: Weights = {
  "w+": 3,
  "r+": 3,
  vfork: 1,
  spawn: 2,
  exec: 1,
  vmread: 3,
  vmend: 2,
  "pin r": 2,
  "pin short": 2,
  "pin r short": 1,
};

/** The operations of each profile, and how often they come. */
const operations: Record<Profile, Weights> = {
  everything: { ...memory, ...lazy, ...pins, ...pipes, ...unfollowed, snap: 4, settle: 1 },
  contents: { ...memory, ...lazy },
  pins: { ...memory, ...pins, ...pipes },
};

/** What every scene has. Of the other operations each scene has some alone, which then meet more often. */
const always = ["r", "w", "fork"];
const others = Object.keys(operations.everything).filter((op) => !always.includes(op));

/** What must have begun before this can do anything. */
const beginning: Record<string, string> = {
  gr: "pin",
  gw: "pin",
  unpin: "pin",
  pr: "vms",
  dwend: "dw",
  drend: "dr",
  ksm: "madv mergeable",
  vmend: "vmread",
};

const number = (max: number) => fc.noBias(fc.nat(max));

const command: Arbitrary<Command> = fc.record({
  op: number(9_999),
  who: fc.constantFrom(0, 0, 0, 0, 1, 2),
  to: number(2),
  region: fc.constantFrom(0, 0, 1, 2),
  page: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 5, 8),
  again: fc.boolean(),
  pages: fc.constantFrom(1, 1, 1, 2, 3, 8),
  value: number(5),
  mapping: fc.constantFrom(
    ..."priv priv priv priv priv priv shared shared pfile pfile sfile sfile memfd hugetlb".split(
      " ",
    ),
  ),
  protection: fc.constantFrom("r", "r", "rw", "rw", "rw", "none"),
  slot: number(1),
  raw: number(15).map((n) => n === 15),
});

/** Scenes of this many operations, which shrink to fewer. */
export function drafts(
  count: number,
  profiles: readonly Profile[] = ["everything", "contents", "pins"],
): Arbitrary<Draft> {
  // An array of a fixed length, whose commands shrink to nothing: fast-check would draw other lengths as well.
  const commands = fc.array(fc.option(command, { freq: 1_000_000_000 }), {
    minLength: count,
    maxLength: count,
  });
  const profile = fc.constantFrom(...profiles), some = fc.noBias(fc.subarray(others));
  return fc.record({ profile, some: fc.noShrink(some), commands });
}

/** The lines of a scene. */
export function sceneOf({ profile, some, commands }: Draft): string[] {
  const stage = new Stage(profile, some);
  // Where contents are compared, the last lines look at them.
  const looks = profile === "everything" ? 0 : Math.floor(commands.length / 5);
  return commands.flatMap((command, at) => {
    if (!command) return [];
    const look = at - (commands.length - looks);
    return [look >= 0 ? stage.look(look) : stage.line(command)];
  });
}

/** What is meant to live, to be mapped and to be under way; the machine may see it otherwise. */
class Stage {
  /** The operations, as often as they weigh. */
  readonly #operations: readonly string[];
  /** The regions that each process is meant to map. */
  readonly #mapped = new Map<number, Set<number>>([[0, new Set()]]);
  /** Buffers, pipes and transfers in use, such as `pin 0`. */
  readonly #begun = new Set<string>();
  /** What was written last, first. */
  readonly #written: string[] = [];
  #last = { region: 0, page: 0 };

  constructor(profile: Profile, some: readonly string[]) {
    const weights = operations[profile];
    this.#operations = [...always, ...some].flatMap((op) => Array(weights[op] ?? 0).fill(op));
  }

  line(own: Command): string {
    const all = this.#operations, command = own.again ? { ...own, ...this.#last } : own;
    this.#last = { region: command.region, page: command.page };
    return this.#resolve(all[Math.floor(command.op / 10_000 * all.length)]!, command);
  }

  /** Another process reads what was written last, or what was written before that; or a device reads what it holds. */
  look(count: number): string {
    const slot = [0, 1].filter((slot) => this.#begun.has(`pin ${slot}`))[count % 2];
    if (slot !== undefined) return `* gr ${slot} 0`;
    const live = [...this.#mapped.keys()], pages = [...new Set(this.#written), "a0"];
    const at = pages[Math.floor(count / live.length) % pages.length];
    return `P${live[count % live.length] ?? 0} r ${at ?? "a0"}`;
  }

  #resolve(op: string, command: Command): string {
    const { who, to, value, slot, raw } = command;
    if (/^(?:unksm|settle)$/.test(op)) return `* ${op}`;
    if (op === "snap") return `* snap ${place(command, 0)} 8`;
    const first = beginning[op];
    if (first) {
      const name = /^[dk]/.test(op) ? first : `${first} ${slot}`;
      if (!this.#begun.has(name) && !raw) return this.#resolve(first, command);
      if (/^(?:unpin|d[wr]end|vmend)$/.test(op)) this.#begun.delete(name);
      return `* ${
        {
          gr: `gr ${slot} ${command.pages - 1}`,
          gw: `gw ${slot} ${command.pages - 1} ${value}`,
          unpin: `unpin ${slot}`,
          pr: `pr ${slot}`,
          dwend: "dwend",
          drend: `drend ${value}`,
          ksm: "ksm",
          vmend: `vmend ${slot}`,
        }[op]
      }`;
    }
    return this.#process(op, command, raw ? who : this.#alive(who), to);
  }

  /** The process, or the one that forks it. */
  #alive(who: number): number {
    return this.#mapped.has(who) ? who : [...this.#mapped.keys()][0] ?? who;
  }

  #process(op: string, command: Command, pid: number, to: number): string {
    const { who, region, pages, value, slot, mapping, protection, raw } = command;
    const mapped = this.#mapped.get(pid);
    if (!raw && pid !== who && mapped?.size) return this.#fork(pid, who);
    if (/^(?:v?fork|spawn)$/.test(op)) {
      const free = [0, 1, 2].find((one) => !this.#mapped.has(one));
      if (free !== undefined || raw) return this.#fork(pid, raw ? to : free!, op);
      op = "exit"; // to make room for another
      pid = to;
    }
    if (op === "exit") {
      this.#mapped.delete(pid);
      return `P${pid} exit`;
    }
    if (op === "exec") mapped?.clear();
    if (op === "cr" || op === "exec") return `P${pid} ${op}`;
    const missing = mapped && !mapped.has(region);
    if (op === "mmap" && !missing && !raw) op = "munmap";
    if (op === "mmap" || missing && !raw) {
      mapped?.add(region);
      // The file has 8 pages: the last of 9 cannot be reached.
      const size = mapping.endsWith("file") ? 9 : 8;
      return `P${pid} mmap ${letter(region)} ${
        Math.min(command.page + pages + 2, size)
      } ${mapping}`;
    }
    const at = place(command, command.page), range = `${at} ${pages}`;
    const [call = "", advice, ...more] = op.split(" ");
    switch (call) {
      case "munmap":
        if (pages < 8) return `P${pid} munmap ${range}`;
        mapped?.delete(region);
        return `P${pid} munmap ${place(command, 0)} 8`;
      case "mremap":
        mapped?.add(to);
        return `P${pid} mremap ${range} ${letter(to)}${(command.page + value) % 8}`;
      case "mprot":
        return `P${pid} mprot ${range} ${protection}`;
      case "madv":
        if (advice === "mergeable") {
          this.#begun.add(op);
          return `P${pid} madv ${place(command, 0)} 8 mergeable`;
        }
        return `P${pid} madv ${range} ${advice}`;
      case "pin":
        this.#begun.add(`pin ${slot}`);
        return `P${pid} ${["pin", range, slot, advice ?? [], more].flat().join(" ")}`;
      case "vmread":
        this.#begun.add(`vmread ${slot}`);
        return `P${pid} vmread ${at} P${to} ${slot}`;
      case "w+":
        return `P${pid} w ${at}+64 ${value}`;
      case "r+":
        return `P${pid} r ${at}+64`;
      case "vms":
        this.#begun.add(`vms ${slot}`);
        return `P${pid} vms ${at} ${slot}`;
      case "dw":
      case "dr":
        // There is one transfer of a kind at a time; the device must answer before the next.
        if (this.#begun.has(call)) return `P${pid} r ${at}`;
        this.#begun.add(call);
        return `P${pid} ${call} ${range} ${slot ? "loop" : "fuse"}`;
      case "w":
      case "mw":
        this.#written.unshift(at);
        return `P${pid} ${call} ${at} ${value}`;
      case "r":
      case "mr":
        return `P${pid} ${call} ${at}`;
      default:
        return `P${pid} ${call} ${range}`;
    }
  }

  #fork(pid: number, child: number, op: string = "fork"): string {
    const mapped = this.#mapped.get(pid);
    if (mapped && !this.#mapped.has(child)) {
      this.#mapped.set(child, new Set(op === "spawn" ? [] : mapped));
    }
    return `P${pid} ${op} P${child}`;
  }
}

const letter = (region: number): string => "abc"[region]!;
const place = ({ region }: Command, page: number): string => `${letter(region)}${page}`;
