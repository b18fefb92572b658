/** Slow, plain models of the syndrome decoder, written for comparison. */
import type { BaseMatrix } from "../../src/kernels/ldpc-matrix.ts";
import { type CheckRule, logarithmSteps, OUTGOING_FROM, softTables } from "../../src/kernels/ldpc-rule.ts";
import { PhiloxStream, PURPOSE } from "../../src/random.ts";

/** The bits of every check of a lifted matrix, in the kernel's order of checks and of edges. */
export function liftedChecks(matrix: BaseMatrix, lifting: number): number[][] {
  const checks: number[][] = Array.from({ length: matrix.rows * lifting }, () => []);
  for (let column = 0; column < matrix.columns; column++) {
    for (let entry = matrix.starts[column]!; entry < matrix.starts[column + 1]!; entry++) {
      const row = matrix.entryRows[entry]!;
      const shift = matrix.entryShifts[entry]! % lifting;
      for (let r = 0; r < lifting; r++) {
        checks[row * lifting + r]!.push(column * lifting + ((r + shift) % lifting));
      }
    }
  }
  return checks;
}

/** A random base matrix: rows of each column distinct, shifts anywhere. */
export function randomMatrix(seed: number, rows: number, degrees: readonly number[]): BaseMatrix {
  const stream = new PhiloxStream([seed, 77], PURPOSE.reconciliation, 0);
  const starts = new Uint32Array(degrees.length + 1);
  const entryRows: number[] = [];
  const entryShifts: number[] = [];
  degrees.forEach((degree, column) => {
    const chosen = new Set<number>();
    while (chosen.size < degree) chosen.add(stream.below(rows));
    for (const row of [...chosen].sort((a, b) => a - b)) {
      entryRows.push(row);
      entryShifts.push(stream.below(32_768));
    }
    starts[column + 1] = entryRows.length;
  });
  return {
    rows,
    columns: degrees.length,
    starts,
    entryRows: Uint16Array.from(entryRows),
    entryShifts: Uint16Array.from(entryShifts),
  };
}

/** Packed random errors. */
export function randomErrors(bits: number, probability: number, seed: number): Uint8Array {
  const stream = new PhiloxStream([seed, 78], PURPOSE.reconciliation, 0);
  const packed = new Uint8Array(Math.ceil(bits / 8));
  for (let i = 0; i < bits; i++) if (stream.uniform() < probability) packed[i >> 3]! |= 1 << (i & 7);
  return packed;
}

/** Parities of the checks, packed. */
export function parities(checks: readonly (readonly number[])[], packed: Uint8Array): Uint8Array {
  const syndrome = new Uint8Array(checks.length / 8);
  checks.forEach((bits, check) => {
    let parity = 0;
    for (const bit of bits) parity ^= (packed[bit >> 3]! >> (bit & 7)) & 1;
    syndrome[check >> 3]! |= parity << (check & 7);
  });
  return syndrome;
}

const saturate = (x: number) => Math.max(-128, Math.min(127, x));

/** The kernel's decoder, one whole number at a time. */
export class IntegerDecoder {
  readonly posteriors: number[];
  readonly #messages: number[][];
  readonly #checks: readonly (readonly number[])[];
  readonly #syndrome: Uint8Array;
  readonly #rule: CheckRule;

  constructor(
    checks: readonly (readonly number[])[],
    syndrome: Uint8Array,
    bits: number,
    prior: number,
    rule: CheckRule,
  ) {
    this.#checks = checks;
    this.#syndrome = syndrome;
    this.#rule = rule;
    this.posteriors = new Array(bits).fill(prior);
    this.#messages = checks.map((check) => check.map(() => 0));
  }

  /** One visit to every check; returns whether all are satisfied afterwards. */
  iterate(): boolean {
    const tables = softTables(this.#rule.delta);
    const { largest, offset } = this.#rule;
    this.#checks.forEach((bits, check) => {
      const messages = this.#messages[check]!;
      const T = bits.map((bit, i) => saturate(this.posteriors[bit]! - messages[i]!));
      const sorted = T.map(Math.abs).sort((a, b) => a - b);
      const m1 = Math.min(largest, sorted[0] ?? largest);
      const m2 = Math.min(largest, sorted[1] ?? largest);
      let least: number;
      let others: number;
      if (this.#rule.kind === "minimum") {
        least = Math.max(0, m2 - offset);
        others = Math.max(0, m1 - offset);
      } else {
        let sum = -tables.scale;
        for (const t of T) {
          const above = Math.max(0, Math.abs(t) - m2);
          if (above < 16) sum += tables.exponentials[above]!;
        }
        const out = (y: number) => {
          const index = Math.max(0, y - OUTGOING_FROM);
          return Math.max(y, index < 16 ? tables.outgoing[index]! : 0);
        };
        const y2 = m2 - logarithmSteps(sum, tables);
        const gap = Math.abs(y2 - m1);
        least = out(y2);
        others = Math.min(m1, out(Math.min(y2, m1) - (gap < 16 ? tables.softening[gap]! : 0)));
      }
      let negative = ((this.#syndrome[check >> 3]! >> (check & 7)) & 1) === 1;
      for (const t of T) if (t < 0) negative = !negative;
      bits.forEach((bit, i) => {
        const t = T[i]!;
        const magnitude = Math.abs(t) === m1 ? least : others;
        const message = negative !== t < 0 ? -magnitude : magnitude;
        const posterior = saturate(t + message);
        messages[i] = this.#rule.kind === "soft" ? posterior - t : message;
        this.posteriors[bit] = posterior;
      });
    });
    return this.#checks.every((bits, check) => {
      let parity = (this.#syndrome[check >> 3]! >> (check & 7)) & 1;
      for (const bit of bits) if (this.posteriors[bit]! < 0) parity ^= 1;
      return parity === 0;
    });
  }

  /** Hard decisions, packed. */
  errors(): Uint8Array {
    const packed = new Uint8Array(Math.ceil(this.posteriors.length / 8));
    this.posteriors.forEach((value, bit) => {
      if (value < 0) packed[bit >> 3]! |= 1 << (bit & 7);
    });
    return packed;
  }
}

/**
 * Sum-product decoding in double precision, flooding schedule.
 *
 * @returns packed errors, or undefined when the checks are not satisfied within the iterations
 */
export function sumProduct(
  checks: readonly (readonly number[])[],
  syndrome: Uint8Array,
  bits: number,
  qber: number,
  iterations: number,
): Uint8Array | undefined {
  const prior = Math.log((1 - qber) / qber);
  const messages = checks.map((check) => check.map(() => 0));
  const posteriors = new Float64Array(bits).fill(prior);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const next = new Float64Array(bits).fill(prior);
    checks.forEach((members, check) => {
      const own = messages[check]!;
      const t = members.map((bit, i) => Math.tanh((posteriors[bit]! - own[i]!) / 2));
      const sign = ((syndrome[check >> 3]! >> (check & 7)) & 1) === 1 ? -1 : 1;
      members.forEach((bit, i) => {
        let product = sign;
        for (let j = 0; j < t.length; j++) if (j !== i) product *= t[j]!;
        own[i] = 2 * Math.atanh(Math.max(-1 + 1e-15, Math.min(1 - 1e-15, product)));
        next[bit]! += own[i]!;
      });
    });
    posteriors.set(next);
    const satisfied = checks.every((members, check) => {
      let parity = (syndrome[check >> 3]! >> (check & 7)) & 1;
      for (const bit of members) if (posteriors[bit]! < 0) parity ^= 1;
      return parity === 0;
    });
    if (!satisfied) continue;
    const packed = new Uint8Array(Math.ceil(bits / 8));
    posteriors.forEach((value, bit) => {
      if (value < 0) packed[bit >> 3]! |= 1 << (bit & 7);
    });
    return packed;
  }
  return undefined;
}
