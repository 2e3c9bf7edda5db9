// What a drawing may be, and a reader that refuses the rest. Pure: the build writes what it reads into the page, and the page
// makes elements of it. A drawing is a cell's, so it comes from whoever wrote the cell.
//
// Not a parser of XML or HTML, which would read more than anybody draws, and would mend what is broken each in its own way:
// shapes and their looks, by name; nothing that runs, loads, links, moves or lies over the page.

/** An element of a drawing; its parts are elements and text. */
export interface Drawn {
  name: string;
  traits: Map<string, string>;
  parts: (Drawn | string)[];
}

const ELEMENTS = new Set(
  ["svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline"]
    .concat(["polygon", "text", "tspan", "marker"]),
);

/** The classes that the style sheet has for drawings. Another could make the page's scripts take one for their own part. */
const CLASSES = "p1 p2 p3 p4 device pipe cache quiet good bad paper halo".split(" ");

// No pattern here can be read in two ways: what is refused is refused at once, however long it is.
const numbers = "none|[-+\\d.,e%\\s]*|[\\d.]+(?:px|em|ch)";
const color = `[a-z]+|#[\\da-f]{3,8}|(?:rgb|hsl)a?\\([\\d.,%\\s/]*\\)|var\\(--[a-z-]+\\)`;

/** The attributes of drawings, and what each may say. What CSS would read has no `\` or `/*`, in which a `url(` could hide. */
const TRAITS = new Map(
  ([
    [
      "x y dx dy x1 y1 x2 y2 cx cy r rx ry width height viewBox points textLength refX refY markerWidth markerHeight " +
      "opacity fill-opacity stroke-opacity stroke-width stroke-dasharray stroke-dashoffset stroke-miterlimit font-size " +
      "letter-spacing word-spacing",
      numbers,
    ],
    ["d", "[mlhvcsqtaz\\d\\s.,+e-]*"],
    ["transform", "(?:(?:translate|rotate|scale|matrix|skew[xy])\\([-+\\d.e,\\s]*\\)[\\s,]*)*"],
    ["fill stroke color", color],
    ["marker-start marker-mid marker-end", "none|url\\(#[a-z][\\w-]*\\)"],
    [
      "fill-rule stroke-linecap stroke-linejoin paint-order vector-effect font-weight font-style font-variant text-anchor " +
      "dominant-baseline alignment-baseline lengthAdjust orient markerUnits text-decoration preserveAspectRatio",
      "[\\w\\s-]*",
    ],
    ["font-family", "[\\w\\s,'\"-]*"],
    ["id", "[a-z][\\w-]*"],
    ["class", `\\s*(?:(?:${CLASSES.join("|")})(?:\\s+|$))*`],
    ["role", "img|group|presentation|none"],
    ["aria-hidden", "true|false"],
    ["aria-label", "[^]*"],
    ["xmlns", "http://www\\.w3\\.org/2000/svg"],
    ["xml:space", "preserve|default"],
  ] as const).flatMap(([names, says]) =>
    names.split(" ").map((name) => [name, new RegExp(`^(?:${says})$`, "i")] as const)
  ),
);

/** More than anybody looks at; deeper than anybody nests. */
const MOST = 5_000, DEEPEST = 30;

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const open = /<([a-zA-Z]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const close = /<\/([a-zA-Z]+)\s*>/y;
const words = /[^<]+/y;
const trait = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
// deno-lint-ignore no-control-regex
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/;

/** Says why a text is no drawing; what reads on would guess. */
class Refused extends Error {}

/** A drawing, or why the text is none: a sentence without its full stop. */
export function readDrawing(svg: string): Drawn | string {
  try {
    return read(svg.trim());
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

function read(svg: string): Drawn {
  if (unprintable.test(svg) || !svg.isWellFormed()) throw new Refused("a character is no text");
  const top: Drawn = { name: "", traits: new Map(), parts: [] }, path = [top];
  let at = 0, count = 0;
  const next = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(svg);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < svg.length) {
    const inside = path.at(-1)!;
    const text = next(words), end = text ? null : next(close);
    if (text) inside.parts.push(decoded(text[0]));
    else if (end) {
      if (end[1] !== inside.name) throw new Refused(`</${end[1]}> closes what is not open`);
      path.pop();
    } else {
      const [, name, traits, empty] = next(open) ?? [];
      if (name === undefined) throw new Refused(`${shown(svg.slice(at))} is not understood`);
      if (++count > MOST) throw new Refused(`it has more than ${MOST} elements`);
      if (path.length > DEEPEST) throw new Refused(`it is deeper than ${DEEPEST} elements`);
      if (!ELEMENTS.has(name) || (name === "svg") !== (inside === top)) {
        throw new Refused(`<${name}> is no part of a drawing`);
      }
      const drawn = { name, traits: traitsOf(name, traits!), parts: [] };
      const within = path.some(({ name }) => name === "marker");
      if (within && [...drawn.traits.values()].some((value) => value.includes("url("))) {
        throw new Refused("a marker has markers");
      }
      inside.parts.push(drawn);
      if (!empty) path.push(drawn);
    }
  }
  const [root, ...more] = top.parts;
  if (path.length > 1) throw new Refused(`<${path.at(-1)!.name}> is not closed`);
  if (!root || typeof root === "string" || more.length > 0) {
    throw new Refused("it is not one <svg> element");
  }
  return root;
}

function traitsOf(element: string, text: string): Map<string, string> {
  const traits = new Map<string, string>();
  for (const [, name = "", quoted, single] of text.matchAll(trait)) {
    const value = decoded(quoted ?? single!), says = TRAITS.get(name);
    if (!says || name === "transform" && element === "svg") {
      throw new Refused(`the attribute ${name} is not for drawings`);
    }
    if (!says.test(value)) throw new Refused(`${name}="${shown(value)}" is not for drawings`);
    if (traits.has(name)) throw new Refused(`the attribute ${name} stands there twice`);
    traits.set(name, value);
  }
  return traits;
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));|&/gi, (all, ten, sixteen, name) => {
    const code = ten ? Number(ten) : sixteen ? parseInt(sixteen, 16) : undefined;
    const char = code === undefined
      ? ENTITIES[name]
      : code <= 0x10ffff
      ? String.fromCodePoint(code)
      : undefined;
    if (char === undefined || unprintable.test(char) || !char.isWellFormed()) {
      throw new Refused(`${shown(all)} is no character`);
    }
    return char;
  });
}

/** The beginning of what is refused. */
const shown = (text: string) => text.length > 40 ? `${text.slice(0, 40)}…` : text;

/**
 * The drawing as an image with a name. Its ids become its own in the page.
 *
 * @param label its name where it says none itself
 * @param id unique in the page
 */
export function named(drawn: Drawn, label: string, id: string): Drawn {
  const own = (part: Drawn): Drawn => ({
    name: part.name,
    traits: new Map([...part.traits].map(([name, value]) => {
      if (name === "id") return [name, `${id}.${value}`];
      return [name, value.replace(/^url\(#/i, `url(#${id}.`)];
    })),
    parts: part.parts.map((one) => typeof one === "string" ? one : own(one)),
  });
  const { name, traits, parts } = own(drawn);
  const looks = [...traits].filter(([name]) => !/^(?:role$|aria-)/.test(name));
  const said = { role: "img", "aria-label": drawn.traits.get("aria-label") || label };
  return { name, traits: new Map([...Object.entries(said), ...looks]), parts };
}
