/**
 * Sobol points: designs that fill a box of many dimensions more evenly than random points do.
 *
 * Direction numbers are those of Joe and Kuo (SIAM J. Sci. Comput. 30, 2635 (2008), doi:10.1137/070709359; file
 * new-joe-kuo-6.21201), points are in the order of the Gray code. A seed scrambles them by nested uniform scrambling in
 * the sense of Owen (J. Complexity 11, 286 (1995)), computed as a hash of reversed bits (Burley, J. Comput. Graph. Tech.
 * 9, 4 (2020)): every power-of-two block of points keeps its even spread and each point alone is uniform.
 *
 * Integers only: the same points on every machine.
 *
 * @module
 */

/** For each dimension from the second: coefficients of the primitive polynomial, then initial direction numbers. */
const JOE_KUO: readonly (readonly number[])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
  [7, 1, 1, 3, 13, 7, 35, 63],
  [8, 1, 3, 5, 9, 1, 25, 53],
  [14, 1, 3, 1, 13, 9, 35, 107],
  [19, 1, 3, 1, 5, 27, 61, 31],
  [21, 1, 1, 5, 11, 19, 41, 61],
  [28, 1, 3, 5, 3, 3, 13, 69],
  [31, 1, 1, 7, 13, 1, 19, 1],
  [32, 1, 3, 7, 5, 13, 19, 59],
  [37, 1, 1, 3, 9, 25, 29, 41],
  [41, 1, 3, 5, 13, 23, 1, 55],
  [42, 1, 3, 7, 3, 13, 59, 17],
  [50, 1, 3, 1, 3, 5, 53, 69],
  [55, 1, 1, 5, 5, 23, 33, 13],
  [56, 1, 1, 7, 7, 1, 61, 123],
  [59, 1, 1, 7, 9, 13, 61, 49],
  [62, 1, 3, 3, 5, 3, 55, 33],
  [14, 1, 3, 1, 15, 31, 13, 49, 245],
  [21, 1, 3, 5, 15, 31, 59, 63, 97],
  [22, 1, 3, 1, 11, 11, 11, 77, 249],
];

/** Most dimensions that one design can have. */
export const SOBOL_DIMENSIONS: number = JOE_KUO.length + 1;

const BITS = 32;
const SCALE = 2 ** -BITS;

const directionCache: Uint32Array[] = [];

/** Direction numbers of one dimension, the most significant bit first. */
function directions(dimension: number): Uint32Array {
  const known = directionCache[dimension];
  if (known !== undefined) return known;
  const v = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let i = 0; i < BITS; i++) v[i] = 2 ** (BITS - 1 - i);
  } else {
    const [coefficients, ...m] = JOE_KUO[dimension - 1]! as [number, ...number[]];
    const degree = m.length;
    for (let i = 0; i < BITS; i++) {
      if (i < degree) {
        v[i] = m[i]! << (BITS - 1 - i);
        continue;
      }
      let value = v[i - degree]! ^ (v[i - degree]! >>> degree);
      for (let k = 1; k < degree; k++) {
        if ((coefficients >>> (degree - 1 - k)) & 1) value ^= v[i - k]!;
      }
      v[i] = value;
    }
  }
  directionCache[dimension] = v;
  return v;
}

/**
 * One coordinate of one Sobol point, as a 32-bit fraction.
 *
 * @param index - which point, 0 to 2^32 - 1
 * @param dimension - which coordinate, 0 to {@link SOBOL_DIMENSIONS} - 1
 * @returns the coordinate times 2^32
 */
export function sobolWord(index: number, dimension: number): number {
  const v = directions(dimension);
  let word = 0;
  for (let gray = (index ^ (index >>> 1)) >>> 0, i = 0; gray !== 0; gray >>>= 1, i++) {
    if (gray & 1) word ^= v[i]!;
  }
  return word >>> 0;
}

function reverseBits(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/**
 * Nested uniform scrambling: whether a bit is flipped depends on the seed and on the more significant bits alone.
 *
 * @param word - a 32-bit fraction
 * @param seed - any 32-bit number, another one for each dimension
 * @returns the scrambled fraction
 */
export function owenScramble(word: number, seed: number): number {
  // Multiplication carries only upwards, so with bits reversed and even factors each bit sees only what was above it.
  let x = (reverseBits(word) + seed) | 0;
  for (const factor of [0x6c50b47c, 0xb82f1e52, 0xc7afe638, 0x8d22f6e6]) x ^= Math.imul(x, factor);
  return reverseBits(x >>> 0);
}

/**
 * One coordinate of one scrambled Sobol point.
 *
 * @param index - which point
 * @param dimension - which coordinate
 * @param seed - 32 random bits of that coordinate
 * @returns a number in (0, 1)
 */
export function scrambledSobol(index: number, dimension: number, seed: number): number {
  return (owenScramble(sobolWord(index, dimension), seed) + 0.5) * SCALE;
}
