/**
 * Alice's side of reconciliation: she tells syndromes, and bits that Bob asks for.
 *
 * @module
 */
import { BitWriter, bitAt } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import { LdpcKernel } from "../kernels/ldpc.ts";
import type { KernelSource } from "../kernels/modules.ts";
import { allCodes, type ReconciliationCode } from "./codes/catalogue.ts";
import {
  checkKey,
  DisclosureAccount,
  decodePositions,
  type Frame,
  filledSyndrome,
  frameBytes,
  frameLayout,
  type SyndromeMessage,
  type SyndromeRequest,
  toldBytes,
} from "./reconciliation-message.ts";
import { checkPlan, type ReconciliationPlan } from "./reconciliation-plan.ts";

/** What a caller may decide about either side. */
export interface SideOptions {
  /** Where the kernel's binary comes from; embedded unless told. */
  readonly source?: KernelSource;
  /** Codes that the plan was made with; all shipped ones unless told. */
  readonly codes?: readonly ReconciliationCode[];
}

/** The side whose key the other side is corrected to. */
export class SyndromeSource implements Disposable {
  readonly #kernel: LdpcKernel;
  readonly #key: Uint8Array;
  readonly #frames: readonly Frame[];
  readonly #account: DisclosureAccount;
  /** Positions already told, for each frame that was asked about. */
  readonly #told: Map<number, Set<number>> = new Map();
  #round = 0;

  private constructor(kernel: LdpcKernel, frames: readonly Frame[], key: Uint8Array) {
    this.#kernel = kernel;
    this.#key = key.slice();
    this.#frames = frames;
    this.#account = new DisclosureAccount(this.#frames);
  }

  /**
   * Prepares Alice's side.
   *
   * @param plan - the plan both sides use
   * @param key - her packed key of `plan.bits` bits; copied
   * @param options - binary and codes
   * @throws {@link TwincombError} `invalid-input` when plan or key do not fit
   */
  static async create(plan: ReconciliationPlan, key: Uint8Array, options: SideOptions = {}): Promise<SyndromeSource> {
    const { source, codes = allCodes } = options;
    checkPlan(plan, codes);
    checkKey(key, plan.bits);
    return new SyndromeSource(await LdpcKernel.load(source), await frameLayout(plan, codes), key);
  }

  /** Bits about the key disclosed so far. */
  get disclosedBits(): number {
    return this.#account.total;
  }

  /**
   * The first message: the syndrome of every frame.
   *
   * @throws {@link TwincombError} `protocol` when called twice
   */
  first(): SyndromeMessage {
    if (this.#round !== 0) throw new TwincombError("protocol", "the syndromes were sent already");
    this.#round = 1;
    const syndromes = new Uint8Array(toldBytes(this.#frames));
    const revealed = new BitWriter();
    let disclosedBits = 0;
    let offset = 0;
    this.#frames.forEach((frame, index) => {
      const bytes = frameBytes(this.#key, frame);
      if (frame.coding === undefined) {
        for (let i = 0; i < frame.bits; i++) revealed.push(bitAt(bytes, i));
        disclosedBits += this.#account.add(index, Infinity);
        return;
      }
      const { puncturing } = frame.coding;
      const { syndrome, punctured } = filledSyndrome(this.#kernel, frame.coding, bytes);
      syndromes.set(puncturing.tell(syndrome), offset);
      punctured.fill(0);
      offset += puncturing.told / 8;
      disclosedBits += this.#account.add(index, puncturing.told);
    });
    return { round: 0, syndromes, revealed: revealed.packed(), disclosedBits };
  }

  /**
   * Answers a request for bits of frames that Bob could not decode.
   *
   * @param request - what he sent
   * @throws {@link TwincombError} `protocol` when the request does not fit what came before
   */
  more(request: SyndromeRequest): SyndromeMessage {
    if (request.round !== this.#round) {
      throw new TwincombError("protocol", `request ${request.round} does not follow message ${this.#round - 1}`);
    }
    this.#round++;
    const revealed = new BitWriter();
    let disclosedBits = 0;
    let last = -1;
    for (const { frame: index, positions } of request.frames) {
      const frame = this.#frames[index];
      if (frame === undefined || index <= last) {
        throw new TwincombError("protocol", `a request names frame ${index}, out of order or not in the plan`);
      }
      last = index;
      const bytes = frameBytes(this.#key, frame);
      if (positions.length === 0) {
        for (let i = 0; i < frame.bits; i++) revealed.push(bitAt(bytes, i));
        disclosedBits += this.#account.add(index, Infinity);
        continue;
      }
      const told = this.#told.get(index) ?? new Set<number>();
      this.#told.set(index, told);
      const asked = decodePositions(positions, frame);
      const puncturedFrom = frame.coding?.puncturing.from ?? Infinity;
      const punctured =
        asked.at(-1)! < puncturedFrom ? undefined : filledSyndrome(this.#kernel, frame.coding!, bytes).punctured;
      let fresh = 0;
      for (const position of asked) {
        revealed.push(position < puncturedFrom ? bitAt(bytes, position) : bitAt(punctured!, position - puncturedFrom));
        if (!told.has(position)) fresh++;
        told.add(position);
      }
      punctured?.fill(0);
      disclosedBits += this.#account.add(index, fresh);
    }
    return { round: request.round, syndromes: new Uint8Array(), revealed: revealed.packed(), disclosedBits };
  }

  /** Wipes the key and everything computed from it. */
  [Symbol.dispose](): void {
    this.#key.fill(0);
    this.#kernel[Symbol.dispose]();
  }
}
