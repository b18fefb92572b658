/**
 * One text and one hash for one value: keys sorted, numbers as JSON writes them.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with sorted keys and no spaces: equal values give equal text, however they were written.
 *
 * @param value - anything that JSON can hold; keys without a value are left out
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const encoder = new TextEncoder();

/**
 * SHA-256 of a value's canonical JSON.
 *
 * @param value - anything that JSON can hold
 * @returns 32 bytes
 */
export function digest(value: unknown): Uint8Array {
  return sha256(encoder.encode(canonicalJson(value)));
}
