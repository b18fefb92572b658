/**
 * Bob's side of the distillation, from his notebook to his key.
 *
 * He knows what he sent and what the others say in public; nothing of Alice's notebook is in reach of this code.
 *
 * @module
 */
import { type Bits, hammingDistance } from "../bits.ts";
import { TwincombError } from "../errors.ts";
import { PackedBits } from "../kernels/packed-bits.ts";
import { SETTING } from "../kernels/photons-run.ts";
import type { ObservedCounts } from "../protocol/counts.ts";
import { PURPOSE } from "../random.ts";
import { type Endpoint, NoKey } from "./channel.ts";
import { cutSample } from "./error-sample.ts";
import { drawPairs, keepEarlier, type PairsMessage, pairingCounts } from "./pairing.ts";
import type { PrivateRandomness } from "./randomness.ts";
import { SyndromeDecoder } from "./reconciliation.ts";
import { ProbeSource } from "./reconciliation-probe.ts";
import type { UserRecords } from "./records.ts";
import { announcedCounts, announcedSettings, jointWindows, rawKey, zWindows } from "./sifting.ts";
import type { Terms, UserOutcome, Watcher } from "./terms.ts";
import { amplify, checkCounts, concluding, finalLength } from "./user.ts";
import { VERIFICATION_TAG_BITS, verificationTag } from "./verification.ts";

/**
 * Plays Bob.
 *
 * @param records - his notebook
 * @param terms - the public agreement
 * @param channel - his end of the public channel
 * @param randomness - his private randomness
 * @param watcher - told how far he is
 * @returns his key, or why there is none
 */
export async function playBob(
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
    const { z: zAlice } = await channel.receive("windows", "alice");
    const { z: zBob } = channel.send({ type: "windows", z: zWindows(records) });
    const corrections = await channel.receive("corrections", "server");
    const alice = await channel.receive("settings", "alice");
    const windows = jointWindows(zAlice, zBob, records.events);
    const bob = channel.send(announcedSettings(strings, records, windows));
    const said = { detections, zAlice, zBob, windows, alice, bob, corrections };
    const counts = announcedCounts(strings, said, terms.settings, terms.pulses);
    checkCounts(counts, terms);

    // A sample of raw bits is given up; where bits are paired, odd pairs keep their earlier bit.
    const choice = new DataView((await randomness.bytes(PURPOSE.errorSample, 8)).buffer);
    const sampleChoice = [choice.getUint32(0, true), choice.getUint32(4, true)] as const;
    const rawBits = rawKey(strings, records, windows, SETTING.zNot);
    watcher.afterSifting?.("bob", rawBits.key);
    const raw = cutSample(rawBits, sampleChoice, terms.settings.sampleFraction ?? 0);
    channel.send({ type: "sample", choice: sampleChoice, bits: raw.sample.key });
    let sifted: Bits = raw.kept;
    let observed: ObservedCounts = counts;
    if (terms.pairing !== "none") {
      watcher.onStage?.("pairing");
      const announce = (body: PairsMessage) => channel.send({ type: "pairing", body });
      const { body: pairs } = await drawPairs(raw.kept, terms.pairing, randomness, announce);
      const { body: odd } = await channel.receive("odd-pairs", "alice");
      sifted = keepEarlier(strings, raw.kept, pairs, odd);
      observed = { ...observed, pairing: pairingCounts(pairs, odd) };
    }
    let disclosedBits = raw.sample.bits > 0 ? 0 : await tellParities(sifted, channel);
    const { plan, sampled, errors } = await channel.receive("plan", "alice");
    if (sampled !== raw.sample.bits || plan.bits !== sifted.bits) {
      throw new TwincombError("protocol", "the two sides disagree on the number of raw bits");
    }
    observed = { ...observed, sample: { events: sampled, errors } };
    findings.counts = observed;

    // Error correction: Alice says, he corrects.
    watcher.onStage?.("reconciling");
    using decoder = await SyndromeDecoder.create(plan, sifted.key);
    let failedFrames = 0;
    for (let round = 0; ; round++) {
      const { body } = await channel.receive("syndromes", "alice");
      disclosedBits += body.disclosedBits;
      const request = await decoder.receive(body);
      channel.send({ type: "syndrome-request", body: request });
      if (request === null) break;
      if (round === 0) failedFrames = request.frames.length;
    }
    const corrected = decoder.corrected();
    watcher.afterDecoding?.(corrected);

    // Verification: Alice's hash, on his own key.
    const { key: hashKey, tag } = await channel.receive("verification", "alice");
    watcher.onStage?.("verifying");
    const agreed = hammingDistance(verificationTag(hashKey, corrected), tag) === 0;
    findings.reconciliation = {
      bits: sifted.bits,
      plannedErrorRate: plan.qber,
      corrected: hammingDistance(corrected, sifted.key),
      disclosedBits,
      tagBits: VERIFICATION_TAG_BITS,
      frameErrorRate: failedFrames / plan.frames,
    };
    channel.send({ type: "verdict", agreed });
    if (!agreed) throw new NoKey("verification failed: the corrected keys differ");

    // Privacy amplification: he checks that the length Alice announces is what he computes himself.
    const { outputBits, seed } = await channel.receive("amplification", "alice");
    watcher.onStage?.("amplifying");
    const length = finalLength(observed, terms, {
      bits: sifted.bits,
      disclosedBits,
      messages: channel.messages,
      longestMessage: channel.longestMessage,
    });
    findings.length = length;
    if (outputBits !== length.keyLength) {
      throw new TwincombError(
        "protocol",
        `Alice announces a key of ${outputBits} bits, the counts give ${length.keyLength}`,
      );
    }
    return { key: await amplify({ bits: sifted.bits, key: corrected }, outputBits, seed), keyBits: outputBits };
  });
}

/** Tells the parities from which Alice learns the error rate; returns how many bits they disclose. */
async function tellParities({ bits, key }: Bits, channel: Endpoint): Promise<number> {
  const source = new ProbeSource(bits, key);
  for (let disclosedBits = 0; ; ) {
    const { body: request } = await channel.receive("probe-request", "alice");
    if (request === null) return disclosedBits;
    const answer = source.answer(request);
    disclosedBits += answer.disclosedBits;
    channel.send({ type: "probe-answer", body: answer });
  }
}
