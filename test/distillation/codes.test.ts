import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitAt, hammingDistance } from "../../src/bits.ts";
import { family, fastFamily } from "../../src/distillation/codes/catalogue.ts";
import { binaryEntropy, shannonLimit, threshold } from "../../src/distillation/codes/construct/degree-search.ts";
import { DensityEvolution } from "../../src/distillation/codes/construct/density-evolution.ts";
import { buildCode, columnCounts } from "../../src/distillation/codes/construct/lifting.ts";
import { measureCode } from "../../src/distillation/codes/construct/measure.ts";
import { expandRecipe } from "../../src/distillation/codes/expansion.ts";
import { TreeCycles } from "../../src/distillation/codes/tree-cycles.ts";
import { allTries, decodeFrame, finish } from "../../src/distillation/frame-decoding.ts";
import {
  codeFromAlist,
  codeFromBaseMatrix,
  planReconciliation,
  SyndromeDecoder,
  SyndromeSource,
} from "../../src/distillation/reconciliation.ts";
import { LdpcKernel } from "../../src/kernels/ldpc.ts";
import { baseMatrix, prefix } from "../../src/kernels/ldpc-matrix.ts";
import { priorSteps } from "../../src/kernels/ldpc-rule.ts";
import { randomErrors } from "../kernels/ldpc-reference.ts";
import { noisyKeys } from "./bsc.ts";

/** Sets of numbers that are joined. */
class Forest {
  readonly #parent: Int32Array;
  /** Joins that joined what was joined already: each closes a cycle. */
  cycles = 0;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
  }

  root(of: number): number {
    let at = of;
    while (this.#parent[at] !== at) at = this.#parent[at]!;
    return at;
  }

  join([first, ...others]: readonly number[]): void {
    for (const other of others) {
      const [a, b] = [this.root(first!), this.root(other)];
      if (a === b) this.cycles++;
      this.#parent[b] = a;
    }
  }
}

describe("the shipped family", () => {
  it("covers leaks from 0.0018 to 0.9 without a gap that shortening could not fill", () => {
    const leaks = family.map(({ rows, columns }) => rows / columns);
    expect(leaks[0]).toBeLessThanOrEqual(0.00181);
    expect(leaks.at(-1)).toBeGreaterThanOrEqual(0.895);
    for (let i = 1; i < leaks.length; i++) {
      expect(leaks[i]! / leaks[i - 1]!).toBeGreaterThan(1);
      expect(leaks[i]! / leaks[i - 1]!).toBeLessThan(1.65);
    }
  });

  for (const code of family) {
    it(`${code.id} is a sound base matrix`, async () => {
      const matrix = await code.matrix();
      expect(matrix.columns).toBe(code.columns);
      const rowDegrees = new Uint32Array(code.rows);
      const seen = new Set<string>();
      let degreeTwo = 0;
      // The row that stands for all rows joined by columns of degree 2.
      const root = Array.from({ length: code.rows }, (_, row) => row);
      const find = (row: number): number => (root[row] === row ? row : find(root[row]!));
      let cycles = 0;
      for (let column = 0; column < matrix.columns; column++) {
        const [start, end] = [matrix.starts[column]!, matrix.starts[column + 1]!];
        const rows = matrix.entryRows.subarray(start, end);
        expect(rows.length).toBeGreaterThanOrEqual(2);
        if (rows.length === 2) {
          degreeTwo++;
          const [a, b] = [find(rows[0]!), find(rows[1]!)];
          if (a === b) cycles++;
          root[a] = b;
        }
        for (let i = 0; i < rows.length; i++) {
          expect(rows[i]!).toBeLessThan(code.rows);
          if (i > 0) expect(rows[i]!).toBeGreaterThan(rows[i - 1]!);
          rowDegrees[rows[i]!]!++;
        }
        // Two equal columns, up to a common shift, would be a codeword of weight 2.
        const shifts = matrix.entryShifts.subarray(start, end);
        const key = [...rows].map((row, i) => `${row}:${(shifts[i]! - shifts[0]! + 32_768) % 32}`).join(" ");
        expect(seen.has(key)).toBe(false);
        seen.add(key);
      }
      // Columns of degree 2 form a forest: a cycle of them would be a codeword. Sparse codes may have some.
      expect(degreeTwo).toBeLessThan(code.rows);
      if (code.rows / code.columns >= 0.08) expect(cycles).toBe(0);
      const spread = Math.max(...rowDegrees) - Math.min(...rowDegrees);
      expect(spread).toBeLessThanOrEqual(4);
    });
  }

  it("has no bit of degree 3 that closes a cycle with few branches of the tree", async () => {
    // A set of 25 bits seen by one check is in error too seldom to be met where codes of few rows serve: (4 q)^(25/2) is
    // 2e-9 at 5 %. Codes of higher leak have room for more.
    const mostBranches = 24;
    for (const code of [...family.filter(({ rows, columns }) => rows / columns >= 0.08), ...fastFamily]) {
      const matrix = await code.matrix();
      const lifting = code.smallestLifting;
      const checksOf = (column: number, bit: number) =>
        [...matrix.entryRows.subarray(matrix.starts[column]!, matrix.starts[column + 1]!)].map((row, i) => {
          const shift = matrix.entryShifts[matrix.starts[column]! + i]! % lifting;
          return row * lifting + ((bit + lifting - shift) % lifting);
        });
      const columns = [...new Array(code.columns).keys()];
      const degree = (column: number) => matrix.starts[column + 1]! - matrix.starts[column]!;
      const neighbours: number[][] = Array.from({ length: code.rows * lifting }, () => []);
      for (const column of columns.filter((one) => degree(one) === 2)) {
        for (let bit = 0; bit < lifting; bit++) {
          const [a, b] = checksOf(column, bit);
          neighbours[a!]!.push(b!);
          neighbours[b!]!.push(a!);
        }
      }
      for (const column of columns.filter((one) => degree(one) === 3)) {
        const checks = checksOf(column, 0);
        for (const check of checks) {
          const reached = new Set([check]);
          let border = [check];
          for (let branches = 0; branches < mostBranches; branches++) {
            border = border.flatMap((one) => neighbours[one]!).filter((one) => !reached.has(one));
            for (const one of border) reached.add(one);
          }
          expect(
            checks.filter((one) => reached.has(one)),
            `${code.id}, column ${column}`,
          ).toEqual([check]);
        }
      }
    }
  });

  it("has prefixes of nearly the same degrees", async () => {
    for (const code of family) {
      const whole = (await code.matrix()).entryRows.length / code.columns;
      const part = Math.ceil(code.columns * 0.7);
      expect(Math.abs((await code.matrix(part)).entryRows.length / part / whole - 1)).toBeLessThan(0.06);
    }
  });
});

describe("base matrices", () => {
  it("are put together in the order of rows, and cut into prefixes", () => {
    const column = fc.uniqueArray(fc.tuple(fc.nat(23), fc.nat(255)), { selector: ([row]) => row, minLength: 1 });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 30 }), (columns) => {
        const matrix = baseMatrix(24, columns);
        columns.forEach((entries, c) => {
          const sorted = [...entries].sort(([a], [b]) => a - b);
          const [start, end] = [matrix.starts[c]!, matrix.starts[c + 1]!];
          expect([...matrix.entryRows.subarray(start, end)]).toEqual(sorted.map(([row]) => row));
          expect([...matrix.entryShifts.subarray(start, end)]).toEqual(sorted.map(([, shift]) => shift));
        });
        expect(prefix(matrix, 1).entryRows.length).toBe(columns[0]!.length);
      }),
    );
  });
});

describe("density evolution", () => {
  it("finds the threshold of the regular (3,6) code near that of sum-product decoding, 8.4 %", () => {
    // Richardson and Urbanke, doi:10.1109/18.910577, table II: 0.084 with unlimited iterations and exact messages.
    const evolution = new DensityEvolution({ kind: "soft", delta: 0.25, largest: 36, offset: 0 }, 40_000, [5, 6]);
    const goal = { leak: 0.5, allowed: [3], maxIterations: 150, trials: 0 };
    const found = threshold(evolution, new Map([[3, 1]]), goal);
    expect(found).toBeGreaterThan(0.0815);
    expect(found).toBeLessThan(0.0845);
  });

  it("knows the Shannon limit", () => {
    for (const leak of [0.01, 0.3, 0.9]) expect(binaryEntropy(shannonLimit(leak))).toBeCloseTo(leak, 9);
  });
});

describe("lifting", () => {
  it("is deterministic, keeps the counts, and leaves no short cycle where there is room", () => {
    const degrees = new Map([
      [2, 0.2],
      [3, 0.4],
      [8, 0.4],
    ]);
    const goal = { degrees, rows: 32, columns: 64, smallestLifting: 128 };
    const built = buildCode(goal);
    expect(buildCode(goal)).toEqual(built);
    const matrix = expandRecipe(built.recipe);
    const lengths = Array.from({ length: 64 }, (_, c) => matrix.starts[c + 1]! - matrix.starts[c]!);
    const counts = columnCounts(degrees, 64, 32);
    for (const [degree, count] of counts) {
      expect(lengths.filter((length) => length === degree).length).toBe(count);
    }
    expect(built.fourCycles).toBe(0);
    expect(built.shortLowDegreeCycles).toBe(0);
  });
});

describe("measuring", () => {
  it("finds the efficiency about which frames begin to decode", async () => {
    const code = fastFamily.find(({ id }) => id === "f5000")!;
    const key = [3, 4] as const;
    const measured = await measureCode(code, 8192, 12, key);
    expect(await measureCode(code, 8192, 12, key)).toEqual(measured);
    expect(measured.frameBits).toBe(8192);
    expect((code.rows * 256) / 8192 / binaryEntropy(measured.qber)).toBeCloseTo(measured.efficiency, 6);
    // Frames of a simulation of their own, at error rates on either side.
    using kernel = await LdpcKernel.load();
    kernel.use({ matrix: await code.matrix(), lifting: 256, rule: code.rule }, true);
    const decodedOf = (frames: number, qber: number) => {
      let decoded = 0;
      for (let frame = 0; frame < frames; frame++) {
        const errors = randomErrors(8192, qber, 700 + frame);
        const problem = { syndrome: kernel.syndrome(errors), bits: 8192, prior: priorSteps(qber, code.rule.delta) };
        const result = finish(decodeFrame(kernel, problem, allTries(150), 150));
        if (result.decoded && kernel.errors().every((byte, i) => byte === errors[i])) decoded++;
      }
      return decoded;
    };
    // The number of errors alone scatters by 0.024 here.
    expect(measured.scatter).toBeGreaterThan(0.015);
    expect(measured.scatter).toBeLessThan(0.05);
    expect(decodedOf(20, shannonLimit(0.5 / (measured.efficiency + 3 * measured.scatter)))).toBeGreaterThanOrEqual(18);
    expect(decodedOf(20, shannonLimit(0.5 / (measured.efficiency - 3 * measured.scatter)))).toBeLessThanOrEqual(2);
  });
});

describe("cycles through the tree", () => {
  it("do harm exactly where one bit closes one in the lifted graph, or two of different columns", () => {
    const rows = 6;
    const z = 16;
    // Row 5 is in no branch.
    const branches = [
      [0, 1],
      [1, 2],
      [0, 3],
      [3, 4],
    ] as const;
    const shifts = (length: number) => fc.array(fc.nat(99), { minLength: length, maxLength: length });
    const column = fc.tuple(fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 3, maxLength: 3 }), shifts(3));
    const checksOf = (support: readonly number[], own: readonly number[], bit: number) =>
      support.map((row, i) => row * z + ((bit + 128 - own[i]!) % z));
    /** What one bit of a column closes, set by set: 2^(34 - bits - 10 odd checks). */
    const setsOfOneBit = (branchShifts: readonly number[], [support, own]: readonly [number[], number[]]) => {
      const links: number[][] = Array.from({ length: rows * z }, () => []);
      branches.forEach((branch, i) => {
        for (let bit = 0; bit < z; bit++) {
          const [a, b] = checksOf(branch, branchShifts.slice(2 * i, 2 * i + 2), bit);
          links[a!]!.push(b!);
          links[b!]!.push(a!);
        }
      });
      const checks = checksOf(support, own, 0);
      let harm = 0;
      for (const start of checks) {
        const steps = new Map([[start, 0]]);
        for (const check of steps.keys()) {
          for (const next of links[check]!) if (!steps.has(next)) steps.set(next, steps.get(check)! + 1);
        }
        // Each set is found from both of its ends; the bit's other check sees it.
        for (const end of checks)
          if (end !== start && steps.has(end)) harm += 2 ** (34 - (steps.get(end)! + 1) - 10) / 2;
      }
      return harm;
    };
    const outcomes = { harmless: 0, harmful: 0 };
    const property = fc.property(shifts(8), column, column, (branchShifts, first, second) => {
      const cycles = new TreeCycles(rows, z);
      const trees = () => {
        const forest = new Forest(rows * z + 2);
        branches.forEach((support, i) => {
          const own = branchShifts.slice(2 * i, 2 * i + 2);
          for (let bit = 0; bit < z; bit++) forest.join(checksOf(support, own, bit));
        });
        return forest;
      };
      branches.forEach((support, i) => {
        cycles.add(support, branchShifts.slice(2 * i, 2 * i + 2));
      });
      let harm = cycles.harm(...first);
      expect(harm).toBeCloseTo(setsOfOneBit(branchShifts, first), 3);
      cycles.add(...first);
      harm += cycles.harm(...second);
      let closed = 0;
      for (let bit = 0; bit < z; bit++) {
        const forest = trees();
        forest.join([rows * z, ...checksOf(...first, 0)]);
        forest.join([rows * z + 1, ...checksOf(...second, bit)]);
        closed += forest.cycles;
      }
      expect(harm > 0).toBe(closed > 0);
      outcomes[harm > 0 ? "harmful" : "harmless"]++;
    });
    fc.assert(property, { numRuns: 300 });
    expect(Math.min(outcomes.harmful, outcomes.harmless)).toBeGreaterThan(20);
  });
});

// The (7,4) Hamming code, as D. MacKay's format writes it.
const HAMMING = `7 3
3 4
1 1 2 1 2 2 3
4 4 4
1 0 0
2 0 0
1 2 0
3 0 0
1 3 0
2 3 0
1 2 3
1 3 5 7
2 3 6 7
4 5 6 7
`;

describe("imported codes", () => {
  it("reads alist: 32 interleaved frames of the matrix", async () => {
    const code = codeFromAlist(HAMMING, "hamming");
    expect([code.rows, code.columns, code.smallestLifting]).toEqual([3, 7, 32]);
    const matrix = await code.matrix();
    expect([...matrix.entryRows.subarray(matrix.starts[4]!, matrix.starts[5]!)]).toEqual([0, 2]);
    expect(matrix.entryShifts.every((shift) => shift === 0)).toBe(true);
  });

  const broken: [what: string, text: string, message: RegExp][] = [
    ["nothing", "", /number of columns/],
    ["words", "7 three", /number of rows/],
    ["an early end", HAMMING.slice(0, 40), /end of the file/],
    ["numbers behind the end", `${HAMMING} 1`, /too many/],
    ["a place beyond the rows", HAMMING.replace("1 2 3\n", "1 2 4\n"), /entry 3 of column 7/],
    ["a place named twice", HAMMING.replace("1 2 3\n", "1 2 2\n"), /twice/],
    ["lists that disagree", HAMMING.replace("4 5 6 7", "3 5 6 7"), /row 3 names column 3/],
    ["a degree beyond the largest", HAMMING.replace("1 1 2 1 2 2 3", "1 1 2 1 2 2 4"), /degree of column 7/],
  ];
  for (const [what, text, message] of broken) {
    it(`refuses an alist with ${what}`, () => {
      expect(() => codeFromAlist(text, "broken")).toThrow(message);
    });
  }

  it("reads base matrices, and takes apart what cannot be lifted by 32", async () => {
    const text = "# two rows\n0 -1 5 1\n2 3 -1 80\n";
    expect(codeFromBaseMatrix(text, 96, "qc").columns).toBe(4);
    const split = codeFromBaseMatrix(text, 81, "qc");
    expect([split.rows, split.columns, split.smallestLifting]).toEqual([162, 324, 32]);
    // Bit 2 z + 4 of the third column: (r + 5) mod 81 = 4 makes it check 80 of the first row.
    const matrix = await split.matrix();
    expect(matrix.entryRows[matrix.starts[2 * 81 + 4]!]).toBe(80);
  });

  it("refuses base matrices that are not what they say", () => {
    expect(() => codeFromBaseMatrix("", 64, "x")).toThrow(/empty file/);
    expect(() => codeFromBaseMatrix("0 1\n2", 64, "x")).toThrow(/line 2/);
    expect(() => codeFromBaseMatrix("0 1\n2 64", 64, "x")).toThrow(/line 2, column 2/);
    expect(() => codeFromBaseMatrix("0 1\n2 x", 64, "x")).toThrow(/line 2, column 2/);
    expect(() => codeFromBaseMatrix("0 -1\n2 -1", 64, "x")).toThrow(/row 1|column 2/);
    expect(() => codeFromBaseMatrix("0 1", 1, "x")).toThrow(/lifting/);
  });

  it("reconciles with one: every frame decodes with Alice's bits, and the other side needs the code too", async () => {
    // A base matrix of another family, written out as text and read back.
    const shipped = await family.find(({ id }) => id === "q5500")!.matrix();
    const grid = Array.from({ length: shipped.rows }, () => new Array<number>(shipped.columns).fill(-1));
    for (let c = 0; c < shipped.columns; c++) {
      for (let e = shipped.starts[c]!; e < shipped.starts[c + 1]!; e++) {
        grid[shipped.entryRows[e]!]![c] = shipped.entryShifts[e]! % 256;
      }
    }
    const code = codeFromBaseMatrix(grid.map((row) => row.join(" ")).join("\n"), 256, "mine", { efficiency: 1.2 });
    const bits = 30_000;
    const { alice, bob } = noisyKeys(bits, 0.07, 12);
    const codes = [code];
    const plan = planReconciliation(bits, 0.07, { codes });
    expect(plan.parts[0]!.code).toBe("mine");
    await expect(SyndromeSource.create(plan, alice)).rejects.toThrow(/code/);
    using source = await SyndromeSource.create(plan, alice, { codes });
    using decoder = await SyndromeDecoder.create(plan, bob, { codes });
    let message = source.first();
    for (;;) {
      const request = await decoder.receive(message);
      if (request === null) break;
      message = source.more(request);
    }
    expect(hammingDistance(decoder.corrected(), alice)).toBe(0);
    expect(bitAt(decoder.corrected(), 0)).toBe(bitAt(alice, 0));
  });
});
