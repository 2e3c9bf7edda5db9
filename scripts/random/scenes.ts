// Random scenes: one arbitrary for fast-check, and the function that makes lines of what it draws. A scene is what commands
// come to, one after the other; or it is a known one, changed in a few places, since what is one step from where kernels
// are known to differ is where they differ again.

import fc, { type Arbitrary } from "fast-check";
import { type Command, command, share, Stage } from "./command.ts";
import { type Profile, PROFILES, spread, type Theme } from "./weights.ts";
import { ends, World } from "./world.ts";

/** How often a known scene is changed in which way. */
const CHANGES = { insert: 12, delete: 2, duplicate: 1, swap: 2, alter: 4, graft: 1 };

/** A change of a known scene. */
interface Change {
  how: keyof typeof CHANGES;
  /** Shares: of the lines, of the lines again, and of a line's words. */
  at: number;
  to: number;
  word: number;
  command: Command;
}

/** A scene that somebody wrote. */
export interface Known {
  readonly name: string;
  readonly lines: readonly string[];
}

/** A scene before it is one; a command that is not there is a line that is not there. */
export interface Draft {
  profile: Profile;
  /** What it is about, and what it could be. */
  themes: Theme[];
  possible: readonly Theme[];
  commands: (Command | null)[];
  /** What it begins as, what may follow in its place, and the changes. */
  known?: { scene: Known; other: Known; changes: Change[] };
}

/** Which scenes are drawn. */
export interface Kind {
  readonly profile: Profile;
  /** How many commands a scene has, which shrink to fewer. */
  readonly least: number;
  readonly most: number;
  /** What no scene is about. */
  readonly without?: ReadonlySet<string>;
  /** The scenes that one of two begins as. */
  readonly known?: readonly Known[];
}

/** How many themes meet in a scene at most. */
const MEET = 4;

const change: Arbitrary<Change> = fc.record({
  how: fc.constantFrom(...spread(CHANGES)),
  at: share,
  to: share,
  word: share,
  command,
});

/** Scenes of one kind. */
export function drafts({ profile, least, most, without, known = [] }: Kind): Arbitrary<Draft> {
  const possible = PROFILES[profile].filter((theme) => !without?.has(theme));
  const common = {
    profile: fc.constant(profile),
    possible: fc.constant(possible),
    themes: fc.noShrink(fc.subarray(possible, { minLength: 1, maxLength: MEET })),
  };
  // Commands shrink to nothing, and arrays of one length to no other.
  const fresh = fc.record({
    ...common,
    commands: fc.array(fc.option(command, { freq: 1_000_000_000 }), {
      minLength: least,
      maxLength: most,
      size: "max",
    }),
  });
  if (known.length === 0) return fc.noBias(fresh);
  const scene = fc.constantFrom(...known);
  const changed = fc.record({
    ...common,
    commands: fc.constant<Draft["commands"]>([]),
    known: fc.record({
      scene,
      other: scene,
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    }),
  });
  return fc.noBias(fc.oneof(changed, fresh));
}

/** The lines of a scene, at most as many as it has commands where it does not begin as a known one. */
export function sceneOf(draft: Draft): string[] {
  if (draft.known) return changed(draft);
  const { profile, commands } = draft, world = new World(), stage = new Stage(world, draft);
  // Where contents are compared, the last lines look at them.
  const compared = profile === "contents" || profile === "pins";
  const looked = compared ? Math.floor(commands.length / 5) : 0, most = commands.length - looked;
  const lines: string[] = [];
  for (const command of commands) {
    if (!command || lines.length >= most) continue;
    for (const line of stage.lines(command)) {
      world.take(line);
      lines.push(line);
    }
  }
  const last = looks(world);
  return [
    ...lines.slice(0, most),
    ...Array.from({ length: looked }, (_, i) => last[i % last.length] ?? "P0 r a0"),
  ];
}

/** Looks at what a scene has come to: what each process, device and pipe reads, and which frames they have. */
export function looks(world: World): string[] {
  const { live, begun, written } = world;
  const read = [0, 1].flatMap((at) =>
    [...live].flatMap(([who, mapped]) => {
      const own = written.filter((page) => mapped.has(page));
      const page = [...new Set([...own, ...mapped.keys()])][at];
      return page ? [`${who} r ${page}`] : [];
    })
  );
  const first = [...live.values()].flatMap((mapped) => [...mapped.keys()]).sort()[0] ?? "a0";
  return [
    ...ends(world),
    ...world.slots("pin").map((ring) => `* gr ${ring} 0`),
    ...live.size > 0 ? [`* snap ${first} 3`] : [],
    ...read,
    ...world.slots("vms").flatMap((pipe) =>
      Array<string>(begun.get(`vms ${pipe}`)!).fill(`* pr ${pipe}`)
    ),
  ];
}

function changed(draft: Draft): string[] {
  const { scene, other, changes } = draft.known!, lines = [...scene.lines];
  for (const one of changes) {
    // The first line maps what the rest needs.
    const any = (share: number) => 1 + Math.floor(share * Math.max(lines.length - 1, 1));
    const at = any(one.at), to = any(one.to), line = lines[at] ?? "";
    const stage = () => new Stage(worldAt(lines, at), draft);
    switch (one.how) {
      case "insert":
        lines.splice(at, 0, ...stage().lines(one.command));
        break;
      case "delete":
        lines.splice(at, 1);
        break;
      case "duplicate":
        lines.splice(to, 0, line);
        break;
      case "swap":
        [lines[at], lines[to]] = [lines[to] ?? line, line];
        break;
      case "alter":
        lines[at] = stage().altered(line, one.word, one.command);
        break;
      case "graft":
        lines.splice(at + 1, lines.length, ...other.lines.slice(to));
    }
  }
  return lines;
}

function worldAt(lines: readonly string[], at: number): World {
  const world = new World();
  for (const line of lines.slice(0, at)) world.step(line);
  return world;
}
