// A cell on two kernels, side by side: what both did alike, the operation at which they part with both pictures, and what
// they print. All of a chapter's are in a script, which the page loads when somebody chooses a kernel.

import type { Beside, Parting, Side } from "../notebook/beside.ts";
import { aboutDifference } from "../notebook/elsewhere.ts";
import type { Elsewhere } from "../notebook/kernels.ts";
import { Html, markup } from "./html.ts";
import { picture } from "./picture.ts";

/** What the script leaves in the page: by cell and kernel the number of a text, and the texts. */
export interface Texts {
  numbers: Record<string, Record<string, number>>;
  texts: string[];
}

/** The script with every comparison of a chapter; kernels on which the same happens share a text. */
export function besideScript({ on }: Elsewhere, own: string): string {
  const { numbers, texts }: Texts = { numbers: {}, texts: [] };
  for (const [kernel, cells] of on) {
    for (const [cell, beside] of cells) {
      if (beside.mark === "unreached") continue;
      const text = both(beside, cell, own).text, known = texts.indexOf(text);
      (numbers[cell] ??= {})[kernel] = known < 0 ? texts.push(text) - 1 : known;
    }
  }
  return `pinnedBeside = ${JSON.stringify({ numbers, texts })};\n`;
}

/** The other kernel's name, which the page puts in. */
const OTHER = new Html('<b class="other"></b>');

/** Both runs of a cell. */
function both({ mark, parting, printed, error }: Beside, cell: number, own: string): Html {
  return markup`${parting && parted(parting, cell, own)}${
    mark === "lines" &&
    markup`<p>Everybody reaches the same memory on both. What differs is how the kernel counts, marks or protects it.</p>\n`
  }${error && markup`<p>On ${OTHER} the cell fails: <code>${error}</code></p>\n`}${
    printed && prints(printed, cell, own)
  }`;
}

/** What went alike, and the operation that does not; and the later one that does the harm. */
function parted(parting: Parting, cell: number, era: string): Html {
  const { before, cell: earlier, own, other, harm } = parting;
  const alike = before.map((operation) => markup`<li><code>${operation}</code></li>\n`);
  const where = earlier !== undefined && `In cell ${earlier + 1}, at `;
  return markup`<p>${alike.length > 0 ? "On both alike:" : "From the beginning:"}</p>
<ol class="steps-alike">
${alike}<li><mark>${where}<code>${own.operation}</code></mark> is where they part.</li>
</ol>
${pair({ own, other }, cell, era, "parting")}${
    harm &&
    markup`<p>Later, after <code>${harm.other.operation}</code>:</p>
${pair(harm, cell, era, "harm")}`
  }`;
}

/** Both sides of an operation. */
function pair({ own, other }: { own: Side; other: Side }, cell: number, era: string, at: string) {
  const id = `beside-${cell + 1}-${at}`, label = `Picture of cell ${cell + 1} on`;
  return sides(
    era,
    side(own, `${label} ${era}`, `${id}-own`),
    markup`${own.operation !== other.operation && markup`<p><code>${other.operation}</code></p>`}${
      side(other, `${label} the other kernel`, `${id}-other`)
    }`,
  );
}

function side({ reasons, text, svg }: Side, label: string, id: string): Html {
  return markup`${reasons.map((reason) => markup`<p class="caption">${reason}</p>\n`)}${
    picture({ text, svg }, label, id)
  }`;
}

/** What both print, about the first line that differs, which is marked. */
function prints(printed: { own: string; other: string }, cell: number, era: string): Html {
  const { own, other, at, above, below } = aboutDifference(printed);
  const pre = (lines: readonly string[], of: string) => {
    const marked = lines.map((line, n) =>
      markup`${n > 0 && "\n"}${n === at ? markup`<mark>${line}</mark>` : line}`
    );
    return markup`<pre class="text" tabindex="0" role="group" aria-label="Output of cell ${
      cell + 1
    } on ${of}">${above && "…\n"}${marked}${below && "\n…"}</pre>`;
  };
  return markup`<p>The cell prints:</p>
${sides(era, pre(own, era), pre(other, "the other kernel"))}`;
}

function sides(era: string, own: Html, other: Html): Html {
  return markup`<div class="sides">
<div><p class="whose"><b>${era}</b>, the text's</p>
${own}</div>
<div><p class="whose">${OTHER}</p>
${other}</div>
</div>
`;
}
