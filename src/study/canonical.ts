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
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  // Plain loops: this runs for every point of a study.
  let text = "";
  if (Array.isArray(value)) {
    for (const entry of value) text += `${text === "" ? "" : ","}${canonicalJson(entry ?? null)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const entry = (value as Record<string, unknown>)[key];
    if (entry !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalJson(entry)}`;
  }
  return `{${text}}`;
}

/** Keys of scenarios are few and come again and again. */
const keys = new Map<string, string>();
/** Keys that are kept; somebody's data may have others without end. */
const KEPT = 1000;

function quoted(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (keys.size < KEPT) keys.set(key, text);
  return text;
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
