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
export * from "./constants.ts";
export * from "./devices/index.ts";
export * from "./distillation/index.ts";
export { type ErrorCode, type ErrorDetails, TwincombError } from "./errors.ts";
export * from "./kernels/index.ts";
export * from "./network/index.ts";
export * from "./protocol/index.ts";
// The kernels' own names for the same things stay theirs.
export { SETTING_NAMES, type SettingName, type SliceCounts } from "./protocol/index.ts";
export { type PhiloxKey, PhiloxStream, PURPOSE, type Purpose, philoxKey } from "./random.ts";
export * from "./units.ts";
export { VERSION } from "./version.ts";
