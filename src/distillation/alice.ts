/**
 * Alice's side of the distillation, from her notebook to her key.
 *
 * She knows what she sent and what the others say in public; nothing of Bob's notebook is in reach of this code.
 *
 * @module
 */
import { type Bits, hammingDistance } from "../bits.ts";
import { PackedBits } from "../kernels/packed-bits.ts";
import { SETTING } from "../kernels/photons-run.ts";
import type { ObservedCounts } from "../protocol/counts.ts";
import { PURPOSE } from "../random.ts";
import { type Endpoint, NoKey } from "./channel.ts";
import { cutSample } from "./error-sample.ts";
import { answerPairs, keepEarlier, pairingCounts } from "./pairing.ts";
import type { PrivateRandomness } from "./randomness.ts";
import { planReconciliation, SyndromeSource } from "./reconciliation.ts";
import { ErrorRateProbe } from "./reconciliation-probe.ts";
import type { UserRecords } from "./records.ts";
import { announcedCounts, announcedSettings, jointWindows, rawKey, zWindows } from "./sifting.ts";
import type { Terms, UserOutcome, Watcher } from "./terms.ts";
import { amplify, boundsOf, checkCounts, concluding, drawSeed, finalLength } from "./user.ts";
import { VERIFICATION_KEY_BYTES, VERIFICATION_TAG_BITS, verificationTag } from "./verification.ts";

/**
 * Plays Alice.
 *
 * @param records - her notebook
 * @param terms - the public agreement
 * @param channel - her end of the public channel
 * @param randomness - her private randomness
 * @param watcher - told how far she is
 * @returns her key, or why there is none
 */
export async function playAlice(
  records: UserRecords,
  terms: Terms,
  channel: Endpoint,
  randomness: PrivateRandomness,
  watcher: Watcher = {},
): Promise<UserOutcome> {
  return concluding(channel, async (findings) => {
    using strings = await PackedBits.load();

    // Sifting: what happened, and where no key bit is at stake, what was sent.
    const detections = await channel.receive("detections", "server");
    watcher.onStage?.("sifting");
    const { z: zAlice } = channel.send({ type: "windows", z: zWindows(records) });
    const { z: zBob } = await channel.receive("windows", "bob");
    const corrections = await channel.receive("corrections", "server");
    const windows = jointWindows(zAlice, zBob, records.events);
    const alice = channel.send(announcedSettings(strings, records, windows));
    const bob = await channel.receive("settings", "bob");
    const said = { detections, zAlice, zBob, windows, alice, bob, corrections };
    const counts = announcedCounts(strings, said, terms.settings, terms.pulses);
    checkCounts(counts, terms);

    // A sample of raw bits is given up; where bits are paired, odd pairs keep their earlier bit.
    const sample = await channel.receive("sample", "bob");
    const rawBits = rawKey(strings, records, windows, SETTING.zSend);
    watcher.afterSifting?.("alice", rawBits.key);
    const raw = cutSample(rawBits, sample.choice, terms.settings.sampleFraction ?? 0);
    const errors = hammingDistance(raw.sample.key, sample.bits);
    let observed: ObservedCounts = { ...counts, sample: { events: raw.sample.bits, errors } };
    let sifted: Bits = raw.kept;
    if (terms.pairing !== "none") {
      const { body: pairs } = await channel.receive("pairing", "bob");
      watcher.onStage?.("pairing");
      const odd = await answerPairs(raw.kept, pairs);
      channel.send({ type: "odd-pairs", body: odd });
      sifted = keepEarlier(strings, raw.kept, pairs, odd);
      observed = { ...observed, pairing: pairingCounts(pairs, odd) };
    }
    findings.counts = observed;

    // What the announced counts are worth, whatever error correction will cost.
    const bound = boundsOf(observed, terms);
    findings.length = bound;
    if (bound.keyLength === 0) throw new NoKey("the bounds leave no key even without error correction");

    // Error correction: she says, Bob corrects.
    watcher.onStage?.("reconciling");
    const learned =
      raw.sample.bits > 0 ? { qber: errors / raw.sample.bits, disclosedBits: 0 } : await askErrorRate(sifted, channel);
    const plan = planReconciliation(sifted.bits, learned.qber);
    channel.send({ type: "plan", sampled: raw.sample.bits, errors, plan });
    using source = await SyndromeSource.create(plan, sifted.key);
    let message = source.first();
    let disclosedBits = learned.disclosedBits + message.disclosedBits;
    let failedFrames = 0;
    for (let round = 0; ; round++) {
      watcher.beforeSyndromes?.(message);
      channel.send({ type: "syndromes", body: message });
      const { body: request } = await channel.receive("syndrome-request", "bob");
      if (request === null) break;
      if (round === 0) failedFrames = request.frames.length;
      message = source.more(request);
      disclosedBits += message.disclosedBits;
    }

    // Verification: a hash drawn only now.
    watcher.onStage?.("verifying");
    const hashKey = await randomness.bytes(PURPOSE.verification, VERIFICATION_KEY_BYTES);
    channel.send({ type: "verification", key: hashKey, tag: verificationTag(hashKey, sifted.key) });
    const { agreed } = await channel.receive("verdict", "bob");
    findings.reconciliation = {
      bits: sifted.bits,
      plannedErrorRate: plan.qber,
      corrected: null,
      disclosedBits,
      tagBits: VERIFICATION_TAG_BITS,
      frameErrorRate: failedFrames / plan.frames,
    };
    if (!agreed) throw new NoKey("verification failed: the corrected keys differ");

    // Privacy amplification: as long as the bounds and everything disclosed allow.
    watcher.onStage?.("amplifying");
    const length = finalLength(observed, terms, {
      bits: sifted.bits,
      disclosedBits,
      messages: channel.messages + 1,
      longestMessage: channel.longestMessage,
    });
    findings.length = length;
    if (length.keyLength === 0) throw new NoKey("nothing is left after error correction");
    const seed = await drawSeed(randomness, sifted.bits, length.keyLength);
    channel.send({ type: "amplification", outputBits: length.keyLength, seed });
    return { key: await amplify(sifted, length.keyLength, seed), keyBits: length.keyLength };
  });
}

/** Learns the error rate from parities that Bob tells. */
async function askErrorRate({ bits, key }: Bits, channel: Endpoint): Promise<{ qber: number; disclosedBits: number }> {
  const probe = new ErrorRateProbe(bits, key);
  for (;;) {
    const request = probe.next();
    channel.send({ type: "probe-request", body: request });
    if (request === null) return probe;
    probe.receive((await channel.receive("probe-answer", "bob")).body);
  }
}
