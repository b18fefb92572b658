import { createEngine, toeplitzHash } from "twincomb";

const seed = Uint8Array.from({ length: 1875 }, (_, i) => (i * 37) & 255).fill(1, 1874);
const key = Uint8Array.from({ length: 1250 }, (_, i) => (i * 101) & 255);
const shape = { inputBits: 10000, outputBits: 5000 };

const { plob } = await import("twincomb/protocol");
const engine = createEngine({ workers: 2 });
const here = await toeplitzHash(seed, key, shape);
const there = await Promise.all([engine.toeplitzHash(seed, key, shape), engine.toeplitzHash(seed, key, shape)]);
await engine[Symbol.asyncDispose]();
const result = {
  plob: plob(1e-3),
  here: Array.from(here.slice(0, 8)),
  same: there.every((hash) => `${hash}` === `${here}`),
};
globalThis.document?.documentElement.setAttribute("data-result", JSON.stringify(result));
console.log(JSON.stringify(result));
