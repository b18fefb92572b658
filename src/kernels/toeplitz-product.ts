/**
 * What the two ways of multiplying by a Toeplitz matrix have in common.
 *
 * @module
 */

/** A Toeplitz matrix over GF(2), $T_{ij}=s_{i-j+n-1}$, that multiplies keys within a kernel's memory. */
export interface ToeplitzProduct {
  /**
   * Takes over a matrix.
   *
   * @param seed - s, packed
   */
  setSeed(seed: Uint8Array): void;
  /**
   * Multiplies a piece of a packed string by the matrix.
   *
   * @param packed - the string
   * @param first - place of its first bit that counts; as many count as the matrix has columns
   * @returns address of the product, unused bits of its last vector 0
   */
  multiply(packed: Uint8Array, first: number): number;
}
