// Locks what a verdict is made of, before an attempt is loaded: the simulator, and the language's own objects, which the
// simulator, the suite and uvu work with. An attempt that would change one of them throws, at the line that tries.
//
// It shares a program with its suite, so there is a limit. What an attempt answers is its own: it may return a getter
// that lies, count its calls, or know a suite by heart. It can so only pass by fooling tests that its author may read.
// What goes beyond, files, the network, the verdict's channel, is kept by the child process and by `run.ts`.

/** Of the language, what has a name. */
const NAMES = [
  ...["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Date"],
  ...["RegExp", "Promise", "Proxy", "Reflect", "JSON", "Math", "Iterator", "Intl", "Atomics"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError"],
  ...["TypeError", "URIError", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "ArrayBuffer"],
  ...["FinalizationRegistry", "SharedArrayBuffer", "DataView", "Int8Array", "Uint8Array"],
  ...["Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"],
  ...["Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "TextEncoder"],
  ...["TextDecoder", "structuredClone", "queueMicrotask", "parseInt", "parseFloat", "isNaN"],
  ...["isFinite", "globalThis"],
];

/** Of the language, what is only reached by using it: iterators, generators, asynchronous functions. */
const unnamed = () => [
  ...[[].values(), new Map().values(), new Set().values(), ""[Symbol.iterator]()],
  ...["".matchAll(/x/g), Iterator.from({ next: () => ({ done: true, value: 0 }) })],
  ...[function* () {}, async function* () {}, async () => {}],
];

/**
 * What a prototype hands down and people assign to their own objects, `this.name = "MyError"`. JavaScript refuses that
 * below a frozen prototype, unless what is handed down has a setter that makes it the object's own.
 */
const ASSIGNED = ["name", "message", "toString", "toLocaleString", "valueOf"];

/** Freezes the language's own objects and `roots`, such as a module's exports, with all that is reached from them. */
export function lock(roots: readonly unknown[]): void {
  const host = globalThis as Record<string, unknown>;
  const todo = [...roots, ...unnamed()];
  for (const name of NAMES) {
    // Read, since a host may make it when it is first asked for.
    const value = host[name];
    if (value === undefined) continue;
    Object.defineProperty(host, name, { value, writable: false, configurable: false });
    if (value !== host) todo.push(value);
  }
  const seen = new Set<unknown>();
  for (const value of todo) {
    if (Object(value) !== value || seen.has(value)) continue;
    seen.add(value);
    const object = value as object;
    todo.push(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const property = Reflect.getOwnPropertyDescriptor(object, key)!;
      todo.push(property.value, property.get, property.set);
      if (ASSIGNED.includes(String(key)) && Object.hasOwn(object, "constructor")) {
        handDown(object, key, property);
      }
    }
    // A view of a buffer that has bytes cannot be frozen.
    if (!ArrayBuffer.isView(object)) Object.freeze(object);
  }
}

/** Lets objects below `prototype` have a property of their own by assignment, which the prototype itself refuses. */
function handDown(prototype: object, key: PropertyKey, { value, writable }: PropertyDescriptor) {
  if (!writable) return;
  Object.defineProperty(prototype, key, {
    get: () => value,
    set(this: object, own: unknown) {
      if (this === prototype) throw new TypeError(`Cannot assign to read only '${String(key)}'`);
      Object.defineProperty(this, key, {
        value: own,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}
