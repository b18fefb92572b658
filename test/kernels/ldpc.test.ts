import { describe, expect, it } from "vitest";
import { bitAt, weight } from "../../src/bits.ts";
import { family } from "../../src/distillation/codes/catalogue.ts";
import { LdpcKernel } from "../../src/kernels/ldpc.ts";
import { baseMatrix } from "../../src/kernels/ldpc-matrix.ts";
import { type CheckRule, priorSteps } from "../../src/kernels/ldpc-rule.ts";
import { IntegerDecoder, liftedChecks, parities, randomErrors, randomMatrix, sumProduct } from "./ldpc-reference.ts";

const SOFT: CheckRule = { kind: "soft", delta: 0.28, largest: 36, offset: 0 };
const MINIMUM: CheckRule = { kind: "minimum", delta: 0.28, largest: 31, offset: 1 };

/** Column degrees 2, 3, 4, ... in turn. */
function mixedDegrees(columns: number, largest: number): number[] {
  return Array.from({ length: columns }, (_, i) => 2 + (i % (largest - 1)));
}

describe("syndromes", () => {
  for (const lifting of [16, 32, 96, 144, 416, 1024]) {
    it(`are the parities of the lifted matrix, lifting ${lifting}`, async () => {
      using kernel = await LdpcKernel.load();
      const matrix = randomMatrix(lifting, 9, mixedDegrees(23, 7));
      const bits = matrix.columns * lifting;
      const frame = randomErrors(bits, 0.5, lifting);
      kernel.use({ matrix, lifting, rule: SOFT }, false);
      expect(kernel.syndrome(frame)).toEqual(parities(liftedChecks(matrix, lifting), frame));
    });
  }

  it("are linear and blind to what was in memory before", async () => {
    using kernel = await LdpcKernel.load();
    const matrix = randomMatrix(3, 12, mixedDegrees(40, 9));
    kernel.use({ matrix, lifting: 64, rule: SOFT }, true);
    const a = randomErrors(40 * 64, 0.5, 1);
    const b = randomErrors(40 * 64, 0.1, 2);
    const sum = a.map((byte, i) => byte ^ b[i]!);
    const [sa, sb, ss] = [kernel.syndrome(a), kernel.syndrome(b), kernel.syndrome(sum)];
    expect(ss).toEqual(sa.map((byte, i) => byte ^ sb[i]!));
    expect(weight(kernel.syndrome(new Uint8Array(10)))).toBe(0);
  });

  it("of codes it cannot take are refused", async () => {
    using kernel = await LdpcKernel.load();
    const matrix = randomMatrix(3, 12, mixedDegrees(40, 9));
    expect(() => kernel.use({ matrix, lifting: 40, rule: SOFT }, false)).toThrow(/multiple of 16/);
    expect(() => kernel.use({ matrix, lifting: 0, rule: SOFT }, false)).toThrow(/lifting/);
    expect(() => kernel.use({ matrix, lifting: 32, rule: { ...SOFT, largest: 60 } }, true)).toThrow(/largest/);
    expect(() => kernel.syndrome(new Uint8Array(1))).toThrow(/no code/);
  });
});

describe("the decoder is its integer model, bit for bit", () => {
  const cases: [name: string, rows: number, degrees: number[], lifting: number, qber: number, rule: CheckRule][] = [
    ["soft rule, checks of degree about 8", 20, mixedDegrees(40, 6), 32, 0.13, SOFT],
    ["soft rule, checks of degree about 30", 8, mixedDegrees(64, 6), 96, 0.03, SOFT],
    ["soft rule, checks of degree about 120", 6, mixedDegrees(190, 6), 48, 0.006, SOFT],
    ["soft rule, checks of degree about 700", 5, mixedDegrees(1200, 4), 32, 0.001, { ...SOFT, delta: 0.25 }],
    ["minimum rule", 20, mixedDegrees(40, 6), 176, 0.13, MINIMUM],
  ];
  for (const [name, rows, degrees, lifting, qber, rule] of cases) {
    it(name, async () => {
      using kernel = await LdpcKernel.load();
      const matrix = randomMatrix(rows, rows, degrees);
      const bits = matrix.columns * lifting;
      const checks = liftedChecks(matrix, lifting);
      kernel.use({ matrix, lifting, rule }, true);
      const prior = priorSteps(qber, rule.delta);
      for (let frame = 0; frame < 2; frame++) {
        // One frame that may decode, one that cannot: its many conflicts reach every corner of the arithmetic.
        const errors = randomErrors(bits, frame === 0 ? qber / 2 : 4 * qber, 50 + frame);
        const syndrome = parities(checks, errors);
        const model = new IntegerDecoder(checks, syndrome, bits, prior, rule);
        kernel.start(syndrome, prior, bits);
        for (let iteration = 0; iteration < 12; iteration++) {
          const satisfied = model.iterate();
          expect(kernel.iterate(1)).toBe(satisfied ? 1 : -1);
          expect(kernel.errors()).toEqual(model.errors());
          // Magnitudes too, as far as they decide which half of the bits is less reliable.
          const doubtful = [...model.posteriors.keys()]
            .sort((a, b) => Math.abs(model.posteriors[a]!) - Math.abs(model.posteriors[b]!) || a - b)
            .slice(0, bits >> 1)
            .sort((a, b) => a - b);
          expect([...kernel.leastReliable(bits >> 1, [{ from: 0, bits }])]).toEqual(doubtful);
        }
      }
    });
  }
});

describe("decoding", () => {
  it("corrects what sum-product in double precision corrects", async () => {
    using kernel = await LdpcKernel.load();
    const code = family.find(({ id }) => id === "q4211")!;
    const matrix = await code.matrix();
    const checks = liftedChecks(matrix, 64);
    const bits = matrix.columns * 64;
    kernel.use({ matrix, lifting: 64, rule: code.rule }, true);
    const qber = 0.063;
    let reference = 0;
    let missed = 0;
    for (let frame = 0; frame < 12; frame++) {
      const errors = randomErrors(bits, qber, 900 + frame);
      const syndrome = parities(checks, errors);
      const expected = sumProduct(checks, syndrome, bits, qber, 60);
      if (expected === undefined) continue;
      reference++;
      expect(expected).toEqual(errors);
      kernel.start(syndrome, priorSteps(qber, code.rule.delta), bits);
      if (kernel.iterate(100) < 0) missed++;
      else expect(kernel.errors()).toEqual(errors);
    }
    expect(reference).toBeGreaterThanOrEqual(6);
    expect(missed).toBeLessThanOrEqual(1);
  });

  it("finds the most likely errors of a tiny code; every lane carries another frame", async () => {
    // A Hamming code of 15 bits lifted by 32 without shifts: 32 frames side by side.
    const columns = Array.from({ length: 15 }, (_, c) =>
      [0, 1, 2, 3].filter((row) => (((c + 1) >> row) & 1) === 1).map((row): [number, number] => [row, 0]),
    );
    const matrix = baseMatrix(4, columns);
    using kernel = await LdpcKernel.load();
    kernel.use({ matrix, lifting: 32, rule: SOFT }, true);
    const errors = new Uint8Array((15 * 32) / 8);
    const flip = (column: number, lane: number) => {
      errors[(column * 32 + lane) >> 3]! |= 1 << (lane & 7);
    };
    // Lane l has one error in column l mod 16; column 15 does not exist: that lane has none.
    for (let lane = 0; lane < 32; lane++) if (lane % 16 < 15) flip(lane % 16, lane);
    kernel.start(kernel.syndrome(errors), priorSteps(0.01, SOFT.delta), 15 * 32);
    kernel.iterate(50);
    // Exhaustive decoding: among all 2^15 words of a lane's syndrome the lightest is unique, of weight at most 1.
    const syndromeOf = (word: number) => {
      let s = 0;
      for (let c = 0; c < 15; c++) if (((word >> c) & 1) === 1) s ^= c + 1;
      return s;
    };
    const lightest: number[] = [];
    const ones = (word: number) => word.toString(2).replaceAll("0", "").length;
    for (let word = 0; word < 2 ** 15; word++) {
      const s = syndromeOf(word);
      if (lightest[s] === undefined || ones(word) < ones(lightest[s]!)) lightest[s] = word;
    }
    const decoded = kernel.errors();
    let satisfied = 0;
    for (let lane = 0; lane < 32; lane++) {
      let word = 0;
      let sent = 0;
      for (let c = 0; c < 15; c++) {
        word |= bitAt(decoded, c * 32 + lane) << c;
        sent |= bitAt(errors, c * 32 + lane) << c;
      }
      // Belief propagation need not settle on so dense a code; where it does, it must be right.
      if (syndromeOf(word) !== syndromeOf(sent)) continue;
      satisfied++;
      expect(word).toBe(lightest[syndromeOf(sent)]);
    }
    expect(satisfied).toBeGreaterThanOrEqual(16);
  });

  it("keeps a decoded frame decoded, however many iterations follow", async () => {
    using kernel = await LdpcKernel.load();
    for (const [id, qber] of [
      ["q0235", 0.0012],
      ["q0660", 0.005],
      ["q2198", 0.025],
      ["q5500", 0.09],
    ] as const) {
      const code = family.find((one) => one.id === id)!;
      const lifting = code.smallestLifting;
      const matrix = await code.matrix();
      const bits = matrix.columns * lifting;
      kernel.use({ matrix, lifting, rule: code.rule }, true);
      const errors = randomErrors(bits, qber / 2, 31);
      kernel.start(kernel.syndrome(errors), priorSteps(qber, code.rule.delta), bits);
      expect(kernel.iterate(100)).toBeGreaterThan(0);
      for (let more = 0; more < 150; more++) expect(kernel.iterate(1)).toBe(1);
      expect(kernel.errors()).toEqual(errors);
    }
  });

  it("holds known bits and shortened bits fast", async () => {
    using kernel = await LdpcKernel.load();
    const code = family.find(({ id }) => id === "q4211")!;
    const matrix = await code.matrix();
    const bits = matrix.columns * 64 - 777;
    kernel.use({ matrix, lifting: 64, rule: code.rule }, true);
    const errors = randomErrors(bits, 0.09, 5);
    const told = Array.from({ length: 1200 }, (_, i) => 6 * i);
    const known = new Map(told.map((position) => [position, bitAt(errors, position)]));
    kernel.start(kernel.syndrome(errors), priorSteps(0.09, code.rule.delta), bits, { known });
    expect(kernel.iterate(100)).toBeGreaterThan(0);
    expect(kernel.errors().subarray(0, errors.length)).toEqual(errors);
    // The same frame does not decode when the known bits are told wrongly.
    const wrong = new Map([...known].map(([position, error]) => [position, 1 - error]));
    kernel.start(kernel.syndrome(errors), priorSteps(0.09, code.rule.delta), bits, { known: wrong });
    const satisfied = kernel.iterate(60) > 0;
    expect(satisfied && told.every((position) => bitAt(kernel.errors(), position) === known.get(position))).toBe(false);
  });

  it("doubts the bits a third of whose checks are violated, unless too many checks are", async () => {
    using kernel = await LdpcKernel.load();
    const lifting = 48;
    const matrix = randomMatrix(8, 12, mixedDegrees(30, 9));
    const bits = matrix.columns * lifting - 100;
    kernel.use({ matrix, lifting, rule: SOFT }, true);
    const checks = liftedChecks(matrix, lifting);
    // Too many errors for any of them to be found, and then few enough for some to be left.
    for (const [qber, iterations] of [
      [0.3, 2],
      [0.1, 3],
      [0.01, 1],
    ] as const) {
      const errors = randomErrors(bits, qber, 77);
      const syndrome = kernel.syndrome(errors);
      kernel.start(syndrome, priorSteps(0.02, SOFT.delta), bits);
      kernel.iterate(iterations);
      const doubtful = kernel.doubtful(1e6);
      const left = parities(checks, kernel.errors());
      const all = new Float64Array(matrix.columns * lifting);
      const violated = new Float64Array(matrix.columns * lifting);
      checks.forEach((check, c) => {
        for (const bit of check) {
          all[bit]!++;
          if (bitAt(left, c) !== bitAt(syndrome, c)) violated[bit]!++;
        }
      });
      const expected = [...all.keys()].filter((bit) => violated[bit]! > 0 && violated[bit]! >= all[bit]! / 3);
      expect([...doubtful].sort((a, b) => a - b)).toEqual(expected);
      const odd = checks.filter((_, c) => bitAt(left, c) !== bitAt(syndrome, c)).length;
      expect(odd).toBeGreaterThan(0);
      expect(kernel.doubtful(odd - 1)).toEqual([]);
      expect(kernel.doubtful(odd).length).toBe(expected.length);
      // Asking changes nothing: decoding goes on as if nobody had.
      kernel.iterate(4);
      const asked = kernel.errors();
      kernel.start(syndrome, priorSteps(0.02, SOFT.delta), bits);
      kernel.iterate(iterations);
      kernel.iterate(4);
      expect(kernel.errors()).toEqual(asked);
    }
  });

  it("names the least reliable bits in order and never more than asked for", async () => {
    using kernel = await LdpcKernel.load();
    const code = family.find(({ id }) => id === "q4211")!;
    const bits = code.columns * 64;
    kernel.use({ matrix: await code.matrix(), lifting: 64, rule: code.rule }, true);
    kernel.start(kernel.syndrome(randomErrors(bits, 0.15, 5)), 8, bits);
    expect(kernel.iterate(10)).toBe(-10);
    const chosen = kernel.leastReliable(300, [{ from: 0, bits }]);
    expect(chosen.length).toBe(300);
    expect([...chosen].every((position, i) => i === 0 || position > chosen[i - 1]!)).toBe(true);
  });
});
