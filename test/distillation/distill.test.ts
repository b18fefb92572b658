import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encode } from "@msgpack/msgpack";
import { beforeAll, describe, expect, it } from "vitest";
import { bitAt, byteLength } from "../../src/bits.ts";
import { type Distillation, disclosedInTranscript, distill, replayBob } from "../../src/distillation/distill.ts";
import { decodeMessage, encodeMessage } from "../../src/distillation/message.ts";
import type { CodePlanes } from "../../src/kernels/click-columns.ts";
import { countShortLink, fresh, type ShortLink } from "./short-link.ts";

let link: ShortLink;
let outcome: Distillation;

beforeAll(async () => {
  link = await countShortLink();
  outcome = await distill(link.terms, fresh(link.alice), fresh(link.bob), link.server);
});

/** The same codes in another order, event by event up to whole bytes. */
function reversed(planes: CodePlanes): CodePlanes {
  return planes.map((plane) => {
    const other = plane.slice();
    other.set(plane.subarray(0, -1).slice().reverse());
    return other;
  }) as unknown as CodePlanes;
}

function keyOf(side: Distillation["alice"]): Uint8Array {
  if (side.status !== "key") throw new Error(`no key: ${side.reason}`);
  return side.key;
}

describe("distillation", () => {
  it("gives both sides one key, as long as the account says", () => {
    expect(keyOf(outcome.bob)).toEqual(keyOf(outcome.alice));
    const { length } = outcome.alice;
    const bill = length!.account.bits.reduce((sum, line) => sum + line.bits, 0);
    expect(keyOf(outcome.alice).length).toBe(Math.ceil(Math.floor(bill) / 8));
    expect(outcome.bob.length).toEqual(length);
    const { epsilons, epsilonTotal } = length!.account;
    expect(epsilons.reduce((sum, term) => sum + term.multiplicity * term.each, 0)).toBe(epsilonTotal);
    expect(epsilons.find(({ name }) => name === "authentication")!.each).toBeGreaterThan(0);
  });

  it("subtracts exactly the bits that the transcript discloses", () => {
    const { disclosedBits, tagBits } = outcome.bob.reconciliation!;
    expect(disclosedInTranscript(outcome.transcript)).toBe(disclosedBits + tagBits);
    const line = (name: string) => outcome.alice.length!.account.bits.find((entry) => entry.name === name)!.bits;
    expect(line("error correction")).toBe(-disclosedBits);
    expect(line("verification")).toBe(-tagBits);
  });

  it("pays for the authentication of every message of the users", () => {
    const line = outcome.alice.length!.account.bits.find((entry) => entry.name === "authentication")!;
    const tags = outcome.transcript.flatMap((entry) => (entry.tag === undefined ? [] : [entry.tag]));
    expect(-line.bits).toBe(8 * tags.reduce((sum, tag) => sum + tag.length, 0));
    expect(outcome.transcript.filter((entry) => entry.from !== "server")).toHaveLength(tags.length);
  });

  it("announces nothing about Z-Z events: one code for every other event and no more", () => {
    const isX = ({ settings }: ShortLink["alice"], e: number) => bitAt(settings[1], e) + bitAt(settings[2], e) > 0;
    let open = 0;
    for (let e = 0; e < link.server.events; e++) if (isX(link.alice, e) || isX(link.bob, e)) open++;
    for (const { bytes } of outcome.transcript) {
      const message = decodeMessage(bytes);
      if (message.type !== "settings") continue;
      for (const plane of message.codes) {
        expect(plane.length).toBe(byteLength(open));
        expect(plane.at(-1)! >> (open % 8 || 8)).toBe(0);
      }
    }
  });

  it("lets Bob find his key again in another process, from his notebook and the transcript alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "twincomb-"));
    try {
      const file = join(folder, "bob.msgpack");
      const records = { ...link.bob, phases: [...link.bob.phases] };
      writeFileSync(file, encode({ terms: link.terms, records, transcript: outcome.transcript }));
      const dist = resolve(import.meta.dirname, "../../dist");
      const script = `
        import { readFileSync } from "node:fs";
        import { decode } from "@msgpack/msgpack";
        const at = (path) => import("${dist}/" + path);
        const { replayBob } = await at("distillation/distill.js");
        const { simulatedAuthenticator } = await at("distillation/authentication.js");
        const { simulatedRandomness } = await at("distillation/randomness.js");
        const { philoxKey } = await at("random.js");
        const { terms, records, transcript } = decode(readFileSync(process.argv[1]));
        const key = philoxKey("belongings");
        const bob = {
          records: { ...records, phases: Uint16Array.from(records.phases) },
          randomness: simulatedRandomness(key, 0),
          authenticator: simulatedAuthenticator(key, 0),
        };
        const outcome = await replayBob(terms, bob, transcript);
        console.log(Buffer.from(outcome.key).toString("hex"));
      `;
      const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script, file], {
        encoding: "utf8",
        cwd: resolve(dist, ".."),
      });
      expect(printed.trim()).toBe(Buffer.from(keyOf(outcome.alice)).toString("hex"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("a replay with another notebook does not say what Bob said", async () => {
    const settings = reversed(link.bob.settings);
    await expect(replayBob(link.terms, fresh({ ...link.bob, settings }), outcome.transcript)).rejects.toThrow(
      /not that of the transcript/,
    );
  });
});

describe("what must not become a key", () => {
  it("one bit flipped after decoding: verification fails on both sides and nobody holds a key", async () => {
    const spoiled = await distill(link.terms, fresh(link.alice), fresh(link.bob), link.server, {
      afterDecoding: (corrected) => {
        corrected[100]! ^= 1;
      },
    });
    for (const side of [spoiled.alice, spoiled.bob]) {
      expect(side.status).toBe("no-key");
      expect(side.status === "no-key" && side.reason).toMatch(/verification failed/);
      expect(side).not.toHaveProperty("key");
    }
  });

  it("a message changed on its way is not authentic", async () => {
    const transcript = outcome.transcript.map((entry) => {
      const message = decodeMessage(entry.bytes);
      if (message.type !== "amplification") return entry;
      return { ...entry, bytes: encodeMessage({ ...message, outputBits: message.outputBits + 1 }) };
    });
    await expect(replayBob(link.terms, fresh(link.bob), transcript)).rejects.toThrow(/not authentic/);
  });

  it("counts whose bounds leave nothing end before error correction, with a reason", async () => {
    // Phases in the wrong order are what a loop that lost the phase would leave: half of the slices' clicks are wrong.
    const lost = { ...link.bob, phases: link.bob.phases.slice().reverse() };
    const poor = await distill(link.terms, fresh(link.alice), fresh(lost), link.server);
    expect(poor.alice).toMatchObject({ status: "no-key", reason: expect.stringMatching(/bounds/) });
    expect(poor.bob.status).toBe("no-key");
    expect(disclosedInTranscript(poor.transcript)).toBe(0);
  });

  it("records that do not belong together are refused", async () => {
    const events = link.bob.events - 9;
    const settings = link.bob.settings.map((plane) => plane.slice(0, byteLength(events))) as unknown as CodePlanes;
    await expect(
      distill(link.terms, fresh(link.alice), fresh({ ...link.bob, events, settings }), link.server),
    ).rejects.toThrow(/not those of the (announced )?events/);
  });
});
