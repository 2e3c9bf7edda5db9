/// <reference lib="dom" />
// Our own scripts, each loaded when somebody first needs it.

const loading = new Map<string, Promise<void>>();

/** Loads a script, once; a failure is forgotten, so that the next click tries again. */
export function load(address: string): Promise<void> {
  const known = loading.get(address);
  if (known) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(address);
      reject(new Error(`${address} cannot be loaded.`));
    };
    document.head.append(script);
  });
  loading.set(address, loaded);
  return loaded;
}
