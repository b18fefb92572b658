/**
 * Decoding of syndromes, copies in and out included, one core. Each sample decodes another frame of simulated errors.
 *
 * For comparison, on a core of an EPYC of the same kind: aff3ct 3.0.1 with AVX-512, code of 16384 bits and rate 1/2, offset
 * min-sum 60-92 Mbit/s at 5 % (f 1.75) and 24-29 at 8 % (f 1.24); code of 24576 bits at 5 % (f 1.16), min* 3.5 Mbit/s
 * with a frame error rate of 0.05. LDPC4QKD: 1.5, 0.7 and 0.3 Mbit/s.
 */
import { allCodes, family, fastFamily } from "../src/distillation/codes/catalogue.ts";
import { binaryEntropy } from "../src/distillation/codes/construct/degree-search.ts";
import type { Puncturing } from "../src/distillation/codes/puncturing.ts";
import { allTries, decodeFrame, finish } from "../src/distillation/frame-decoding.ts";
import { plannedDisclosure, planReconciliation } from "../src/distillation/reconciliation.ts";
import { frameLayout } from "../src/distillation/reconciliation-message.ts";
import { LdpcKernel, type LiftedCode } from "../src/kernels/ldpc.ts";
import { priorSteps } from "../src/kernels/ldpc-rule.ts";
import { PhiloxStream, PURPOSE } from "../src/random.ts";
import { IntegerDecoder, liftedChecks } from "../test/kernels/ldpc-reference.ts";
import { type BenchCase, type BenchRow, benchmark } from "./harness.ts";

const RATE = ["Mbit/s", 1e6] as const;
const FRAMES = 16;

/** Packed errors and their syndromes, many frames. */
function simulated(
  kernel: LdpcKernel,
  bits: number,
  qber: number,
  puncturing: Puncturing | undefined,
): { errors: Uint8Array; syndrome: Uint8Array }[] {
  const stream = new PhiloxStream([bits, Math.round(1e6 * qber)], PURPOSE.reconciliation, 0);
  const threshold = Math.round(qber * 2 ** 32);
  return Array.from({ length: FRAMES }, () => {
    const errors = new Uint8Array(Math.ceil(bits / 8));
    for (let i = 0; i < bits; i++) if (stream.word() < threshold) errors[i >>> 3]! |= 1 << (i & 7);
    const syndrome = kernel.syndrome(errors);
    puncturing?.fill(syndrome);
    return { errors, syndrome };
  });
}

interface Decoding {
  readonly name: string;
  readonly code: LiftedCode;
  readonly puncturing?: Puncturing;
  readonly bits: number;
  readonly qber: number;
  /** Iterations at most. */
  readonly iterations: number;
  readonly goal?: number;
  /** Most frames out of {@link FRAMES} that may fail; undefined where none can decode. */
  readonly failures?: number;
}

async function decodingCase(decoding: Decoding): Promise<BenchCase> {
  const { name, code, puncturing, bits, qber, iterations, goal, failures } = decoding;
  const kernel = await LdpcKernel.load();
  kernel.use(code, true);
  const frames = simulated(kernel, bits, qber, puncturing);
  const prior = priorSteps(Math.min(qber, 0.15), code.rule.delta);
  let next = 0;
  const decode = () => {
    const { syndrome } = frames[next++ % FRAMES]!;
    const known = { ...(puncturing && { punctured: puncturing }) };
    if (failures === undefined) {
      // A fixed number of iterations on a frame that cannot decode: no second try.
      kernel.start(syndrome, prior, bits, known);
      return { decoded: kernel.iterate(iterations) > 0, errors: kernel.errors() };
    }
    const { decoded } = finish(
      decodeFrame(kernel, { syndrome, bits, prior, ...known }, allTries(iterations), iterations),
    );
    return { decoded, errors: kernel.errors() };
  };
  return {
    name,
    run: () => void decode(),
    units: bits,
    rate: RATE,
    ...(goal === undefined ? {} : { goal }),
    minSamples: 2 * FRAMES,
    check: () => {
      if (failures === undefined) return;
      next = 0;
      let failed = 0;
      for (const { errors } of frames) {
        const result = decode();
        if (!result.decoded) failed++;
        else if (!errors.every((byte, i) => byte === result.errors[i])) throw new Error(`${name}: wrong errors`);
      }
      if (failed > failures) throw new Error(`${name}: ${failed} of ${FRAMES} frames failed`);
    },
  };
}

/** A frame as the planner would have it. */
async function planned(
  bits: number,
  qber: number,
  goal?: number,
  prefer: "efficiency" | "speed" = "efficiency",
): Promise<BenchCase> {
  const plan = planReconciliation(bits, qber, { prefer });
  const [frame] = await frameLayout(plan, allCodes);
  const efficiency = plannedDisclosure(plan) / (bits * binaryEntropy(qber));
  return decodingCase({
    name: `n ${bits}, ${100 * qber} %, f ${efficiency.toFixed(3)}, ${prefer === "speed" ? "minimum" : "soft"}, early stop`,
    ...frame!.coding!,
    bits,
    qber,
    iterations: 150,
    failures: 2,
    ...(goal === undefined ? {} : { goal }),
  });
}

/** The same decoder, one whole number at a time. */
function reference({ matrix, rule }: LiftedCode): BenchCase {
  const lifting = 64;
  const checks = liftedChecks(matrix, lifting);
  const bits = matrix.columns * lifting;
  const syndrome = new Uint8Array(checks.length / 8).fill(0x5a);
  return {
    name: `n ${bits}, 20 iterations, plain TypeScript`,
    run: () => {
      const decoder = new IntegerDecoder(checks, syndrome, bits, 8, rule);
      for (let i = 0; i < 20; i++) decoder.iterate();
    },
    units: bits,
    rate: RATE,
    minSamples: 3,
  };
}

/** Runs the suite. */
export async function run(): Promise<BenchRow[]> {
  const code = fastFamily.find(({ id }) => id === "f5000")!;
  const half = { matrix: await code.matrix(), lifting: 1024, rule: code.rule };
  const soft = family.find(({ id }) => id === "q5031")!;
  const softHalf = { matrix: await soft.matrix(), lifting: 256, rule: soft.rule };
  const hard = { qber: 0.25, iterations: 20 };
  const rows = await benchmark("ldpc: 20 iterations, rate 1/2", [
    reference(half),
    await decodingCase({ name: "n 32768, minimum rule", code: half, bits: 32_768, ...hard, goal: 120 }),
    await decodingCase({
      name: "n 32512, soft rule",
      code: softHalf,
      bits: soft.columns * 256,
      ...hard,
    }),
  ]);
  const stopping = { iterations: 100, failures: 0 };
  rows.push(
    ...(await benchmark("ldpc: until every check is satisfied", [
      await decodingCase({ name: "n 32768, 5 %, f 1.75, minimum", code: half, bits: 32_768, qber: 0.05, ...stopping }),
      await planned(32_768, 0.08, 150, "speed"),
      await planned(65_536, 0.05, 15),
    ])),
  );
  const planning: BenchCase[] = [];
  for (const [qber, goal] of [
    [0.0002, 25],
    [0.0005, 25],
    [0.001, 10],
    [0.003, 10],
    [0.01, 10],
    [0.02, 10],
    [0.03, 10],
    [0.05, 10],
    [0.08, 10],
    [0.11, 10],
  ] as const) {
    planning.push(await planned(2 ** 20, qber, goal));
  }
  rows.push(...(await benchmark("ldpc: frames of 1 Mbit at the planned disclosure", planning)));
  return rows;
}
