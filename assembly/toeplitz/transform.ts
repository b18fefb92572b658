/**
 * The transform, in its four forms.
 *
 * F takes a polynomial over GF(2) with 2^size coefficients to its values at one point of each Frobenius orbit of
 * c + span(v_0 .. v_(size-1)): 2^size / 32 elements of GF(2^32), the same number of bits. It is linear over GF(2) and
 * invertible, and F(f g) = F(f) F(g) as long as the degree of f g is below 2^size.
 *
 *                      forward                  backward
 *     plain            F                        F^-1
 *     dual             F^-T                     F^T
 *
 * Transposition is with respect to the sum of products of bits on the one side, and to the sum of top coordinates of
 * products in GF(2^32) on the other; multiplying by an element is its own transposed. That gives two products:
 *
 *     polynomials     f g = F^-1 (F f . F g)
 *     Hankel matrix   y[i] = sum_j s[i + j] x[j] = F^T (F^-T s . F x)   for i + j < 2^size,
 *
 * the second without any room for the coefficients nobody asks for.
 */
import { convertBits } from "./basis";
import { decode, encode } from "./encode";
import { bytesToRows, rowLayers, rowsToBytes } from "./layers";
import { joinOf, ROW, scratchOf, sizeOf } from "./shape";
import { groupLayers } from "./tile";

/** Row layers and tiles, block by block, each block small enough to stay in the cache where possible. */
function rowsThrough(plan: usize, rows: usize, backward: bool, dual: bool): void {
  const size = sizeOf(plan);
  const join = joinOf(plan);
  const total: u32 = 1 << (size - 12);
  // Closed under the row layers, and not less than a group.
  const block: u32 = max<u32>(1 << (size - 16), 16);
  // A group covers sixteen rows, or thirty-two that are joined in pairs; joined rows may lie far apart.
  for (let first: u32 = 0; first < total; first += block) {
    const at = rows + first * <u32>ROW;
    if (!backward) rowLayers(plan, at, first, block, false, dual);
    if (join < 8) {
      for (let row: u32 = 0; row < block; row += 16) {
        groupLayers(plan, at + row * <u32>ROW, first + row, backward, dual);
      }
    } else {
      // Of the row bits the joining one and the four lowest others are taken care of by the group.
      const taken: u32 = join < 12 ? 31 : 15 | (1 << (join - 8));
      for (let row: u32 = 0; row < block; row++) {
        if ((row & taken) === 0) groupLayers(plan, at + row * <u32>ROW, first + row, backward, dual);
      }
    }
    if (backward) rowLayers(plan, at, first, block, true, dual);
  }
}

/**
 * Transforms in place.
 *
 * @param data - 2^size bits, or what the transform made of them
 * @param spare - as much memory again; its contents are lost
 * @param short - forward: the upper half of the bits is zero; backward: only the lower half is wanted. The change of
 *   basis then has half the work, since it takes the polynomials of lower degree to themselves.
 */
export function transform(plan: usize, data: usize, spare: usize, backward: bool, dual: bool, short: bool): void {
  const size = sizeOf(plan);
  const converted = short && size > 16 ? size - 1 : size;
  if (backward) {
    rowsThrough(plan, data, true, dual);
    rowsToBytes(plan, data, spare, dual);
    decode(spare, data, size, dual, scratchOf(plan));
    convertBits(data, converted, true, dual);
  } else {
    convertBits(data, converted, false, dual);
    encode(data, spare, size, dual, scratchOf(plan));
    bytesToRows(plan, spare, data, dual);
    rowsThrough(plan, data, false, dual);
  }
}
