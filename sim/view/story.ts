/**
 * The story of a schedule: who did what, a line for each step.
 *
 * @module
 */

import type { Event } from "../event.ts";
import type { Replayed } from "../scene/explore.ts";
import { pageName } from "../scene/notation.ts";
import type { Step } from "../scene/race.ts";
import { PAGE_SIZE, type Pte, type Vpn } from "../state.ts";
import { reasonText, sightText } from "./reason.ts";

/** One line of a story. */
export interface Told {
  /** Whose step it is. */
  readonly letter: string;
  /** The operation, when it begins or ends with this step. */
  readonly operation: string | undefined;
  /** What happened, and why. */
  readonly said: readonly string[];
  /** What the operation was answered, if it ended. */
  readonly answer: string | undefined;
}

/** The steps of a schedule in words. */
export function story({ steps, trace }: Pick<Replayed, "steps" | "trace">): Told[] {
  return steps.map((step) => told(step, trace));
}

function told({ letter, racer, answer, from, to }: Step, trace: readonly Event[]): Told {
  const events = trace.slice(from, to);
  const said = events.flatMap((event) => eventText(event, trace) ?? []);
  const begins = events[0]?.type === "op", text = racer.text.replace(/^[A-Z]: /, "");
  return { letter, operation: begins || answer !== undefined ? text : undefined, said, answer };
}

/** An event of a trace in a few words; undefined for those that a note says better, or that nobody asks for. */
export function eventText(event: Event, trace: readonly Event[]): string | undefined {
  switch (event.type) {
    case "note":
      return reasonText(event.reason);
    case "saw":
      return sightText(event.sight, trace);
    case "set_pte":
      return `${at(event.mm, event.vpn)} is ${pteText(event.pte)}`;
    case "protect": {
      const change = event.writable ? "writable" : "read-only";
      return `${at(event.mm, event.vpn)} becomes ${change}${event.dirty ? "" : ", clean"}`;
    }
    case "clear_pte":
      return `${at(event.mm, event.vpn)} is emptied`;
    case "unmap_to_swap":
      return `${at(event.mm, event.vpn)} is a swap entry`;
    case "zap":
      return `${pages(event.vpns)} of mm ${event.mm} unmapped`;
    case "share":
      return `${at(event.from, event.vpn)} shared with mm ${event.to}, read-only in both`;
    case "dup":
      return `${at(event.from, event.vpn)} given to mm ${event.to}`;
    case "dup_swap":
      return `${at(event.from, event.vpn)}, swapped out, given to mm ${event.to}`;
    case "alloc":
      return event.from === undefined
        ? `pfn ${event.pfn} allocated`
        : `pfn ${event.from} copied to pfn ${event.pfn}`;
    case "free":
      return `pfn ${event.pfn} freed`;
    case "store":
      return `pfn ${event.pfn} written`;
    case "exclusive":
      return `pfn ${event.pfn} is ${event.value ? "" : "no longer "}exclusive`;
    case "add_to_swap_cache":
      return `pfn ${event.pfn} enters the swap cache, slot ${event.slot}`;
    case "delete_from_swap_cache":
      return `pfn ${event.pfn} leaves the swap cache`;
    case "has_pinned":
      return `mm ${event.mm} has pinned`;
    case "write_protect_seq":
      return `write_protect_seq of mm ${event.mm} counts on`;
    case "try_grab":
    case "get":
      return `${references(event.refs, "more")} to pfn ${event.pfn}`;
    case "ungrab":
      return "what it took is given back";
    case "keep":
      return `${event.holder} has them`;
    case "put":
      return `${references(event.refs, "fewer")} to pfn ${event.pfn}`;
  }
}

function references(count: number, change: string): string {
  return `${count} ${change} reference${count === 1 ? "" : "s"}`;
}

function at(mm: number, vpn: Vpn): string {
  return `${pageName(vpn * PAGE_SIZE)} of mm ${mm}`;
}

function pteText({ pfn, writable }: Pte): string {
  return `pfn ${pfn}, ${writable ? "writable" : "read-only"}`;
}

function pages(vpns: readonly Vpn[]): string {
  const more = vpns.length - 1;
  return `${pageName(vpns[0]! * PAGE_SIZE)}${more > 0 ? ` and ${more} more` : ""}`;
}
