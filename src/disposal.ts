/**
 * The two symbols that `using` needs, for JavaScript engines that do not have them yet. Listed as a side effect in
 * package.json, so that bundlers keep it.
 *
 * @module
 */
for (const name of ["dispose", "asyncDispose"] as const) {
  if (typeof Symbol[name] !== "symbol") Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
}

export {};
