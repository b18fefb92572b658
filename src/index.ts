/**
 * twincomb: twin-field quantum key distribution networks seeded by a microcomb, from comb noise to identical secret
 * keys.
 *
 * ```ts
 * import { simulate, weiming } from "twincomb";
 *
 * const result = await simulate(weiming({ pulses: 1e11, seed: "2026" }));
 * for (const pair of result.pairs) console.log(pair.name, pair.ratioToPlob, pair.qberX, pair.secretBits);
 * ```
 *
 * @module
 */
export { type ErrorCode, type ErrorDetails, TwincombError } from "./errors.ts";
export * from "./network/index.ts";
export { VERSION } from "./version.ts";
