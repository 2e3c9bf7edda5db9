// What a cell finds around it in a page's worker: the language, and what every host has of timers and texts.

/** The names that stay. What a browser adds, a cell could not use in a terminal; and with some it could speak for us. */
const kept = new Set<PropertyKey>(
  ("globalThis undefined NaN Infinity Object Function Array Number Boolean String Symbol BigInt Date RegExp Math JSON " +
    "Reflect Proxy Promise Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator Intl Atomics ArrayBuffer " +
    "SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
    "Float16Array Float32Array Float64Array BigInt64Array BigUint64Array Error AggregateError EvalError RangeError " +
    "ReferenceError SyntaxError TypeError URIError SuppressedError DisposableStack AsyncDisposableStack " +
    "parseInt parseFloat isNaN isFinite eval escape unescape encodeURI encodeURIComponent decodeURI decodeURIComponent " +
    "TextEncoder TextDecoder setTimeout clearTimeout setInterval clearInterval queueMicrotask structuredClone")
    .split(" "),
);

/** Takes the rest away from a worker for good. Who needs some of it has it in hand by now. */
export function bare(): void {
  let at: object = globalThis;
  while (at !== Object.prototype) {
    for (const key of Reflect.ownKeys(at)) if (!kept.has(key)) Reflect.deleteProperty(at, key);
    at = Reflect.getPrototypeOf(at)!;
  }
}
