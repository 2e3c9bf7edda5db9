/// <reference lib="dom" />
// Only where `learn` serves the page: shows the verdict on the file on disk, and takes up a new build.

/** What `learn` says of an attempt; kata/run.ts has the rest. */
interface Verdict {
  state: "none" | "running" | "passed" | "failed" | "broken";
  file?: string;
  passed?: number;
  total?: number;
  failure?: { test: string; message: string; details?: string; where?: string };
  note?: string;
}

const box = document.querySelector<HTMLElement>("[data-verdict]");
const root = document.documentElement.dataset.root!;
const address = root + (box ? `verdict/${box.dataset.verdict}` : "news");
let news: EventSource | undefined;

function element(tag: "p" | "pre", text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (tag === "pre") made.tabIndex = 0, made.className = "text";
  return made;
}

function show({ state, passed, total, failure, note }: Verdict) {
  if (!box) return;
  if (state === "running") {
    box.ariaBusy = "true";
    return;
  }
  box.ariaBusy = null;
  box.className = `verdict ${state}`;
  const count = `${passed} of ${total} tests pass`;
  const headline = {
    none:
      "You have no attempt yet. The command below makes one; save it, and the verdict appears here.",
    passed: `Solved: ${count}.`,
    failed: `${count}. The first that does not: ${failure?.test}.`,
    broken: `Your attempt could not be judged, at ${failure?.test}.`,
  }[state];
  const lines = [element("p", headline)];
  if (failure) lines.push(element("p", failure.message));
  if (failure?.where) lines.push(element("p", `Look at ${failure.where}.`));
  if (failure?.details) lines.push(element("pre", failure.details));
  if (note) lines.push(element("p", "It printed:"), element("pre", note));
  box.replaceChildren(...lines);
}

/** A new build: this page is read again, unless somebody is typing in it. */
function reload() {
  if (!(document.activeElement instanceof HTMLTextAreaElement)) return location.reload();
  if (document.querySelector(".reload")) return;
  const offer = document.createElement("div");
  offer.className = "reload";
  offer.role = "status";
  const button = document.createElement("button");
  button.textContent = "Reload";
  button.addEventListener("click", () => location.reload());
  offer.append("The chapter has changed on disk. ", button);
  document.body.append(offer);
}

// A browser keeps six connections to a server, and each page that listens holds one: only those that are seen do.
function listen() {
  news?.close();
  news = undefined;
  if (document.hidden) return;
  news = new EventSource(address);
  news.addEventListener("verdict", (event) => show(JSON.parse(event.data)));
  // What changed while nobody listened is told with the first message: the number of the build.
  news.addEventListener("reload", (event) => {
    const { build } = JSON.parse(event.data);
    const known = document.documentElement.dataset.build;
    document.documentElement.dataset.build = build;
    if (known !== undefined && known !== String(build)) reload();
  });
}

document.addEventListener("visibilitychange", listen);
listen();
