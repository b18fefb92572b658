/**
 * Learns the error rate from a few parities when nobody knows it. Below it is Bob who asks and Alice who tells; either may.
 *
 * Bob asks for the parities of runs of Alice's bits and compares them with his own. A run of $L$ bits differs with
 * probability $(1 - (1 - 2q)^L)/2$; the length is changed by factors of 8 until between a twentieth and seven twentieths
 * do, where a parity says most about $q$, and then more runs of that length are asked for. Runs do not overlap, so each
 * parity is one disclosed bit; nothing is removed from the key. A few hundred bits give the error rate to about a
 * tenth, whether it is 0.01 % or 10 %: a sample of single bits would need a hundred thousand of them for the former.
 *
 * @module
 */
import { bitAt } from "../bits.ts";
import { TwincombError, wholeInRange } from "../errors.ts";
import { checkKey } from "./reconciliation-message.ts";

/** Bob to Alice: parities wanted. */
export interface ProbeRequest {
  /** Position of the first run's first bit. */
  readonly from: number;
  /** Bits of each run, at least 1. */
  readonly length: number;
  /** Number of runs, one behind the other. */
  readonly runs: number;
}

/** Alice to Bob: the parities. */
export interface ProbeMessage {
  /** One bit a run, packed. */
  readonly parities: Uint8Array;
  /** Bits about the key that this message discloses. */
  readonly disclosedBits: number;
}

/** Parities of consecutive runs of bits, packed. */
function runParities(key: Uint8Array, { from, length, runs }: ProbeRequest): Uint8Array {
  const parities = new Uint8Array(Math.ceil(runs / 8));
  let position = from;
  for (let run = 0; run < runs; run++) {
    let parity = 0;
    for (const end = position + length; position < end; position++) parity ^= bitAt(key, position);
    parities[run >> 3]! |= parity << (run & 7);
  }
  return parities;
}

/** Alice's side: answers requests and never the same bits twice. */
export class ProbeSource {
  readonly #key: Uint8Array;
  readonly #bits: number;
  #used = 0;

  /**
   * @param bits - length of her key
   * @param key - her packed key
   * @throws {@link TwincombError} `invalid-input` when they do not fit
   */
  constructor(bits: number, key: Uint8Array) {
    checkKey(key, bits);
    this.#bits = bits;
    this.#key = key;
  }

  /**
   * Answers a request.
   *
   * @param request - what Bob sent
   * @throws {@link TwincombError} `protocol` when its runs overlap earlier ones or leave the key
   */
  answer(request: ProbeRequest): ProbeMessage {
    const { from, length, runs } = request;
    const whole = [from, length, runs].every((value) => Number.isSafeInteger(value) && value >= 0);
    if (!whole || length === 0 || from < this.#used || from + length * runs > this.#bits) {
      throw new TwincombError("protocol", "a probe asks for bits told before or beyond the key");
    }
    this.#used = from + length * runs;
    return { parities: runParities(this.#key, request), disclosedBits: runs };
  }
}

/** Runs of a first look at each length. */
const FIRST_RUNS = 96;
/** Runs at the length that tells most. */
const MORE_RUNS = 320;
const LONGEST_RUN = 4096;
const FACTOR = 8;

/** Bob's side: asks until the error rate is known. */
export class ErrorRateProbe {
  readonly #key: Uint8Array;
  readonly #bits: number;
  #length: number;
  #from = 0;
  #asked: ProbeRequest | undefined;
  #refined = false;
  #runs = 0;
  #odd = 0;
  #disclosed = 0;
  readonly #tried: Set<number> = new Set();

  /**
   * @param bits - length of his key
   * @param key - his packed key
   * @throws {@link TwincombError} `invalid-input` when they do not fit
   */
  constructor(bits: number, key: Uint8Array) {
    wholeInRange("bits", bits, 0, 2 ** 32);
    checkKey(key, bits);
    this.#bits = bits;
    this.#key = key;
    // Short keys cannot spare long runs.
    this.#length = LONGEST_RUN;
    while (this.#length > 1 && this.#length * FIRST_RUNS * 2 > bits) this.#length /= FACTOR;
    this.#length = Math.max(1, this.#length);
  }

  /** Bits disclosed so far. */
  get disclosedBits(): number {
    return this.#disclosed;
  }

  /**
   * The next request.
   *
   * @returns what to ask Alice, or null when the error rate is as well known as it will be
   */
  next(): ProbeRequest | null {
    if (this.#asked !== undefined) throw new TwincombError("protocol", "a probe's answer is still to come");
    const share = this.#runs === 0 ? 0 : this.#odd / this.#runs;
    const shorter = this.#length / FACTOR;
    let runs = FIRST_RUNS;
    if (this.#refined) {
      // Chance can make a first look at runs that are too long seem telling; the second shows it.
      if (share <= 0.4 || shorter < 1) return null;
      this.#refined = false;
      this.#look(shorter);
    } else if (this.#runs > 0) {
      if (share > 0.35 && shorter >= 1) this.#look(shorter);
      else if (share < 0.05 && !this.#tried.has(this.#length * FACTOR) && this.#length < LONGEST_RUN) {
        this.#look(this.#length * FACTOR);
      } else {
        this.#refined = true;
        runs = MORE_RUNS;
      }
    }
    const left = Math.floor((this.#bits - this.#from) / this.#length);
    if (left === 0) return null;
    this.#tried.add(this.#length);
    this.#asked = { from: this.#from, length: this.#length, runs: Math.min(runs, left) };
    return this.#asked;
  }

  #look(length: number): void {
    this.#length = length;
    this.#runs = 0;
    this.#odd = 0;
  }

  /**
   * Takes the answer to the last request.
   *
   * @param message - what Alice sent
   * @throws {@link TwincombError} `protocol` when it does not fit the request
   */
  receive(message: ProbeMessage): void {
    const asked = this.#asked;
    if (asked === undefined) throw new TwincombError("protocol", "a probe's answer arrived unasked");
    if (message.parities.length !== Math.ceil(asked.runs / 8) || message.disclosedBits !== asked.runs) {
      throw new TwincombError("protocol", "a probe's answer does not have the length that was asked for");
    }
    const own = runParities(this.#key, asked);
    for (let run = 0; run < asked.runs; run++) this.#odd += bitAt(own, run) ^ bitAt(message.parities, run);
    this.#runs += asked.runs;
    this.#from = asked.from + asked.length * asked.runs;
    this.#disclosed += asked.runs;
    this.#asked = undefined;
  }

  /** The error rate to plan with: the estimate and one standard deviation, at most 0.5. */
  get qber(): number {
    if (this.#runs === 0) return 0.5;
    // One more odd run than seen keeps an errorless key from promising that it has no errors.
    const share = Math.min(0.5, (this.#odd + 1) / (this.#runs + 1));
    const upper = Math.min(0.5, share + Math.sqrt((share * (1 - share)) / this.#runs));
    return Math.min(0.5, (1 - (1 - 2 * upper) ** (1 / this.#length)) / 2);
  }
}
