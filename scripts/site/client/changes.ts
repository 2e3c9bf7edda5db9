// What a picture of a film says that the one before it did not, marked in its drawing. Pure; the build uses it, too.

const words = /<text([^<>]*)>([^<]*)<\/text>/g;

/**
 * The drawings of a film, in which each text that is new has the class `changed`. A text belongs to the frame (`pfn 7`)
 * that was named last before it, so that a frame that only moves on the paper stays as it is.
 */
export function withChanges(drawings: readonly string[]): string[] {
  let before: Set<string> | undefined;
  return drawings.map((svg) => {
    const now = new Set<string>();
    let frame = "";
    const marked = svg.replace(words, (whole, traits: string, said: string) => {
      if (/^pfn \d+$/.test(said)) frame = said;
      const text = `${frame} ${said}`;
      now.add(text);
      return !before || before.has(text) ? whole : `<text class="changed"${traits}>${said}</text>`;
    });
    before = now;
    return marked;
  });
}
