import { BLOCKS_PER_BATCH, PLANE_BYTES, philoxPlanes } from "../random/philox";

/**
 * Writes `batches` times 256 Philox blocks to `out`, word after word, from block 256 `batch` of a stream. `planes` is a
 * work place of 4 KiB.
 */
export function randomBytes(
  k0: u32,
  k1: u32,
  link: u32,
  purpose: u32,
  batch: f64,
  batches: u32,
  planes: usize,
  out: usize,
): void {
  let index = <u64>batch * BLOCKS_PER_BATCH;
  for (; batches > 0; batches--, index += BLOCKS_PER_BATCH) {
    philoxPlanes(k0, k1, index, link, purpose, planes);
    for (let i: usize = 0; i < PLANE_BYTES; i += 16, out += 64) {
      const a = v128.load(planes + i);
      const b = v128.load(planes + i, PLANE_BYTES);
      const c = v128.load(planes + i, 2 * PLANE_BYTES);
      const d = v128.load(planes + i, 3 * PLANE_BYTES);
      const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<i64>(ab0, cd0, 0, 2));
      v128.store(out, v128.shuffle<i64>(ab0, cd0, 1, 3), 16);
      v128.store(out, v128.shuffle<i64>(ab1, cd1, 0, 2), 32);
      v128.store(out, v128.shuffle<i64>(ab1, cd1, 1, 3), 48);
    }
  }
}
