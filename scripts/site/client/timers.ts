// Timers that tell when none is left, so that a run can say what one of them prints or throws after the last cell.

type Act = (...values: unknown[]) => void;

/** A browser's timers: their ids are numbers. */
interface Host {
  setTimeout(act: Act, after?: number): number;
  setInterval(act: Act, after?: number, ...values: unknown[]): number;
  clearTimeout(id?: number): void;
}

/** Puts timers that are counted in place of the host's. @returns resolves when none has anything to do any more */
export function countTimers(): () => Promise<void> {
  const { setTimeout, setInterval, clearTimeout } = globalThis as unknown as Host;
  const left = new Set<number>();
  let rest = () => {};
  const clear = (id?: number) => {
    clearTimeout(id);
    if (id !== undefined && left.delete(id) && left.size === 0) rest();
  };
  Object.assign(globalThis, {
    setTimeout: (act: Act, after?: number, ...values: unknown[]) => {
      const id = setTimeout(() => {
        try {
          act(...values);
        } finally {
          clear(id);
        }
      }, after);
      left.add(id);
      return id;
    },
    setInterval: (...args: Parameters<Host["setInterval"]>) => {
      const id = setInterval(...args);
      left.add(id);
      return id;
    },
    clearTimeout: clear,
    clearInterval: clear,
  });
  /** A rejected promise is told of in a task of its own, which two turns of the host's timers let by. */
  const turn = () => new Promise<void>((resolve) => setTimeout(() => setTimeout(() => resolve())));
  return async () => {
    await turn();
    while (left.size > 0) {
      await new Promise<void>((resolve) => rest = resolve);
      await turn();
    }
  };
}
