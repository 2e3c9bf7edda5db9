/// <reference lib="dom" />
// The page's end of the sandbox: one frame for as long as the page lives, in which workers come and go.

import { type Order, srcdoc, type Word } from "./frame.ts";

type Listener = (data: unknown) => void;

const listeners = new Map<string, Listener>();
let opened: Promise<Window> | undefined;
let names = 0;

/** Opens the frame, the first time. */
function open(): Promise<Window> {
  return opened ??= new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "The sandbox in which the cells run";
    frame.sandbox.add("allow-scripts");
    frame.srcdoc = srcdoc;
    frame.onload = () => resolve(frame.contentWindow!);
    addEventListener("message", ({ source, data: word }: MessageEvent<Word>) => {
      if (source === frame.contentWindow) listeners.get(word.name)?.(word.data);
    });
    document.body.append(frame);
  });
}

/** A worker in the sandbox. */
export interface Guest {
  /** Says something to it. */
  tell(word: unknown): void;
  /** Hears what it says, from now on. */
  hear(listener: Listener): void;
  /** Ends it, whatever it is doing; it is not heard again. */
  end(): void;
}

/** Starts a worker from its script. */
export function start(text: string): Guest {
  const name = `worker ${++names}`; // never one that was there before, whose last words may be under way
  const order = (more: Omit<Order, "name">) =>
    void open().then((frame) => frame.postMessage({ name, ...more }, "*"));
  order({ text });
  return {
    tell: (word) => order({ word }),
    hear: (listener) => listeners.set(name, listener),
    end: () => {
      listeners.delete(name);
      order({});
    },
  };
}
