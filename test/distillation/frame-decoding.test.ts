import { describe, expect, it } from "vitest";
import { family } from "../../src/distillation/codes/catalogue.ts";
import { allTries, decodeFrame, finish } from "../../src/distillation/frame-decoding.ts";
import { LdpcKernel } from "../../src/kernels/ldpc.ts";
import { baseMatrix } from "../../src/kernels/ldpc-matrix.ts";
import { priorSteps } from "../../src/kernels/ldpc-rule.ts";
import { randomErrors, randomMatrix } from "../kernels/ldpc-reference.ts";

const RULE = { kind: "soft", delta: 0.28, largest: 36, offset: 0 } as const;

describe("decoding a frame", () => {
  it("stops at the first try that succeeds, and lets others have a turn as often as told", async () => {
    using kernel = await LdpcKernel.load();
    const code = family.find(({ id }) => id === "q4211")!;
    const matrix = await code.matrix();
    const bits = matrix.columns * 64;
    kernel.use({ matrix, lifting: 64, rule: code.rule }, true);
    const errors = randomErrors(bits, 0.05, 3);
    const frame = { syndrome: kernel.syndrome(errors), bits, prior: priorSteps(0.05, code.rule.delta) };
    const whole = finish(decodeFrame(kernel, frame, allTries(100), 100));
    expect(whole.decoded).toBe(true);
    expect(kernel.errors()).toEqual(errors);
    let turns = 0;
    const decoding = decodeFrame(kernel, frame, allTries(100), 3);
    let step = decoding.next();
    for (; step.done !== true; step = decoding.next()) turns++;
    expect(step.value).toEqual(whole);
    expect(turns).toBe(Math.ceil(whole.iterations / 3) - 1);
  });

  it("makes every try on a frame that cannot decode", async () => {
    using kernel = await LdpcKernel.load();
    const code = family.find(({ id }) => id === "q4211")!;
    const matrix = await code.matrix();
    const bits = matrix.columns * 64;
    kernel.use({ matrix, lifting: 64, rule: code.rule }, true);
    const syndrome = kernel.syndrome(randomErrors(bits, 0.15, 3));
    const result = finish(decodeFrame(kernel, { syndrome, bits, prior: 8 }, allTries(20), 20));
    expect(result).toEqual({ decoded: false, iterations: 40 });
  });

  it("tries a weaker prior, after each try what is in doubt, and its opposite, always with all that is known", () => {
    const started: unknown[] = [];
    const iterated: number[] = [];
    const doubts = [[7, 8], [7], [9], [9]];
    const kernel = {
      start: (...all: unknown[]) => void started.push(all),
      iterate: (count: number) => {
        iterated.push(count);
        return -count;
      },
      doubtful: () => doubts.shift()!,
      errors: () => Uint8Array.of(0x80, 0, 0),
    } as unknown as LdpcKernel;
    const frame = {
      syndrome: new Uint8Array(64),
      bits: 1000,
      prior: 11,
      known: new Map([[3, 1]]),
      punctured: { from: 1024, bits: 8 },
    };
    const { known, punctured } = frame;
    expect(finish(decodeFrame(kernel, frame, allTries(80), 80))).toEqual({ decoded: false, iterations: 440 });
    expect(started).toEqual([
      [frame.syndrome, 11, 1000, { known, punctured, doubted: [] }],
      [frame.syndrome, 11, 1000, { known, punctured, doubted: [7, 8] }],
      [frame.syndrome, 9, 1000, { known, punctured, doubted: [] }],
      [frame.syndrome, 9, 1000, { known, punctured, doubted: [9] }],
      // Bit 7 was taken for an error, bit 8 was not; bit 3 is known.
      [frame.syndrome, 11, 1000, { known: new Map([...known, [7, 0]]), punctured }],
      [frame.syndrome, 11, 1000, { known: new Map([...known, [8, 1]]), punctured }],
    ]);
    expect(iterated).toEqual([80, 80, 80, 80, 60, 60]);
  });

  it("frees frames that a handful of bits hold", async () => {
    using kernel = await LdpcKernel.load();
    // Five columns whose bits, all in error, violate one check: four in a row, and one that closes the cycle.
    const trap: [number, number][][] = [0, 1, 2, 3].map((row) => [
      [row, 0],
      [row + 1, 0],
    ]);
    trap.push([
      [0, 0],
      [4, 0],
      [5, 0],
    ]);
    const others = randomMatrix(8, 20, new Array(75).fill(5));
    const rest = [...new Array(75).keys()].map((column) =>
      [...new Array(5).keys()].map((i): [number, number] => [
        others.entryRows[others.starts[column]! + i]!,
        others.entryShifts[others.starts[column]! + i]!,
      ]),
    );
    const lifting = 64;
    const bits = 80 * lifting;
    const qber = 0.015;
    const prior = priorSteps(qber, RULE.delta);
    kernel.use({ matrix: baseMatrix(20, [...trap, ...rest]), lifting, rule: RULE }, true);
    let held = 0;
    let freed = 0;
    for (let frame = 0; frame < lifting; frame++) {
      const errors = randomErrors(bits, qber, 5000 + frame);
      // All but one of the five: the decoder finds it likelier that only the one is an error.
      for (const column of [0, 1, 3, 4]) errors[(column * lifting + frame) >> 3]! |= 1 << (frame & 7);
      const syndrome = kernel.syndrome(errors);
      kernel.start(syndrome, prior, bits);
      if (kernel.iterate(60) > 0) continue;
      held++;
      const tries = allTries(60).slice(0, 1);
      const { decoded } = finish(decodeFrame(kernel, { syndrome, bits, prior }, tries, 60));
      if (decoded && kernel.errors().every((byte, i) => byte === errors[i])) freed++;
    }
    expect(held).toBeGreaterThan(50);
    expect(freed / held).toBeGreaterThan(0.9);
  });
});
