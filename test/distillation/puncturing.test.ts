import { describe, expect, it } from "vitest";
import { bitAt, hammingDistance } from "../../src/bits.ts";
import { allCodes, family } from "../../src/distillation/codes/catalogue.ts";
import { mostPunctured, Puncturing, punctureWeights } from "../../src/distillation/codes/puncturing.ts";
import {
  checkPlan,
  INTERACTIONS,
  type Interaction,
  plannedDisclosure,
  planReconciliation,
  reconciliationTable,
  SyndromeDecoder,
  SyndromeSource,
} from "../../src/distillation/index.ts";
import { LdpcKernel } from "../../src/kernels/ldpc.ts";
import { binaryEntropy } from "../../src/protocol/special.ts";
import { PhiloxStream, PURPOSE } from "../../src/random.ts";
import { noisyKeys } from "./bsc.ts";

const LIFTING = 32;

/** A code with so many bits punctured. */
async function punctured(id: string, bits: number): Promise<Puncturing> {
  const code = allCodes.find((one) => one.id === id)!;
  return new Puncturing(await code.matrix(), LIFTING, bits, punctureWeights(code.rows, code.columns));
}

/** The checks of each punctured bit as a bit set, straight from the definition of a lifted matrix. */
function columnsOf({ matrix, from, bits }: Puncturing): bigint[] {
  return Array.from({ length: bits }, (_, i) => {
    const column = Math.floor((from + i) / LIFTING);
    const bit = (from + i) % LIFTING;
    let checks = 0n;
    for (let entry = matrix.starts[column]!; entry < matrix.starts[column + 1]!; entry++) {
      const row = (bit + LIFTING - (matrix.entryShifts[entry]! % LIFTING)) % LIFTING;
      checks ^= 1n << BigInt(matrix.entryRows[entry]! * LIFTING + row);
    }
    return checks;
  });
}

/** Rank over GF(2). */
function rank(vectors: readonly bigint[]): number {
  const byLowest = new Map<bigint, bigint>();
  for (const vector of vectors) {
    let rest = vector;
    while (rest !== 0n) {
      const lowest = rest & -rest;
      const known = byLowest.get(lowest);
      if (known === undefined) {
        byLowest.set(lowest, rest);
        break;
      }
      rest ^= known;
    }
  }
  return byLowest.size;
}

/** Reconciles; everything said and what came of it. */
async function conversation(bits: number, qber: number, estimate: number, interaction: Interaction, index: number) {
  const { alice, bob, errors } = noisyKeys(bits, qber, index);
  const plan = planReconciliation(bits, estimate, { interaction });
  using source = await SyndromeSource.create(plan, alice);
  using decoder = await SyndromeDecoder.create(plan, bob);
  const messages = [source.first()];
  for (;;) {
    const request = await decoder.receive(messages.at(-1)!);
    if (request === null) break;
    messages.push(source.more(request));
  }
  expect(hammingDistance(decoder.corrected(), alice)).toBe(0);
  const disclosed = messages.reduce((sum, message) => sum + message.disclosedBits, 0);
  expect(disclosed).toBe(source.disclosedBits);
  expect(disclosed).toBe(decoder.statistics.disclosedBits);
  return { plan, messages, disclosed, efficiency: disclosed / (bits * binaryEntropy(errors / bits)) };
}

describe("punctured bits", () => {
  // Without this, fewer independent parities would stay untold than the leak is lowered by.
  for (const { id, rows, columns } of allCodes) {
    it(`are independent in ${id}, however many`, async () => {
      const most = mostPunctured(rows, columns) * LIFTING;
      const all = columnsOf(await punctured(id, most));
      expect(rank(all)).toBe(most);
      // Control: a bit twice is one too many.
      expect(rank([...all, all[most >> 1]!])).toBe(most);
    });
  }

  it("make their pivots even, and say the same of a key to both sides", async () => {
    using kernel = await LdpcKernel.load();
    const stream = new PhiloxStream([3, 1], PURPOSE.reconciliation, 0);
    for (const id of ["q0053", "q0300", "q1214", "q5031", "f5000"]) {
      const { rows, columns, rule } = allCodes.find((one) => one.id === id)!;
      for (const bits of [0, 8, LIFTING, LIFTING + 24, mostPunctured(rows, columns) * LIFTING]) {
        const puncturing = await punctured(id, bits);
        kernel.use({ matrix: puncturing.matrix, lifting: LIFTING, rule }, false);
        const word = stream.fill(new Uint8Array(puncturing.matrix.columns * (LIFTING / 8)));
        word.fill(0, puncturing.from / 8);
        const syndrome = kernel.syndrome(word);
        const values = puncturing.fill(syndrome);
        word.set(values, puncturing.from / 8);
        // The kernel knows nothing of puncturing: it sees a longer word.
        expect(kernel.syndrome(word)).toEqual(syndrome);
        const told = puncturing.tell(syndrome);
        expect(8 * told.length).toBe(rows * LIFTING - bits);
        expect(8 * told.length).toBe(puncturing.told);
        expect(puncturing.hear(told)).toEqual(syndrome);
      }
    }
  });

  it("count as many layers in a parity as it is the sum of", async () => {
    using kernel = await LdpcKernel.load();
    for (const id of ["q0235", "q2996"]) {
      const { rows, columns, rule } = allCodes.find((one) => one.id === id)!;
      const bits = mostPunctured(rows, columns) * LIFTING;
      const puncturing = await punctured(id, bits);
      kernel.use({ matrix: puncturing.matrix, lifting: LIFTING, rule }, false);
      // With errors this rare, each parity is odd once for each error that any of its layers holds.
      const degree = puncturing.matrix.starts[columns]! / rows;
      const qber = 0.02 / degree;
      const stream = new PhiloxStream([3, 2], PURPOSE.reconciliation, 0);
      let odd = 0;
      let expected = 0;
      for (let frame = 0; frame < 200; frame++) {
        const word = new Uint8Array((columns * LIFTING) / 8);
        for (let i = 0; i < columns * LIFTING; i++) if (stream.uniform() < qber) word[i >> 3]! |= 1 << (i & 7);
        const syndrome = kernel.syndrome(word);
        puncturing.fill(syndrome);
        for (const parities of puncturing.parities(syndrome)) {
          odd += parities.odd;
          expected += (parities.checks * (1 - (1 - 2 * qber) ** (degree * parities.layers))) / 2;
        }
      }
      // An error shows in some ten parities at once: the count scatters by about sqrt(10) times the root.
      expect(Math.abs(odd - expected)).toBeLessThan(5 * Math.sqrt(10 * expected));
    }
  });
});

describe("blind reconciliation", () => {
  for (const interaction of ["blind", "symmetric-blind"] as const) {
    it(`discloses less than one message, ${interaction}`, async () => {
      for (const [qber, frameBits] of [
        [0.05, 65_536],
        [0.005, 65_536],
      ] as const) {
        const measure = async (kind: Interaction) => {
          const options = { qbers: [qber], frameBits, frames: 6, seed: "blind", plan: { interaction: kind } };
          return (await reconciliationTable(options))[0]!;
        };
        const oneWay = await measure("one-way");
        const blind = await measure(interaction);
        expect(blind.undetected).toBe(0);
        expect(blind.messages).toBeGreaterThan(1);
        expect(blind.plannedEfficiency).toBeLessThan(oneWay.plannedEfficiency);
        expect(blind.efficiency).toBeLessThan(0.98 * oneWay.efficiency);
        expect(blind.efficiency).toBeGreaterThan(1);
      }
    });

    it(`finds any key with a wrong estimate, and counts every bit, ${interaction}`, async () => {
      for (const [bits, qber, factor] of [
        [40_000, 0.04, 0.7],
        [40_000, 0.04, 1.3],
        [100_003, 0.002, 0.7],
        [70_001, 0.01, 1.3],
        [20_001, 0.08, 0.5],
        [9000, 0.03, 1],
        [777, 0.03, 1],
        [0, 0.03, 1],
      ] as const) {
        const { messages, disclosed, plan, efficiency } = await conversation(
          bits,
          qber,
          factor * qber,
          interaction,
          Math.round(bits * factor),
        );
        expect(messages[0]!.disclosedBits).toBe(plannedDisclosure(plan));
        expect(disclosed).toBeLessThanOrEqual(bits);
        if (bits > 1000) expect(efficiency).toBeGreaterThan(1);
      }
    });
  }

  it("says as many bits as it counts", async () => {
    const { messages } = await conversation(65_536, 0.05, 0.05, "blind", 1);
    for (const { syndromes, revealed, disclosedBits } of messages) {
      const said = 8 * (syndromes.length + revealed.length);
      expect(said - disclosedBits).toBeGreaterThanOrEqual(0);
      expect(said - disclosedBits).toBeLessThan(8);
    }
    expect(messages.length).toBeGreaterThan(1);
  });

  it("asks blindly only for punctured bits, from the last one on", async () => {
    const { alice, bob } = noisyKeys(65_536, 0.05, 8);
    const plan = planReconciliation(65_536, 0.05, { interaction: "blind" });
    const { lifting, punctured: count } = plan.parts[0]!;
    using source = await SyndromeSource.create(plan, alice);
    using decoder = await SyndromeDecoder.create(plan, bob);
    const request = (await decoder.receive(source.first()))!;
    const positions = new Uint32Array(request.frames[0]!.positions.slice().buffer);
    const from = Math.ceil(65_536 / lifting) * lifting;
    expect(positions[0]).toBeGreaterThanOrEqual(from);
    expect(positions.at(-1)).toBe(from + count - 1);
    // What she answers is what the punctured bits of her key are, found here from her syndrome alone.
    const code = family.find(({ id }) => id === plan.parts[0]!.code)!;
    const matrix = await code.matrix(from / lifting);
    const puncturing = new Puncturing(matrix, lifting, count, punctureWeights(code.rows, code.columns));
    using kernel = await LdpcKernel.load();
    kernel.use({ matrix: puncturing.matrix, lifting, rule: code.rule }, false);
    const values = puncturing.fill(kernel.syndrome(alice));
    const answer = source.more(request);
    const expected = Array.from(positions, (position) => bitAt(values, position - from));
    expect(Array.from(positions, (_, i) => bitAt(answer.revealed, i))).toEqual(expected);
  });

  it("refuses requests for bits that do not exist, and plans that puncture too much", async () => {
    const { alice } = noisyKeys(65_000, 0.05, 9);
    const plan = planReconciliation(65_000, 0.05, { interaction: "blind" });
    const part = plan.parts[0]!;
    const from = Math.ceil(65_000 / part.lifting) * part.lifting;
    for (const position of [65_000, from - 1, from + part.punctured]) {
      using source = await SyndromeSource.create(plan, alice);
      source.first();
      const positions = new Uint8Array(Uint32Array.of(position).buffer);
      expect(() => source.more({ round: 1, frames: [{ frame: 0, positions }] })).toThrow(/no bit of the frame/);
    }
    const changed = (change: object) => () => checkPlan({ ...plan, parts: [{ ...part, ...change }] });
    expect(changed({ punctured: 12 })).toThrow(/multiple of 8/);
    expect(changed({ punctured: -8 })).toThrow(/punctured/);
    expect(changed({ punctured: 1e6 })).toThrow(/punctured/);
    expect(() => checkPlan({ ...plan, interaction: "deaf" as Interaction })).toThrow(INTERACTIONS.join(", "));
  });
});
