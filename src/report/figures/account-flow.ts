/**
 * Where raw bits go: from all Z-Z events to the secret key, as a flow whose widths are numbers of bits.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { NetworkResult, PairResult } from "../../network/index.ts";
import type { Figure } from "../figure.ts";
import { bitsText, percentText } from "../number-text.ts";
import { colour } from "../theme.ts";

/** Least height of a stream, as a share of all raw bits: thinner ones would not be seen. */
const LEAST_SHARE = 0.004;
/** Space between the streams of one stage, as a share of all raw bits. */
const GAP = 0.05;
/** Least distance of two labels, as a share of the chart's height. */
const LABEL_SHARE = 0.09;

/** A stream of bits that ends at a stage or flows on to the next. */
interface Stream {
  readonly name: string;
  readonly bits: number;
  readonly fill: string;
  /** Streams of the next stage that it divides into; none where it ends. */
  readonly parts: readonly Stream[];
}

/** Lines of the bill of bits by what they cost, summed over pairs. */
function bill(pairs: readonly PairResult[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { account } of pairs) {
    for (const { name, bits } of account?.bits ?? []) sums.set(name, (sums.get(name) ?? 0) + bits);
  }
  return sums;
}

const FILLS = ["amber", "vermilion", "purple", "sky"] as const;

/**
 * The tree of streams of a whole network.
 *
 * Bits of pairs without a key leave at the first stage; the bill of the others divides what went into error correction
 * into bits the server may know (tagged), the bill's costs, and the key.
 *
 * @param result - what became of the pairs
 */
export function accountStreams(result: NetworkResult): Stream {
  const keyed = result.pairs.filter(({ secretBits }) => secretBits > 0);
  const sum = (pick: (pair: PairResult) => number, of: readonly PairResult[] = keyed) =>
    of.reduce((total, pair) => total + pick(pair), 0);
  const raw = sum(({ rawBits }) => rawBits, result.pairs);
  const used = sum(({ rawBits }) => rawBits);
  const corrected = sum(({ pairedBits }) => pairedBits);
  const secret = sum(({ secretBits }) => secretBits);
  const lines = [...bill(keyed)];
  const untagged = Math.min(
    corrected,
    lines.reduce((total, [, bits]) => total + Math.max(0, bits), 0),
  );
  const costs = lines
    .filter(([, bits]) => bits < 0)
    .map(([name, bits]) => ({ name, bits: -bits }))
    .sort((a, b) => b.bits - a.bits);
  // Costs too small to be seen are one stream.
  const large = costs.filter(({ bits }) => bits >= LEAST_SHARE * raw);
  const small = costs.filter(({ bits }) => bits < LEAST_SHARE * raw);
  const leaf = (name: string, bits: number, fill: string): Stream => ({ name, bits, fill, parts: [] });
  const untaggedParts = [
    leaf("secret key", secret, colour("green")),
    ...large.map(({ name, bits }, i) => leaf(name, bits, colour(FILLS[i % FILLS.length]!))),
    ...(small.length === 0
      ? []
      : [
          leaf(
            "fixed costs",
            small.reduce((total, { bits }) => total + bits, 0),
            colour("ink"),
          ),
        ]),
  ];
  const present = (streams: readonly Stream[]) => streams.filter(({ bits }) => bits > 0);
  return {
    name: "raw bits",
    bits: raw,
    fill: colour("blue"),
    parts: present([
      {
        name: "into error correction",
        bits: corrected,
        fill: colour("blue"),
        parts: present([
          { name: "untagged", bits: untagged, fill: colour("blue"), parts: present(untaggedParts) },
          leaf("tagged: the server may know them", corrected - untagged, colour("grey")),
        ]),
      },
      leaf("sampled or discarded", used - corrected, colour("grey")),
      leaf("pairs without a key", raw - used, colour("muted")),
    ]),
  };
}

/** A node of the drawn flow: bits at a stage, from `y1` down to `y2` in shares of all raw bits. */
interface Node {
  readonly stage: number;
  readonly y1: number;
  readonly y2: number;
  readonly stream: Stream;
}

/** A ribbon between two stages. */
interface Ribbon {
  readonly id: number;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
  readonly title: string;
}

/** Places the streams: nodes stand below each other at each stage in the order of their sources. */
function layOut(root: Stream): { nodes: Node[]; ribbons: Ribbon[]; height: number } {
  const total = root.bits;
  const nodes: Node[] = [];
  const ribbons: Ribbon[] = [];
  let stage: Node[] = [{ stage: 0, y1: 0, y2: 1, stream: root }];
  let height = 1;
  for (let depth = 1; stage.length > 0; depth++) {
    nodes.push(...stage);
    const next: Node[] = [];
    let at = 0;
    for (const source of stage) {
      let from = source.y1;
      for (const part of source.stream.parts) {
        const size = Math.max(LEAST_SHARE, part.bits / total);
        const node = { stage: depth, y1: at, y2: at + size, stream: part };
        const end = Math.min(source.y2, from + part.bits / total);
        const common = { id: ribbons.length / 2, fill: part.fill, title: `${part.name}: ${bitsText(part.bits)}` };
        ribbons.push(
          { ...common, x: depth - 1, top: from, bottom: Math.max(end, from + LEAST_SHARE / 2) },
          { ...common, x: depth, top: node.y1, bottom: node.y2 },
        );
        next.push(node);
        from = end;
        at = node.y2 + GAP;
      }
    }
    height = Math.max(height, at - GAP);
    stage = next;
  }
  return { nodes, ribbons, height };
}

/** Heights of labels, moved apart within each stage. */
function labels(nodes: readonly Node[], height: number): (Node & { readonly y: number })[] {
  const least = LABEL_SHARE * height;
  const last = new Map<number, number>();
  return nodes.map((node) => {
    const y = Math.max((node.y1 + node.y2) / 2, (last.get(node.stage) ?? -1) + least);
    last.set(node.stage, y);
    return { ...node, y };
  });
}

/**
 * The key account of the whole network as a flow.
 *
 * @param result - what became of the pairs
 */
export function accountFigure(result: NetworkResult): Figure {
  const root = accountStreams(result);
  const { nodes, ribbons, height } = root.bits > 0 ? layOut(root) : { nodes: [], ribbons: [], height: 1 };
  const stages = 3;
  const words = labels(nodes, height);
  const bottom = words.reduce((most, { y }) => Math.max(most, y), height);
  const share = ({ bits }: Stream) =>
    `${bitsText(bits)}, ${percentText(bits / root.bits, bits < 0.01 * root.bits ? 2 : 1)}`;
  return {
    panels: [
      {
        name: "account",
        title: "From raw bits to the secret key",
        description:
          root.bits === 0
            ? "No pair has raw bits."
            : `Flow of ${bitsText(root.bits)} raw bits: ${nodes
                .filter(({ stream, stage }) => stage > 0 && stream.parts.length === 0)
                .map(({ stream }) => `${stream.name} ${share(stream)}`)
                .join("; ")}.`,
        options: (width, narrow) => ({
          width,
          height: narrow ? 420 : 440,
          marginLeft: 8,
          marginRight: narrow ? 118 : 250,
          marginTop: 34,
          marginBottom: 16,
          x: { axis: null, domain: [0, stages] },
          y: { axis: null, domain: [bottom, 0] },
          marks: [
            Plot.areaY(ribbons, {
              x: "x",
              y1: "top",
              y2: "bottom",
              z: "id",
              fill: "fill",
              fillOpacity: 0.45,
              curve: "bump-x",
              title: "title",
            }),
            Plot.rect(nodes, {
              x1: "stage",
              x2: "stage",
              y1: "y1",
              y2: "y2",
              insetLeft: -4,
              insetRight: -4,
              fill: ({ stream }: Node) => stream.fill,
              title: ({ stream }: Node) => `${stream.name}: ${share(stream)}`,
            }),
            Plot.text(
              words.filter(({ stream }) => !narrow || stream.parts.length === 0),
              {
                x: "stage",
                y: "y",
                text: ({ stream }: Node) => `${stream.name}\n${share(stream)}`,
                textAnchor: "start",
                dx: 9,
                lineWidth: narrow ? 9 : 17,
                lineHeight: 1.2,
                fill: colour("ink"),
                stroke: colour("paper"),
                strokeWidth: 4,
              },
            ),
            // On a telephone there is no room beside streams that flow on: their names stand along them.
            Plot.text(
              words.filter(({ stream }) => narrow && stream.parts.length > 0),
              {
                x: "stage",
                y: ({ y1, y2 }: Node) => (y1 + y2) / 2,
                text: ({ stream }: Node) => `${stream.name}, ${bitsText(stream.bits)}`,
                rotate: -90,
                dx: 13,
                fill: colour("ink"),
              },
            ),
            ...(root.bits > 0 ? [] : [Plot.text(["no raw bits"], { frameAnchor: "middle", fill: colour("ink") })]),
          ],
        }),
      },
    ],
    caption:
      "Widths are numbers of bits, summed over all pairs. Untagged bits came from single photons and are counted by a lower bound; of these, phase errors, everything that error correction disclosed, " +
      "and the fixed costs of verification, privacy amplification and authentication are taken away. The rest is the key.",
  };
}
