/**
 * Files of bit-packed keys: bit i is `(byte[i >> 3] >> (i & 7)) & 1`, the unused bits of the last byte are 0.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { byteLength } from "../bits.ts";
import { invalid, TwincombError } from "../errors.ts";

/**
 * Reads a key of known length.
 *
 * @param option - the option that named the file, for messages
 * @param file - path, `-` for standard input
 * @param bits - length of the key in bits
 * @throws {@link TwincombError} `invalid-input` when the file cannot be read, is not as long as it must be, or sets
 * unused bits
 */
export function readKey(option: string, file: string, bits: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file === "-" ? 0 : file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TwincombError("invalid-input", `${option}: ${file} cannot be read (${reason})`, {
      parameter: option,
      cause,
    });
  }
  const expected = byteLength(bits);
  if (bytes.length !== expected) throw invalid(option, `${bytes.length} bytes`, `${expected} bytes for ${bits} bits`);
  if (bits % 8 !== 0 && bytes[expected - 1]! >> (bits % 8) !== 0) {
    throw invalid(option, "a last byte with unused bits set", `zeros behind bit ${bits - 1}`);
  }
  return bytes;
}

/**
 * Writes a key: all of it, or nothing. Only its owner can read the file.
 *
 * @param file - path
 * @param key - the packed key
 * @throws {@link TwincombError} `internal` when the file cannot be written
 */
export async function writeKey(file: string, key: Uint8Array): Promise<void> {
  await writeFileAtomic(file, Buffer.from(key.buffer, key.byteOffset, key.length), { mode: 0o600 });
}
