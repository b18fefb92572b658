/**
 * Where raw bits go, as a tree of streams: from all Z-Z events to the secret key.
 *
 * @module
 */
import type { NetworkResult, PairResult } from "../../network/index.ts";
import { colour } from "../theme.ts";

/** A stream of bits that ends, or divides at the next stage. */
export interface Stream {
  /** What the bits are. */
  readonly name: string;
  /** How many. */
  readonly bits: number;
  /** Colour. */
  readonly fill: string;
  /** Streams that it divides into; none where it ends. */
  readonly parts: readonly Stream[];
}

/** Costs below this share of the corrected bits are drawn as one. */
const LEAST_SHARE = 0.004;

const COST_FILLS = ["amber", "vermilion", "purple", "sky"] as const;

const stream = (name: string, bits: number, fill: string, parts: readonly Stream[] = []): Stream => ({
  name,
  bits,
  fill,
  parts: parts.filter((part) => part.bits > 0),
});

/** Lines of the bill of bits, summed over pairs. */
function bill(pairs: readonly PairResult[]): { readonly name: string; readonly bits: number }[] {
  const sums = new Map<string, number>();
  for (const { account } of pairs) {
    for (const { name, bits } of account?.bits ?? []) sums.set(name, (sums.get(name) ?? 0) + bits);
  }
  return [...sums].map(([name, bits]) => ({ name, bits }));
}

/**
 * All raw bits of a network, and what becomes of them.
 *
 * Bits of pairs without a key leave at the first stage. What the others put into error correction divides into bits that
 * the server may know, and untagged ones; the bill divides these into its costs and the key.
 *
 * @param result - what became of the pairs
 */
export function accountStreams(result: NetworkResult): { readonly raw: Stream; readonly corrected: Stream } {
  const keyed = result.pairs.filter(({ secretBits }) => secretBits > 0);
  const sum = (pick: (pair: PairResult) => number, of: readonly PairResult[] = keyed) =>
    of.reduce((total, pair) => total + pick(pair), 0);
  const raw = sum(({ rawBits }) => rawBits, result.pairs);
  const correctedBits = sum(({ pairedBits }) => pairedBits);
  const lines = bill(keyed);
  const untagged = lines.reduce((total, { bits }) => total + Math.max(0, bits), 0);
  const costs = lines.flatMap(({ name, bits }) => (bits < 0 ? [{ name, bits: -bits }] : []));
  const large = costs.filter(({ bits }) => bits >= LEAST_SHARE * correctedBits).sort((a, b) => b.bits - a.bits);
  const small = costs.filter((cost) => !large.includes(cost)).reduce((total, { bits }) => total + bits, 0);
  const corrected = stream("into error correction", correctedBits, colour("blue"), [
    stream("untagged", untagged, colour("blue"), [
      stream(
        "secret key",
        sum(({ secretBits }) => secretBits),
        colour("green"),
      ),
      ...large.map(({ name, bits }, i) => stream(name, bits, colour(COST_FILLS[i % COST_FILLS.length]!))),
      stream("fixed costs", small, colour("ink")),
    ]),
    stream("tagged: the server may know them", correctedBits - untagged, colour("grey")),
  ]);
  return {
    raw: stream("raw bits", raw, colour("blue"), [
      corrected,
      stream(
        "given up as a sample",
        sum(({ sampledBits }) => sampledBits),
        colour("amber"),
      ),
      stream(
        "taken away by pairing",
        sum(({ discardedByParity }) => discardedByParity),
        colour("grey"),
      ),
      stream("of pairs without a key", raw - sum(({ rawBits }) => rawBits), colour("muted")),
    ]),
    corrected,
  };
}
