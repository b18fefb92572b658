import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitAt } from "../../src/bits.ts";
import type { UserRecords } from "../../src/distillation/records.ts";
import { TwincombError } from "../../src/errors.ts";
import { SETTING_NAMES } from "../../src/kernels/photons-run.ts";
import type { RecordFile } from "../../src/network/records/click-rows.ts";
import { type RecordedClicks, readNotebooks } from "../../src/network/records/recorded-clicks.ts";

/** A file of text that arrives in pieces of some bytes. */
function file(name: string, text: string, piece: number = 1 << 20): RecordFile {
  const bytes = new TextEncoder().encode(text);
  return {
    name,
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}

const ALICE = "slot,setting,phase\n3,z-send,\n7,x1,100\n8,x1,200\n20,x0,300\n";
const BOB = "slot,setting,phase\n3,z-not,\n7,x2,65535\n8,z-not,77\n20,x1,0\n";
const SERVER = "slot,detector,correction\n3,L,\n7,R,10\n8,R,20\n20,L,30\n";

function recorded(changes: Partial<Record<keyof RecordedClicks, string>> = {}, piece?: number): RecordedClicks {
  return {
    alice: file("a.csv", changes.alice ?? ALICE, piece),
    bob: file("b.csv", changes.bob ?? BOB, piece),
    server: file("s.csv", changes.server ?? SERVER, piece),
  };
}

/** One setting code an event. */
function codes({ events, settings }: UserRecords): number[] {
  return Array.from({ length: events }, (_, e) =>
    settings.reduce((code, plane, j) => code | (bitAt(plane, e) << j), 0),
  );
}

async function refusal(changes: Partial<Record<keyof RecordedClicks, string>>): Promise<string> {
  try {
    await readNotebooks(recorded(changes), 1000);
  } catch (error) {
    if (error instanceof TwincombError && error.code === "invalid-input") return error.message;
    throw error;
  }
  throw new Error("the records were accepted");
}

describe("recorded clicks", () => {
  it.each([1, 2, 7, 1 << 20])("become notebooks, whatever pieces of %i bytes they arrive in", async (piece) => {
    const { alice, bob, server } = await readNotebooks(recorded({}, piece), 21);
    expect(codes(alice)).toEqual([0, 3, 3, 2]);
    expect(codes(bob)).toEqual([1, 4, 1, 3]);
    // Event 2 is X-Z: nobody's phase of it is kept.
    expect([...alice.phases]).toEqual([100, 300]);
    expect([...bob.phases]).toEqual([65535, 0]);
    expect([...server.corrections]).toEqual([10, 30]);
    expect(server.events).toBe(4);
    expect(Array.from({ length: 4 }, (_, e) => bitAt(server.right, e))).toEqual([0, 1, 1, 0]);
  });

  it("may have lines that end as on Windows", async () => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    const same = await readNotebooks(recorded({ alice: crlf(ALICE), bob: crlf(BOB), server: crlf(SERVER) }), 21);
    expect(same).toEqual(await readNotebooks(recorded(), 21));
  });

  it("may be empty but for their first lines", async () => {
    const [user, server] = ["slot,setting,phase\n", "slot,detector,correction\n"];
    const empty = await readNotebooks(recorded({ alice: user, bob: user, server }), 21);
    expect(empty.server.events).toBe(0);
    expect(empty.alice.events).toBe(0);
  });

  it("keep their order over more rows than one batch holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 65_530, max: 131_100 }), fc.integer({ min: 1, max: 99 }), async (n, seed) => {
        const setting = (side: number, e: number) => ((e * 7919 + side * 104_729 + seed) >> 2) % 5;
        const rows = (head: string, row: (e: number) => string) =>
          `${head}\n${Array.from({ length: n }, (_, e) => `${2 * e},${row(e)}\n`).join("")}`;
        const user = (side: number) =>
          rows("slot,setting,phase", (e) => `${SETTING_NAMES[setting(side, e)]},${(e + side) & 0xffff}`);
        const files = {
          alice: user(1),
          bob: user(2),
          server: rows("slot,detector,correction", (e) => `${e % 3 === 0 ? "R" : "L"},${e & 0xffff}`),
        };
        const { alice, bob, server } = await readNotebooks(recorded(files, 10_007), 2 * n);
        const all = Array.from({ length: n }, (_, e) => e);
        const xx = all.filter((e) => setting(1, e) > 1 && setting(2, e) > 1);
        expect(codes(alice)).toEqual(all.map((e) => setting(1, e)));
        expect([...alice.phases]).toEqual(xx.map((e) => (e + 1) & 0xffff));
        expect([...bob.phases]).toEqual(xx.map((e) => (e + 2) & 0xffff));
        expect([...server.corrections]).toEqual(xx.map((e) => e & 0xffff));
        expect(all.every((e) => bitAt(server.right, e) === (e % 3 === 0 ? 1 : 0))).toBe(true);
      }),
      { numRuns: 3 },
    );
  });
});

describe("records that are not as they must be are refused with file, line, column and what was expected", () => {
  it.each<[string, Partial<Record<keyof RecordedClicks, string>>, RegExp]>([
    ["an empty file", { alice: "" }, /^a\.csv, line 1: expected "slot,setting,phase", got "nothing"/],
    ["another first line", { server: SERVER.replace("detector", "det") }, /^s\.csv, line 1: expected "slot,detector,c/],
    ["a user's file for the server's", { server: ALICE }, /^s\.csv, line 1: expected "slot,detector,correction"/],
    ["an unknown setting", { alice: ALICE.replace("x0", "x3") }, /^a\.csv, line 5, setting: .*z-not.*, got "x3"/],
    [
      "an unknown detector",
      { server: SERVER.replace("7,R", "7,B") },
      /^s\.csv, line 3, detector: expected one of L, R/,
    ],
    ["a slot that is no number", { bob: BOB.replace("8,", "8.0,") }, /^b\.csv, line 4, slot: .*whole number.*"8\.0"/],
    ["a slot without digits", { bob: BOB.replace("\n8,", "\n,") }, /^b\.csv, line 4, slot: .*got ""/],
    ["a slot beyond 2^53", { bob: BOB.replace("20,", "99999999999999999,") }, /^b\.csv, line 5, slot/],
    [
      "a slot beyond the last",
      { server: SERVER.replace("20,", "1000,") },
      /line 5, slot: expected less than 1000 pulses/,
    ],
    ["slots out of order", { server: SERVER.replace("8,R", "6,R") }, /^s\.csv, line 4, slot: .*the slot before, 7/],
    ["a slot twice", { server: SERVER.replace("8,R", "7,R") }, /^s\.csv, line 4, slot/],
    [
      "another slot than announced",
      { alice: ALICE.replace("7,", "6,") },
      /^a\.csv, line 3, slot: expected 7, .*s\.csv/,
    ],
    ["a phase beyond a turn", { alice: ALICE.replace("100", "65536") }, /^a\.csv, line 3, phase: .*65535.*"65536"/],
    ["a negative phase", { alice: ALICE.replace("100", "-1") }, /^a\.csv, line 3, phase/],
    ["a phase in rad", { alice: ALICE.replace("100", "3.1") }, /^a\.csv, line 3, phase/],
    ["no phase where it is needed", { bob: BOB.replace("65535", "") }, /^b\.csv, line 3, phase: .*both users chose X/],
    ["no correction", { server: SERVER.replace(",30", ",") }, /^s\.csv, line 5, correction: .*both users chose X/],
    ["a column too few", { alice: ALICE.replace("x1,100", "x1") }, /^a\.csv, line 3: expected "slot,setting,phase"/],
    ["a column too many", { alice: ALICE.replace("100", "100,1") }, /^a\.csv, line 3: expected "slot,setting,phase"/],
    ["an empty line", { alice: `${ALICE}\n` }, /^a\.csv, line 6: expected "slot,setting,phase", got ""/],
    ["a row too few", { alice: ALICE.replace("20,x0,300\n", "") }, /^a\.csv: expected as many rows as s\.csv/],
    ["a row too many", { bob: `${BOB}21,x0,1\n` }, /^b\.csv: expected as many rows as s\.csv.*more than 4 rows/],
    ["a file cut off in a number", { server: SERVER.slice(0, -2) }, /^s\.csv, line 5: .*cut off.*got "20,L,3"/],
    ["a file that is no text", { alice: "slot,setting,phase\n\u0000\u0001\u0002" }, /^a\.csv, line 2/],
    ["a line without end", { alice: `slot,setting,phase\n${"1".repeat(1e6)}` }, /^a\.csv, line 2/],
  ])("%s", async (_, changes, message) => {
    expect(await refusal(changes)).toMatch(message);
  });

  it("stop when they are told to", async () => {
    await expect(readNotebooks(recorded(), 21, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
  });
});
