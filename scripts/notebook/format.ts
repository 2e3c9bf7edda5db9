// This module is browser compatible.
//
// Values as text, the same in Deno and in a page's worker, which `console.log` is not. Nothing of the machine shows:
// no path, no stack, no address. No line end is left to chance: what does not fit in 72 columns stands one entry a line.

import { type Step, STEPS } from "../../sim/mod.ts";

const display = Symbol.for("Jupyter.display");

/** What a view answers: text for a terminal, a drawing for a page; a film its pictures, too. */
export interface Mime {
  "text/plain": string;
  "image/svg+xml"?: string;
  [STEPS]?: string;
}

/** The picture that a value shows of itself, or undefined for a value that is no view. */
export function mimeOf(value: unknown): Mime | undefined {
  if (typeof value !== "object" || value === null || !(display in value)) return undefined;
  return (value as { [display](): Mime })[display]();
}

/** What `console.log(...values)` prints: strings as they are, one blank between two values. */
export function format(values: readonly unknown[]): string {
  return values.map((value) => {
    if (typeof value === "string") return value;
    return mimeOf(value)?.["text/plain"] ?? new Formatter().value(value, "");
  }).join(" ");
}

/** An error as one line, without its stack. */
export function formatError(error: Error): string {
  return `${error.name}${error.message ? `: ${error.message}` : ""}`;
}

/** Breaks lines between words, so that the message of an error stays within the 80 columns of an output. */
export function folded(text: string): string {
  return text.replaceAll(/[^\n]{81,}/g, (line) => {
    const lines = [""];
    for (const word of line.split(" ")) {
      const last = lines.at(-1)!;
      if (last.trim() && last.length + 1 + word.length > 80) lines.push(`  ${word}`);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    return lines.join("\n");
  });
}

const width = 72;
const depth = 6;
const entries = 100;

class Formatter {
  #around: object[] = [];
  /** Values left to print: a small object can hold the same array a million times. */
  #left = 10_000;

  value(value: unknown, indent: string): string {
    if (this.#left-- <= 0) return "…";
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (Object.is(value, -0)) return "-0";
    if (typeof value === "function") return nameOfFunction(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (this.#around.includes(value)) return "[Circular]";
    const name = nameOfClass(value);
    if (value instanceof Error) return `[${formatError(value)}]`;
    if (value instanceof Date) return Number.isNaN(+value) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (this.#around.length >= depth) return `[${name || "Object"}]`;
    this.#around.push(value);
    const text = this.#object(value, name, indent);
    this.#around.pop();
    return text;
  }

  #object(value: object, name: string, indent: string): string {
    const inner = `${indent}  `;
    const key = (text: string | symbol) =>
      typeof text === "symbol"
        ? `[${String(text)}]`
        : /^[A-Za-z_$][\w$]*$/.test(text)
        ? text
        : JSON.stringify(text);
    const fields = (skip: (key: string) => boolean = () => false) =>
      Reflect.ownKeys(value).flatMap((field) => {
        const own = Reflect.getOwnPropertyDescriptor(value, field);
        if (!own?.enumerable || typeof field === "string" && skip(field)) return [];
        return [() => `${key(field)}: ${own.get ? "[Getter]" : this.value(own.value, inner)}`];
      });
    const size = (count: number) => `${name}(${count}) `;
    if (Array.isArray(value) || ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const items = value as unknown as ArrayLike<unknown>;
      const head = name === "Array" ? "" : size(items.length);
      const list = Array.from(
        { length: Math.min(items.length, entries) },
        (_, index) => () => index in items ? this.value(items[index], inner) : "<empty>",
      );
      const rest = ArrayBuffer.isView(value) ? [] : fields((name) => /^\d+$/.test(name));
      return enclose(head, "[", [...list, ...rest], "]", indent, items.length - list.length);
    }
    if (value instanceof Map) {
      const list = [...value].map(([from, to]) => () =>
        `${this.value(from, inner)} => ${this.value(to, inner)}`
      );
      return enclose(size(value.size), "{", list, "}", indent);
    }
    if (value instanceof Set) {
      const list = [...value].map((item) => () => this.value(item, inner));
      return enclose(size(value.size), "{", list, "}", indent);
    }
    return enclose(name && name !== "Object" ? `${name} ` : "", "{", fields(), "}", indent);
  }
}

/** `{ a: 1 }` on one line where that fits, one entry a line otherwise; the first hundred entries at most. */
function enclose(
  head: string,
  open: string,
  list: (() => string)[],
  close: string,
  indent: string,
  cut = 0,
): string {
  const texts = list.slice(0, entries).map((entry) => entry());
  const more = list.length - texts.length + cut;
  if (more > 0) texts.push(`… ${more} more`);
  if (texts.length === 0) return `${head}${open}${close}`;
  const pad = open === "[" ? "" : " ";
  const line = `${head}${open}${pad}${texts.join(", ")}${pad}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= width) return line;
  return `${head}${open}\n${
    texts.map((text) => `${indent}  ${text},\n`).join("")
  }${indent}${close}`;
}

function nameOfClass(value: object): string {
  const constructor = Reflect.getPrototypeOf(value)?.constructor;
  return typeof constructor === "function" ? String(constructor.name) : "";
}

// deno-lint-ignore ban-types -- whatever can be called
function nameOfFunction(value: Function): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
  return `[${kind}${value.name ? ` ${value.name}` : ""}]`;
}

/** Is this a picture of a film? */
export function isStep(step: unknown): step is Step {
  if (typeof step !== "object" || step === null) return false;
  const { operation, reasons, text, svg, verdicts } = step as Record<string, unknown>;
  if (!Array.isArray(reasons) || !Array.isArray(verdicts)) return false;
  return [operation, text, svg, ...reasons, ...verdicts].every((part) => typeof part === "string");
}
