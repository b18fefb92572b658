/**
 * What a result depends on beside its input: the code and the WebAssembly kernels.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { base64 as bits } from "../kernels/wasm/bits.ts";
import { base64 as comb } from "../kernels/wasm/comb.ts";
import { base64 as ghash } from "../kernels/wasm/ghash.ts";
import { base64 as ldpc } from "../kernels/wasm/ldpc.ts";
import { base64 as photons } from "../kernels/wasm/photons.ts";
import { base64 as toeplitz } from "../kernels/wasm/toeplitz.ts";
import { STREAM_VERSION } from "../network/index.ts";
import { VERSION } from "../version.ts";

/** Versions of everything that computes. */
export interface Fingerprint {
  /** Version of this package. */
  readonly version: string;
  /** Raised whenever the same seed gives other numbers on purpose. */
  readonly streamVersion: number;
  /** First 16 hexadecimal digits of the SHA-256 of each kernel as it is embedded. */
  readonly kernels: Readonly<Record<string, string>>;
}

const KERNELS = { bits, comb, ghash, ldpc, photons, toeplitz };

let known: Fingerprint | undefined;

/** The fingerprint of this installation. */
export function fingerprint(): Fingerprint {
  known ??= {
    version: VERSION,
    streamVersion: STREAM_VERSION,
    kernels: Object.fromEntries(
      Object.entries(KERNELS).map(([name, base64]) => [name, bytesToHex(sha256(utf8ToBytes(base64))).slice(0, 16)]),
    ),
  };
  return known;
}
