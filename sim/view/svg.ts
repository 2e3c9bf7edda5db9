/**
 * The elements of drawings: a sheet, boxes, lines of text in runs, arrows.
 *
 * A drawing is 330 units wide, and its letters are 14 high: where it is shown 284 pixels wide, they are 12 pixels. A letter
 * of a monospaced font takes at most 0.61 of its height, from which every width is reckoned.
 *
 * @module
 */

/** The width of every drawing. */
export const WIDTH = 330;
/** The height of a line of text. */
export const LINE = 19;
const FONT = 14, LETTER = FONT * 0.61;

/** Ink and colours on the drawing's own sheet, each 4.5:1 or more; a page sets its own by the classes. */
const INK: Readonly<Record<string, string>> = {
  p1: "#0b5885",
  p2: "#57479b",
  p3: "#1c6355",
  p4: "#8a2f67",
  device: "#8a4a00",
  pipe: "#5c5a00",
  cache: "#565e66",
  quiet: "#565e66",
  good: "#27663c",
  bad: "#a3242b",
};
const SHEET = "#fcfbf8", BLACK = "#1e2226";

/** A piece of a line of text. */
export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  /** Said aside. */
  readonly quiet?: boolean;
  /** Struck through: it is gone. */
  readonly struck?: boolean;
}

/** How many letters fit into a width. */
export function lettersIn(width: number): number {
  return Math.floor(width / LETTER);
}

/** How wide so many letters are. */
export function widthOf(letters: number): number {
  return Math.ceil(letters * LETTER);
}

/** A drawing of parts, `y` high. @param name what it shows, in short */
export function svg(
  parts: readonly string[],
  y: number,
  name: string,
  width: number = WIDTH,
): string {
  const height = Math.ceil(y), size = `width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${size} ` +
    `role="img" aria-label="${escapeXml(name)}" color="${BLACK}" fill="currentColor" ` +
    `font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}">` +
    `<rect class="paper" ${size} fill="${SHEET}"/>${parts.join("")}</svg>`;
}

/** Parts in a colour that has a meaning. */
export function coloured(name: string, parts: readonly string[]): string {
  return `<g class="${name}" color="${INK[name]}">${parts.join("")}</g>`;
}

/** A line of text whose letters stand on `y`. */
export function line(x: number, y: number, runs: readonly Run[]): string {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (!last || traits(last) !== traits(run)) joined.push(run);
    else joined[joined.length - 1] = { ...last, text: last.text + run.text };
  }
  const [only, ...more] = joined;
  if (!only) return "";
  const place = `x="${num(x)}" y="${num(y)}"`;
  if (more.length === 0) return `<text ${place}${traits(only)}>${escapeXml(only.text)}</text>`;
  const spans = joined.map((run) => {
    const look = traits(run);
    return look ? `<tspan${look}>${escapeXml(run.text)}</tspan>` : escapeXml(run.text);
  });
  return `<text ${place}>${spans.join("")}</text>`;
}

function traits({ bold, quiet, struck }: Run): string {
  return (bold ? ` font-weight="700"` : "") +
    (struck ? ` text-decoration="line-through"` : "") +
    (quiet ? ` class="quiet" fill="${INK.quiet}"` : "");
}

/** How a box or a path is drawn: dashed, thick, round, faint. */
export interface Stroke {
  readonly width?: number;
  readonly dash?: string;
  readonly round?: number;
  readonly faint?: boolean;
}

/** A frame around something, in the colour of the group. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  stroke: Stroke = {},
): string {
  return `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" ` +
    `rx="${stroke.round ?? 4}"${outline(stroke)}/>`;
}

/** A curve from one place to the right, to another. */
export function curve(
  from: readonly [number, number],
  to: readonly [number, number],
  stroke: Stroke,
): string {
  const [x, y] = from, [tx, ty] = to, bend = (tx - x) * 0.55;
  return `<path d="M${num(x)} ${num(y)}C${num(x + bend)} ${num(y)} ${num(tx - bend)} ${num(ty)} ${
    num(tx)
  } ${num(ty)}"${outline(stroke)}/>`;
}

/** The head of an arrow whose tip is there: filled, or open. */
export function head(x: number, y: number, filled: boolean): string {
  return filled
    ? `<path d="M${num(x)} ${num(y)}l-9 -5v10z"/>`
    : `<path d="M${num(x - 8)} ${num(y - 4.5)}L${num(x)} ${
      num(y)
    }l-8 4.5" fill="none" stroke="currentColor" stroke-width="1.4"/>`;
}

/** A cross on an arrow that should not be. */
export function cross(x: number, y: number): string {
  const mark = `M${num(x - 5)} ${num(y - 5)}l10 10m0 -10l-10 10`;
  return `<path class="halo" d="${mark}" fill="none" stroke="${SHEET}" stroke-width="6"/>` +
    coloured("bad", [`<path d="${mark}" fill="none" stroke="currentColor" stroke-width="2.4"/>`]);
}

/** A page: full, half or hollow. */
export function square(x: number, y: number, behind: "frame" | "swap" | "nothing"): string {
  const whole = box(x, y, 11, 11, { round: 1 });
  if (behind === "nothing") return whole;
  const height = behind === "frame" ? 11 : 5.5;
  return whole + `<rect x="${num(x)}" y="${num(y + 11 - height)}" width="11" height="${height}"/>`;
}

/** A dotted line downwards: what is left out. */
export function dotted(x: number, y: number, height: number): string {
  return `<path d="M${num(x)} ${num(y)}v${num(height)}"${outline({ dash: "1.5 4", width: 2 })}/>`;
}

function outline({ width = 1.3, dash, faint }: Stroke): string {
  return ` fill="none" stroke="currentColor" stroke-width="${width}"` +
    (dash ? ` stroke-dasharray="${dash}"` : "") + (faint ? ` opacity="0.6"` : "");
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text for an attribute or an element. */
export function escapeXml(content: string): string {
  return content.replace(/[&<>"\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}
