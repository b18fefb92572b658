import { describe, expect, it } from "vitest";
import { hammingDistance } from "../../src/bits.ts";
import { allCodes, family } from "../../src/distillation/codes/catalogue.ts";
import { binaryEntropy } from "../../src/distillation/codes/construct/degree-search.ts";
import { Puncturing, punctureWeights } from "../../src/distillation/codes/puncturing.ts";
import { allTries, decodeFrame, finish } from "../../src/distillation/frame-decoding.ts";
import {
  plannedDisclosure,
  planReconciliation,
  reconciliationTable,
  SyndromeDecoder,
  SyndromeSource,
  TABLE_QBERS,
} from "../../src/distillation/index.ts";
import { LdpcKernel } from "../../src/kernels/ldpc.ts";
import { priorSteps } from "../../src/kernels/ldpc-rule.ts";
import { collisionBound, polynomialTag } from "../../src/kernels/universal-hash.ts";
import { PhiloxStream, PURPOSE, philoxKey } from "../../src/random.ts";
import { noisyKeys } from "./bsc.ts";

interface Run {
  readonly id: string;
  readonly lifting: number;
  readonly bits: number;
  readonly qber: number;
  readonly frames: number;
  readonly punctured?: number;
  readonly maxIterations?: number;
}

/** Adds up frames of one code at one error rate: failures, and satisfied syndromes of wrong words. */
async function decodeMany({ id, lifting, bits, qber, frames, punctured = 0, maxIterations = 150 }: Run, seed: string) {
  const code = allCodes.find((one) => one.id === id)!;
  const matrix = await code.matrix(Math.ceil(bits / lifting));
  const puncturing = new Puncturing(matrix, lifting, punctured, punctureWeights(code.rows, code.columns));
  using kernel = await LdpcKernel.load();
  kernel.use({ matrix: puncturing.matrix, lifting, rule: code.rule }, true);
  const stream = new PhiloxStream(philoxKey(`${seed} ${id} ${qber}`), PURPOSE.reconciliation, 0);
  const logarithm = Math.log1p(-qber);
  const prior = priorSteps(qber, code.rule.delta);
  let failed = 0;
  let undetected = 0;
  for (let frame = 0; frame < frames; frame++) {
    const errors = new Uint8Array(Math.ceil(bits / 8));
    for (let i = -1; ; ) {
      i += 1 + Math.floor(Math.log(1 - stream.uniform()) / logarithm);
      if (i >= bits) break;
      errors[i >> 3]! |= 1 << (i & 7);
    }
    const syndrome = kernel.syndrome(errors);
    puncturing.fill(syndrome);
    const problem = { syndrome, bits, prior, punctured: puncturing };
    const { decoded } = finish(decodeFrame(kernel, problem, allTries(maxIterations), maxIterations));
    if (!decoded) failed++;
    else {
      const found = kernel.errors();
      if (!errors.every((byte, i) => byte === found[i])) undetected++;
    }
  }
  return { failed, undetected };
}

describe("the error floor at f = 1.25 in frames of 64 k", () => {
  for (const [id, qber] of [
    ["q1691", 0.02],
    ["q3556", 0.05],
  ] as const) {
    it(`has at most 3 failures in 1e5 frames at ${100 * qber} %`, async () => {
      const code = family.find((one) => one.id === id)!;
      const lifting = 32 * Math.round(65_536 / code.columns / 32);
      const bits = Math.floor((code.rows * lifting) / (1.25 * binaryEntropy(qber)));
      expect(bits).toBeGreaterThan(55_000);
      expect(bits).toBeLessThan(70_000);
      expect(bits).toBeLessThanOrEqual(code.columns * lifting);
      const { failed, undetected } = await decodeMany({ id, lifting, bits, qber, frames: 100_000 }, "floor");
      expect(failed + undetected).toBeLessThanOrEqual(3);
      // Control: with 1.3 times as many errors f is near 1, nothing decodes, and the count says so.
      const control = await decodeMany({ id, lifting, bits, qber: 1.3 * qber, frames: 20 }, "floor");
      expect(control.failed).toBeGreaterThan(15);
    });
  }
});

describe("the fast code at 8 %", () => {
  it("fails less than once in a thousand frames at f = 1.24", async () => {
    const bits = 32_768;
    const plan = planReconciliation(bits, 0.08, { prefer: "speed" });
    expect(plannedDisclosure(plan) / (bits * binaryEntropy(0.08))).toBeLessThanOrEqual(1.24);
    const { code: id, lifting, punctured } = plan.parts[0]!;
    const run = { id, lifting, bits, punctured, qber: 0.08, frames: 20_000 };
    const { failed, undetected } = await decodeMany(run, "fast");
    // Of 20 at a rate of 1e-3, less than 10 come with a probability of 0.005.
    expect(failed + undetected).toBeLessThan(10);
  });
});

describe("wrong words that satisfy their syndrome", () => {
  for (const code of family.filter(({ rows, columns }) => rows / columns > 0.07)) {
    it(`do not occur in ${code.id}, near its limit and far from it`, async () => {
      const lifting = 32 * Math.ceil(16_384 / code.columns / 32);
      const bits = code.columns * lifting;
      for (const efficiency of [1.2, 1.35]) {
        let qber = 0.49;
        while (code.rows / code.columns / binaryEntropy(qber) < efficiency) qber *= 0.995;
        const run = { id: code.id, lifting, bits, qber, frames: 2500, maxIterations: 60 };
        expect((await decodeMany(run, "wrong words")).undetected).toBe(0);
      }
    });
  }

  it("are found by a tag as often as the tag's length says: 8 bits miss one in 256", async () => {
    const bits = 8192;
    const { alice, bob } = noisyKeys(bits, 0.02, 1);
    const stream = new PhiloxStream([9, 9], PURPOSE.verification, 0);
    // How many keys give both messages the same tag, in the bits of the mask.
    const misses = (mask: number, keys: number) => {
      let missed = 0;
      for (let i = 0; i < keys; i++) {
        const key = stream.fill(new Uint8Array(16));
        const difference = polynomialTag(key, alice, 8)[0]! ^ polynomialTag(key, bob, 8)[0]!;
        if ((difference & mask) === 0) missed++;
      }
      return missed;
    };
    // Binomial with n = 20000, p = 1/256: mean 78.1, standard deviation 8.82. Two-sided 4 sigma: false alarm 6e-5.
    const eight = misses(0xff, 20_000);
    expect(Math.abs(eight - 20_000 / 256)).toBeLessThan(4 * 8.82);
    expect(eight / 20_000).toBeLessThanOrEqual(Math.ceil(bits / 8) * 2 ** -8);
    expect(collisionBound(bits, 64)).toBeLessThan(1e-16);
    // Control: the same bounds refuse a tag of 7 bits.
    expect(Math.abs(misses(0x7f, 20_000) - 20_000 / 256)).toBeGreaterThan(4 * 8.82);
  });
});

describe("efficiency of one message in frames of 1 Mbit", () => {
  // The most that may be disclosed over n h(q), failed frames included.
  const bar = (qber: number) => (qber < 0.003 ? 1.5 : qber < 0.01 ? 1.3 : qber < 0.02 ? 1.17 : 1.1);
  for (const qber of TABLE_QBERS.filter((one) => one >= 0.0003 && one <= 0.11)) {
    it(`is below ${bar(qber)} at ${100 * qber} %`, async () => {
      const [row] = await reconciliationTable({ qbers: [qber], frames: 300, seed: "validation" });
      expect(row!.efficiency).toBeLessThanOrEqual(bar(qber));
      expect(row!.frameErrorRate).toBeLessThanOrEqual(0.01);
      expect(row!.undetected).toBe(0);
    });
  }
});

describe("frames that fail", () => {
  it("decode with help, and what they cost is counted, at any wrong estimate", async () => {
    for (const factor of [0.4, 0.7, 0.9, 1.1, 1.3, 2]) {
      const { alice, bob } = noisyKeys(400_000, 0.04, Math.round(100 * factor));
      const plan = planReconciliation(400_000, 0.04 * factor);
      using source = await SyndromeSource.create(plan, alice);
      using decoder = await SyndromeDecoder.create(plan, bob);
      let message = source.first();
      expect(message.disclosedBits).toBe(plannedDisclosure(plan));
      for (;;) {
        const request = await decoder.receive(message);
        if (request === null) break;
        message = source.more(request);
      }
      expect(hammingDistance(decoder.corrected(), alice)).toBe(0);
      expect(source.disclosedBits).toBeGreaterThan(400_000 * binaryEntropy(0.04));
      expect(source.disclosedBits).toBeLessThan(400_000);
    }
  });
});
