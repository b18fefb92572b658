/**
 * The key account as a flow whose widths are numbers of bits.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { NetworkResult } from "../../network/index.ts";
import type { Figure, Panel } from "../figure.ts";
import { bitsText, percentText } from "../number-text.ts";
import { colour } from "../theme.ts";
import { accountStreams, type Stream } from "./account-streams.ts";

/** Least height of a stream, as a share of all bits of its chart: thinner ones would not be seen. */
const LEAST_SHARE = 0.004;
/** Space between the streams of one stage, as a share of all bits. */
const GAP = 0.06;
/** Least distance of two labels, CSS pixels. */
const LABEL_HEIGHT = 34;
/** Below this share of the raw bits, what is corrected has a chart of its own. */
const MAGNIFIED_BELOW = 0.5;

/** A node of the drawn flow: bits at a stage, from `y1` down to `y2` in shares of all bits. */
interface Node {
  readonly stage: number;
  readonly y1: number;
  readonly y2: number;
  readonly stream: Stream;
}

/** One end of a ribbon between two stages. */
interface RibbonEnd {
  readonly ribbon: number;
  readonly stage: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
  readonly title: string;
}

interface Layout {
  readonly nodes: readonly Node[];
  readonly ribbons: readonly RibbonEnd[];
  readonly stages: number;
  readonly height: number;
}

/** Places the streams: nodes stand below each other at each stage, in the order of their sources. */
function layOut(root: Stream): Layout {
  const nodes: Node[] = [];
  const ribbons: RibbonEnd[] = [];
  let height = 1;
  let stage: Node[] = [{ stage: 0, y1: 0, y2: 1, stream: root }];
  while (stage.length > 0) {
    nodes.push(...stage);
    const next: Node[] = [];
    let at = 0;
    for (const source of stage) {
      let from = source.y1;
      for (const part of source.stream.parts) {
        const share = part.bits / root.bits;
        const node = { stage: source.stage + 1, y1: at, y2: at + Math.max(LEAST_SHARE, share), stream: part };
        const bottom = Math.max(from + share, from + LEAST_SHARE / 2);
        const common = { ribbon: ribbons.length >> 1, fill: part.fill, title: `${part.name}: ${bitsText(part.bits)}` };
        ribbons.push({ ...common, stage: source.stage, top: from, bottom });
        ribbons.push({ ...common, stage: node.stage, top: node.y1, bottom: node.y2 });
        next.push(node);
        from += share;
        at = node.y2 + GAP;
        height = Math.max(height, node.y2);
      }
    }
    stage = next;
  }
  return { nodes, ribbons, height, stages: nodes.at(-1)!.stage };
}

/** Heights of labels, moved apart within each stage. */
function labelled(nodes: readonly Node[], least: number): (Node & { readonly y: number })[] {
  const last = new Map<number, number>();
  return nodes.map((node) => {
    const y = Math.max((node.y1 + node.y2) / 2, (last.get(node.stage) ?? -1) + least);
    last.set(node.stage, y);
    return { ...node, y };
  });
}

function flowPanel(name: string, title: string, root: Stream, height: number): Panel {
  const { nodes, ribbons, stages, height: drawn } = layOut(root);
  const share = ({ bits }: Stream) =>
    `${bitsText(bits)}, ${percentText(bits / root.bits, bits < 0.01 * root.bits ? 2 : 1)}`;
  const ends = nodes.filter(({ stream, stage }) => stage > 0 && stream.parts.length === 0);
  const margins = { marginTop: 14, marginBottom: 22 };
  const words = labelled(nodes, (LABEL_HEIGHT * drawn) / (height - margins.marginTop - margins.marginBottom));
  const bottom = words.reduce((most, { y }) => Math.max(most, y), drawn);
  return {
    name,
    title,
    description: `Of ${bitsText(root.bits)} ${root.name}: ${ends.map(({ stream }) => `${stream.name} ${share(stream)}`).join("; ")}.`,
    options: (width, narrow) => ({
      width,
      height,
      ...margins,
      marginLeft: 8,
      marginRight: narrow ? 118 : 230,
      x: { axis: null, domain: [0, stages] },
      y: { axis: null, domain: [bottom, 0] },
      marks: [
        Plot.areaY(ribbons, {
          x: "stage",
          y1: "top",
          y2: "bottom",
          z: "ribbon",
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
      ],
    }),
  };
}

/**
 * The key account of the whole network as a flow; nothing where there are no raw bits.
 *
 * @param result - what became of the pairs
 */
export function accountFigure(result: NetworkResult): Figure | undefined {
  const { raw, corrected } = accountStreams(result);
  if (raw.bits === 0) return undefined;
  const magnified = corrected.bits > 0 && corrected.bits < MAGNIFIED_BELOW * raw.bits;
  const whole = magnified
    ? { ...raw, parts: raw.parts.map((part) => (part === corrected ? { ...part, parts: [] } : part)) }
    : raw;
  return {
    panels: [
      flowPanel("account", "From raw bits to the secret key", whole, magnified ? 200 : 420),
      ...(magnified
        ? [flowPanel("account-detail", "From error correction to the secret key, enlarged", corrected, 420)]
        : []),
    ],
    caption:
      "Widths are numbers of bits, summed over all pairs" +
      (magnified ? "; below, what went into error correction is enlarged" : "") +
      ". Untagged bits came from single photons and are counted by a lower bound; of these, phase errors, everything that error correction disclosed, " +
      "and the fixed costs of verification, privacy amplification and authentication are taken away. The rest is the key.",
  };
}
