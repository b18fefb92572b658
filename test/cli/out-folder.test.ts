import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openOutFolder } from "../../src/cli/out-folder.ts";
import { decodeTranscript, encodeMessage, type TranscriptEntry } from "../../src/distillation/index.ts";
import { temporaryFolder } from "./twincomb.ts";

const folder = temporaryFolder();
const keys = { keyBits: 12, aliceKey: Uint8Array.of(0xff, 0x0f), bobKey: Uint8Array.of(0xff, 0x0f) };
const entry = (reason: string): TranscriptEntry => ({
  from: "alice",
  bytes: encodeMessage({ type: "no-key", reason }),
  tag: new Uint8Array(16),
});
const left = () => readdirSync(folder).filter((name) => name.startsWith("."));

/** A small output. */
function fill(path: string, note: string) {
  const out = openOutFolder(path);
  out.addBlock(0, "A1-B1", [entry("first"), entry("second")]);
  out.addBlock(0, "A1-B1", [entry("another block")]);
  out.addKeys(0, "A1-B1", keys);
  out.addJson("result.json", { note });
  return out;
}

describe("the folder of a run", () => {
  it("appears whole, with keys that only their owner can read", () => {
    const path = join(folder, "whole");
    const out = fill(path, "whole");
    expect(existsSync(path)).toBe(false);
    out.commit();
    out.discard();
    expect(readdirSync(path).sort()).toEqual(["keys", "result.json", "transcripts"]);
    for (const side of ["alice", "bob"]) {
      const file = join(path, "keys", `01-A1-B1.${side}.key`);
      expect([...readFileSync(file)]).toEqual([0xff, 0x0f]);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const transcript = decodeTranscript(readFileSync(join(path, "transcripts", "01-A1-B1.msgpack")));
    expect(transcript.map(({ from, tag, bytes }) => [from, tag!.length, Buffer.from(bytes).includes("block")])).toEqual(
      [
        ["alice", 16, false],
        ["alice", 16, false],
        ["alice", 16, true],
      ],
    );
    expect(left()).toEqual([]);
  });

  it("leaves nothing behind when it is discarded", () => {
    fill(join(folder, "discarded"), "discarded").discard();
    expect(existsSync(join(folder, "discarded"))).toBe(false);
    expect(left()).toEqual([]);
  });

  it("replaces an earlier output, and only when all is written", () => {
    const path = join(folder, "again");
    fill(path, "old").commit();
    const out = fill(path, "new");
    expect(readFileSync(join(path, "result.json"), "utf8")).toMatch(/old/);
    out.commit();
    expect(readFileSync(join(path, "result.json"), "utf8")).toMatch(/new/);
    expect(left()).toEqual([]);
  });

  it("takes an empty folder", () => {
    const path = join(folder, "empty");
    mkdirSync(path);
    fill(path, "full").commit();
    expect(readdirSync(path)).toContain("result.json");
  });

  it.each([
    ["a folder with anything else", ["notes.txt"], /it has no result\.json/],
    ["an earlier output with a stranger's file", ["result.json", "notes.txt"], /notes\.txt is not ours/],
    ["an earlier output with a stranger's file among the keys", ["result.json", "keys/id_rsa"], /id_rsa is not ours/],
    ["a file in place of a folder of ours", ["result.json", "keys"], /keys is not ours/],
  ])("refuses %s and leaves it alone", (name, files, message) => {
    const path = join(folder, name.replaceAll(" ", "-"));
    for (const file of files) {
      mkdirSync(join(path, file, ".."), { recursive: true });
      writeFileSync(join(path, file), "mine");
    }
    expect(() => openOutFolder(path)).toThrow(message);
    for (const file of files) expect(readFileSync(join(path, file), "utf8")).toBe("mine");
    expect(left()).toEqual([]);
  });

  it("refuses a file", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => openOutFolder(join(folder, "file"))).toThrow(/there is a file of that name/);
  });

  it("gives names to files that every system allows", () => {
    const path = join(folder, "names");
    const out = openOutFolder(path);
    for (const [i, name] of ["../../etc/passwd", "a/b", "a:b", "ä€\0", "x".repeat(300)].entries())
      out.addKeys(i, name, keys);
    out.commit();
    for (const name of readdirSync(join(path, "keys")))
      expect(name).toMatch(/^\d\d-[A-Za-z0-9_-]{1,60}\.(alice|bob)\.key$/);
    expect(readdirSync(join(path, "keys"))).toHaveLength(10);
  });
});
