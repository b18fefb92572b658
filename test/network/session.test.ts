import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { disclosedInTranscript } from "../../src/distillation/distill.ts";
import { decodeTranscript, encodeTranscript } from "../../src/distillation/transcript.ts";
import type { SessionEvent } from "../../src/network/events.ts";
import type { KeyPair } from "../../src/network/pair-result.ts";
import { type PlannedLink, planNetwork } from "../../src/network/plan/plan.ts";
import type { PairResult } from "../../src/network/result.ts";
import { weiming } from "../../src/network/scenario/presets/weiming.ts";
import { parseScenario } from "../../src/network/scenario/scenario.ts";
import { type DistilledBlock, type PairOptions, runPair } from "../../src/network/session.ts";
import { timeBlocks } from "../../src/network/time-blocks.ts";

/** A pair of the default preset over a short distance: some million raw bits, paired. */
const base = weiming({ pulses: 6e8, seed: "session" });
const scenario = parseScenario({
  ...base,
  clients: base.clients.filter(({ name }) => /^[AB]1$/.test(name)).map((client) => ({ ...client, upLinkKm: 40 })),
  pairs: [{ alice: "A1", bob: "B1", line: 1 }],
});

/** A session and everything that it hands out. */
interface Session {
  readonly result: PairResult;
  readonly events: SessionEvent[];
  readonly blocks: DistilledBlock[];
  /** Digests of both keys while they were there, and the arrays themselves. */
  readonly keys: (KeyPair & { readonly digests: string[] })[];
}

let link: PlannedLink;

async function session(options: PairOptions = {}): Promise<Session> {
  const [events, blocks, keys]: [SessionEvent[], DistilledBlock[], Session["keys"]] = [[], [], []];
  const result = await runPair(scenario, link, {
    ...options,
    onEvent: (event) => events.push(structuredClone(event)),
    onBlock: (block) => void blocks.push(block),
    onKeys: (pair) => {
      const digests = [pair.aliceKey, pair.bobKey].map((key) => createHash("sha256").update(key).digest("hex"));
      keys.push({ ...pair, digests });
    },
  });
  return { result, events, blocks, keys };
}

let whole: Session;

beforeAll(async () => {
  link = (await planNetwork(scenario)).links[0]!;
  whole = await session();
}, 60_000);

/** The result without the fields that may vary from run to run. */
function timeless({ stageSeconds: _, ...rest }: PairResult): Omit<PairResult, "stageSeconds"> {
  return rest;
}

describe("a pair's session", () => {
  it("makes one key on both sides, with every raw bit accounted for", () => {
    const { result } = whole;
    expect(result).toMatchObject({ status: "key", keysIdentical: true, simulated: true, blocks: 1, blocksWithKey: 1 });
    expect(result.secretBits).toBeGreaterThan(10_000);
    expect(result.rawBits).toBe(result.sampledBits + result.discardedByParity + result.pairedBits);
    // Of every announced pair at most one bit is kept.
    expect(result.pairedBits).toBeLessThan(result.announcedPairs);
    expect(2 * result.announcedPairs).toBeLessThanOrEqual(result.rawBits);
    expect(result.qberX).toBeCloseTo(result.wrongX / result.acceptedX, 11);
    const bill = result.account!.bits.reduce((sum, line) => sum + line.bits, 0);
    expect(Math.floor(bill)).toBe(result.secretBits);
    expect(result.aliceKeySha256).toBe(result.bobKeySha256);
  });

  it("hands out keys that fit their digests, once, and wipes them afterwards", () => {
    const [keys, ...more] = whole.keys;
    expect(more).toEqual([]);
    expect(keys!.keyBits).toBe(whole.result.secretBits);
    expect(keys!.digests).toEqual([whole.result.aliceKeySha256, whole.result.bobKeySha256]);
    for (const key of [keys!.aliceKey, keys!.bobKey]) expect(key.every((byte) => byte === 0)).toBe(true);
  });

  it("hands out the transcript, whose disclosed bits are those of the account, and which survives a file", () => {
    const [block, ...more] = whole.blocks;
    expect(more).toEqual([]);
    expect(block).toMatchObject({ number: 0, of: 1, terms: { pulses: 6e8, pairing: "active" } });
    expect(disclosedInTranscript(block!.transcript)).toBe(whole.result.leakedBits);
    const file = Buffer.concat([...encodeTranscript(block!.transcript)]);
    const read = decodeTranscript(file);
    expect(read.length).toBe(block!.transcript.length);
    read.forEach(({ from, tag, bytes }, i) => {
      const entry = block!.transcript[i]!;
      expect(from).toBe(entry.from);
      expect(Buffer.compare(bytes, entry.bytes)).toBe(0);
      expect(tag && [...tag]).toEqual(entry.tag && [...entry.tag]);
    });
    expect(() => decodeTranscript(file.subarray(0, -1))).toThrow(/cannot be decoded/);
  });

  it("says what it does in the order in which it does it, and what it has seen", () => {
    const stages = whole.events.flatMap((event) =>
      event.type === "stage" && event.fraction === 0 ? [event.stage] : [],
    );
    expect(stages).toEqual(["counting", "sifting", "pairing", "reconciling", "verifying", "amplifying"]);
    const counts = whole.events.filter((event) => event.type === "counts").at(-1)!;
    expect(counts).toMatchObject({
      pulses: 6e8,
      rawBits: whole.result.rawBits,
      slices: { accepted: whole.result.acceptedX, wrong: whole.result.wrongX },
    });
    expect(whole.events.filter(({ type }) => type === "phase")).toHaveLength(1);
    const account = whole.events.find((event) => event.type === "account")!;
    expect(account).toMatchObject({ rawBits: whole.result.rawBits, secretBits: whole.result.secretBits });
  });

  it("tracks a phase that turns: what is left is far less than what was there", () => {
    const phase = whole.events.find((event) => event.type === "phase")!;
    const turned = Math.abs(phase.phaseRad.at(-1)! - phase.phaseRad[0]!);
    const left = Math.sqrt(phase.residualRad.reduce((sum, angle) => sum + angle * angle, 0) / phase.residualRad.length);
    expect(left).toBeLessThan(0.3);
    expect(turned).toBeGreaterThan(3 * left);
  });

  it("gives the same result again", async () => {
    expect(timeless((await session()).result)).toEqual(timeless(whole.result));
  });
});

describe("a session in several blocks of time", () => {
  let cut: Session;
  beforeAll(async () => {
    cut = await session({ largestBlockClicks: 4e6 });
  }, 60_000);

  it("counts the same clicks", () => {
    const { rawBits, acceptedX, wrongX, pulses } = whole.result;
    expect(cut.result).toMatchObject({ rawBits, acceptedX, wrongX, pulses, status: "key", keysIdentical: true });
    expect(cut.result.blocks).toBeGreaterThan(2);
  });

  it("pays for the bounds of every block", () => {
    const { result } = cut;
    expect(result.blocksWithKey).toBe(result.blocks);
    expect(result.secretBits).toBeLessThan(whole.result.secretBits);
    expect(result.secretBits).toBeGreaterThan(whole.result.secretBits / 3);
    const bill = result.account!.bits.reduce((sum, line) => sum + line.bits, 0);
    expect(bill).toBeCloseTo(result.secretBits, 3);
    const { epsilons, epsilonTotal } = result.account!;
    const spent = epsilons.reduce((sum, { multiplicity, each }) => sum + multiplicity * each, 0);
    expect(spent / epsilonTotal).toBeCloseTo(1, 9);
    expect(epsilonTotal).toBeGreaterThan(0.9 * result.blocks * whole.result.account!.epsilonTotal);
  });

  it("puts the keys of its blocks behind each other", () => {
    const [keys] = cut.keys;
    expect(keys!.keyBits).toBe(cut.result.secretBits);
    expect(keys!.digests).toEqual([cut.result.aliceKeySha256, cut.result.bobKeySha256]);
    expect(cut.blocks.map(({ number }) => number)).toEqual(cut.blocks.map((_, i) => i));
    expect(cut.blocks.reduce((sum, { terms }) => sum + terms.pulses, 0)).toBe(6e8);
    const leaked = cut.blocks.reduce((sum, { transcript }) => sum + disclosedInTranscript(transcript), 0);
    expect(leaked).toBe(cut.result.leakedBits);
  });

  it("cuts by what is expected: the preset at 1e12 pulses in one block, at 1e13 in several", async () => {
    const blocksAt = async (pulses: number) => timeBlocks((await planNetwork(weiming({ pulses }))).links[0]!);
    expect(await blocksAt(1e12)).toHaveLength(1);
    const many = await blocksAt(1e13);
    expect(many.length).toBeGreaterThan(4);
    expect(many.at(-1)!.end).toBe(1e13);
    expect(many.every(({ end, pulses }, i) => end - pulses === (many[i - 1]?.end ?? 0))).toBe(true);
  });
});

describe("a session with a fault", () => {
  it.each<[string, PairOptions["interference"]]>([
    ["a byte changed after decoding", { afterDecoding: (corrected) => corrected.fill(1, 9, 10) }],
    [
      "one side's bits flipped after sifting",
      { afterSifting: (user, raw) => raw.fill(0, 0, user === "bob" ? raw.length : 0) },
    ],
    ["phase tracking off", { beforeCounting: ({ tracking: _, ...run }) => run }],
  ])("%s: no key, or a shorter one, never two", async (_name, interference) => {
    const { result, keys } = await session({ interference });
    expect(result.secretBits).toBeLessThan(0.9 * whole.result.secretBits);
    if (result.status === "key") expect(result.keysIdentical).toBe(true);
    else {
      expect(result.reason).not.toBe("");
      expect(keys).toEqual([]);
      expect(result.secretBits).toBe(0);
    }
  });
});
