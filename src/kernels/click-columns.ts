/**
 * Announced clicks as columns of bits, the least memory that holds them: a hundred million take 90 MB.
 *
 * @module
 */
import { byteLength } from "../bits.ts";

/** Codes of settings as three strings of bits: bit j of event e's code is bit e of plane j. */
export type CodePlanes = readonly [Uint8Array, Uint8Array, Uint8Array];

/** Announced single clicks in time order, one bit an event in every column. Each side is given its own columns alone. */
export interface ClickColumns {
  /** Number of events. */
  readonly events: number;
  /** Bit e is 1 when event e was a click of the right detector. */
  readonly right: Uint8Array;
  /** Alice's setting codes. */
  readonly alice: CodePlanes;
  /** Bob's setting codes. */
  readonly bob: CodePlanes;
  /** Alice's phase in every event whose windows are both X, units of $2\pi/65536$. */
  readonly alicePhases: Uint16Array;
  /** Bob's. */
  readonly bobPhases: Uint16Array;
  /** The server's estimate of the arms' relative phase, same unit. */
  readonly corrections: Uint16Array;
}

/** Columns in the kernel's order: right, three planes of Alice, three of Bob. */
export const BIT_COLUMNS = 7;

/** Collects columns piece by piece; every piece but the last holds whole bytes. */
export class ClickCollector {
  #columns: Uint8Array[];
  #phases: [Uint16Array, Uint16Array, Uint16Array];
  #events = 0;
  #xxEvents = 0;

  /** @param expected - events to make room for at first; a good guess saves copying */
  constructor(expected: number) {
    this.#columns = Array.from({ length: BIT_COLUMNS }, () => new Uint8Array(byteLength(expected)));
    this.#phases = [new Uint16Array(1024), new Uint16Array(1024), new Uint16Array(1024)];
  }

  /** Events collected. */
  get events(): number {
    return this.#events;
  }

  /**
   * Appends events.
   *
   * @param events - how many
   * @param columns - their {@link BIT_COLUMNS} columns, copied
   * @param phases - phases of X-X events: Alice's, Bob's, the server's; copied
   */
  append(
    events: number,
    columns: readonly Uint8Array[],
    phases: readonly [alice: Uint16Array, bob: Uint16Array, correction: Uint16Array],
  ): void {
    const at = this.#events / 8;
    this.#columns = this.#columns.map((column, i) => {
      const roomy = withRoom(column, at + byteLength(events));
      roomy.set(columns[i]!, at);
      return roomy;
    });
    this.#events += events;
    const xxAt = this.#xxEvents;
    this.#xxEvents += phases[0].length;
    for (const which of [0, 1, 2] as const) {
      this.#phases[which] = withRoom(this.#phases[which], this.#xxEvents);
      this.#phases[which].set(phases[which], xxAt);
    }
  }

  /** What has been collected, without a copy. */
  finish(): ClickColumns {
    const [right, a0, a1, a2, b0, b1, b2] = this.#columns.map((column) =>
      column.subarray(0, byteLength(this.#events)),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const [alicePhases, bobPhases, corrections] = this.#phases.map((column) => column.subarray(0, this.#xxEvents)) as [
      Uint16Array,
      Uint16Array,
      Uint16Array,
    ];
    return {
      events: this.#events,
      right,
      alice: [a0, a1, a2],
      bob: [b0, b1, b2],
      alicePhases,
      bobPhases,
      corrections,
    };
  }
}

function withRoom<Numbers extends Uint8Array | Uint16Array>(numbers: Numbers, length: number): Numbers {
  if (length <= numbers.length) return numbers;
  const larger = new (numbers.constructor as new (length: number) => Numbers)(Math.ceil(1.5 * length));
  larger.set(numbers);
  return larger;
}
