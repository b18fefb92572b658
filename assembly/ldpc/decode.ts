/**
 * Layered belief propagation on 8-bit messages: sixteen rows of a circulant at a time.
 *
 * A posterior L and the messages R of its checks are log-likelihood ratios in units of the code's step Delta. One step
 * visits sixteen checks; for each circulant
 *
 *   T = L - R,  R' = sign * magnitude(all other T of the check),  L' = T + R'.
 *
 * The magnitude of the sum-product rule, -ln tanh(|R'|/2) = sum of -ln tanh(|T|/2), is read as a soft minimum:
 * with m1 <= m2 the two smallest |T| of the check,
 *
 *   y2 = m2 - ln( sum over the others of exp(m2 - |T|) )      goes to the edge that holds m1,
 *   y1 = softmin(m1, y2)                                       goes to every other edge,
 *
 * and out = ln coth(exp(-y)), which tends to y, puts back what the exponentials leave out at small magnitudes. Giving
 * y1 to all other edges counts each edge in its own message; where that matters, at ties with m1, y2 is exact instead.
 * (Compare the A-min* decoder of Jones, Valles, Smith and Villasenor, MILCOM 2003, doi:10.1109/MILCOM.2003.1290155.)
 */
import { fillPads, satisfied } from "./bits";
import { EDGE, foldPads, LAYER_HEADER, PAD, refreshPads } from "./layout";

/**
 * Tables of the check rule, in bytes from its start.
 *
 *      0  exp(-d Delta), d = 0..15, in units of 1/scale
 *     16  (1/Delta) ln(1 + exp(-d Delta)), d = 0..15
 *     32  the outgoing magnitude for y = -4..11
 *     48  largest magnitude of a message    49  offset of the minimum rule; 0 selects the soft minimum
 *     50  scale                             52  number of thresholds (32 bits)
 *     64  thresholds exp((k + 1/2) Delta) scale, k = 0.., 16 bits each
 */
const EXPONENTIALS: usize = 0;
const SOFTENING: usize = 16;
const OUTGOING: usize = 32;
const LARGEST: usize = 48;
const OFFSET: usize = 49;
const SCALE: usize = 50;
const THRESHOLD_COUNT: usize = 52;
const THRESHOLDS: usize = 64;

/** Exponentials of so many edges fit a byte: 8 * 31 < 256. */
const EDGES_PER_BYTE: i32 = 8;

/**
 * Runs iterations until every check is satisfied or `iterations` are made.
 *
 * @param layers - table of layers, see layout.ts
 * @param target - one byte a check, 0x80 where the parity of the errors is 1
 * @param posteriors - one byte a bit, see layout.ts
 * @param messages - one byte an edge in the order of visits; 0 at first
 * @param scratch - 20 bytes for each circulant of the largest layer
 * @param rule - tables of the check rule
 * @returns iterations made, or minus that number when some check is still violated
 */
export function iterate(
  layers: usize,
  layerCount: i32,
  columns: usize,
  z: usize,
  target: usize,
  posteriors: usize,
  messages: usize,
  scratch: usize,
  rule: usize,
  iterations: i32,
): i32 {
  const soft = load<u8>(rule, OFFSET) === 0;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    let layer = layers;
    let R = messages;
    for (let l = 0; l < layerCount; l++) {
      const degree = load<i32>(layer);
      const edges = layer + LAYER_HEADER;
      const parities = target + <usize>l * z;
      refreshPads(edges, degree, z, posteriors);
      if (soft) R = softLayer(edges, degree, z, parities, posteriors, R, scratch, rule);
      else R = minimumLayer(edges, degree, z, parities, posteriors, R, scratch, rule);
      foldPads(edges, degree, z, posteriors);
      layer = edges + <usize>degree * EDGE;
    }
    fillPads(posteriors, z, columns);
    if (satisfied(layers, layerCount, z, target, posteriors)) return iteration;
  }
  return -iterations;
}

/** Offset min-sum: every edge gets the smallest other magnitude, less the offset. */
function minimumLayer(
  edges: usize,
  degree: i32,
  z: usize,
  parities: usize,
  posteriors: usize,
  messages: usize,
  scratch: usize,
  rule: usize,
): usize {
  const largest = v128.load8_splat(rule, LARGEST);
  const offset = v128.load8_splat(rule, OFFSET);
  const zero = i8x16.splat(0);
  const addresses = scratch + ((<usize>degree) << 4);
  const end = edges + <usize>degree * EDGE;
  for (let row: usize = 0; row < z; row += 16) {
    let m1 = largest;
    let m2 = largest;
    let sign = v128.load(parities + row);
    let T = scratch;
    let address = addresses;
    let R = messages;
    for (let edge = edges; edge < end; edge += EDGE) {
      const at = posteriors + <usize>load<u32>(edge) + ((row + <usize>load<u32>(edge, 4)) & (z - 1));
      store<u32>(address, <u32>at);
      const t = i8x16.sub_sat_s(v128.load(at), v128.load(R));
      v128.store(T, t);
      const a = i8x16.abs(t);
      m2 = i8x16.min_u(m2, i8x16.max_u(a, m1));
      m1 = i8x16.min_u(m1, a);
      sign = v128.xor(sign, t);
      T += 16;
      R += 16;
      address += 4;
    }
    const out1 = i8x16.sub_sat_u(m1, offset);
    const out2 = i8x16.sub_sat_u(m2, offset);
    T = scratch;
    for (address = addresses; address < addresses + ((<usize>degree) << 2); address += 4) {
      const t = v128.load(T);
      const magnitude = v128.bitselect(out2, out1, i8x16.eq(i8x16.abs(t), m1));
      const negative = i8x16.lt_s(v128.xor(sign, t), zero);
      const message = i8x16.sub(v128.xor(magnitude, negative), negative);
      v128.store(messages, message);
      v128.store(<usize>load<u32>(address), i8x16.add_sat_s(t, message));
      T += 16;
      messages += 16;
    }
  }
  return messages;
}

/** The soft minimum described at the head of this file. */
function softLayer(
  edges: usize,
  degree: i32,
  z: usize,
  parities: usize,
  posteriors: usize,
  messages: usize,
  scratch: usize,
  rule: usize,
): usize {
  const largest = v128.load8_splat(rule, LARGEST);
  const exponentials = v128.load(rule, EXPONENTIALS);
  const softening = v128.load(rule, SOFTENING);
  const outgoing = v128.load(rule, OUTGOING);
  const scale = v128.load8_splat(rule, SCALE);
  const zero = i8x16.splat(0);
  const four = i8x16.splat(4);
  const addresses = scratch + ((<usize>degree) << 4);
  const end = edges + <usize>degree * EDGE;
  for (let row: usize = 0; row < z; row += 16) {
    let m1 = largest;
    let m2 = largest;
    let sign = v128.load(parities + row);
    let T = scratch;
    let address = addresses;
    let R = messages;
    for (let edge = edges; edge < end; edge += EDGE) {
      const at = posteriors + <usize>load<u32>(edge) + ((row + <usize>load<u32>(edge, 4)) & (z - 1));
      store<u32>(address, <u32>at);
      const t = i8x16.sub_sat_s(v128.load(at), v128.load(R));
      v128.store(T, t);
      const a = i8x16.abs(t);
      m2 = i8x16.min_u(m2, i8x16.max_u(a, m1));
      m1 = i8x16.min_u(m1, a);
      sign = v128.xor(sign, t);
      T += 16;
      R += 16;
      address += 4;
    }

    const steps =
      degree <= EDGES_PER_BYTE
        ? stepsOfFew(scratch, T, m2, exponentials, scale, rule)
        : stepsOfMany(scratch, T, m2, exponentials, scale, rule);
    const y2 = i8x16.sub(m2, steps);
    const gap = i8x16.sub(i8x16.max_s(y2, m1), i8x16.min_s(y2, m1));
    const y1 = i8x16.sub(i8x16.min_s(y2, m1), i8x16.swizzle(softening, gap));
    const out2 = i8x16.max_s(y2, i8x16.swizzle(outgoing, i8x16.max_s(i8x16.add(y2, four), zero)));
    const soft1 = i8x16.max_s(y1, i8x16.swizzle(outgoing, i8x16.max_s(i8x16.add(y1, four), zero)));
    const out1 = i8x16.min_s(m1, soft1);

    T = scratch;
    for (address = addresses; address < addresses + ((<usize>degree) << 2); address += 4) {
      const t = v128.load(T);
      const magnitude = v128.bitselect(out2, out1, i8x16.eq(i8x16.abs(t), m1));
      const negative = i8x16.lt_s(v128.xor(sign, t), zero);
      const message = i8x16.sub(v128.xor(magnitude, negative), negative);
      v128.store(messages, message);
      v128.store(<usize>load<u32>(address), i8x16.add_sat_s(t, message));
      T += 16;
      messages += 16;
    }
  }
  return messages;
}

/** (1/Delta) ln of the sum of exponentials, rounded, for a sum that fits a byte. */
function stepsOfFew(first: usize, end: usize, m2: v128, exponentials: v128, scale: v128, rule: usize): v128 {
  let sum = i8x16.splat(0);
  for (let T = first; T < end; T += 16) {
    const above = i8x16.sub_sat_u(i8x16.abs(v128.load(T)), m2);
    sum = i8x16.add(sum, i8x16.swizzle(exponentials, above));
  }
  // The holder of m1 is counted as if it were at m2; y2 is without it.
  sum = i8x16.sub_sat_u(sum, scale);
  let steps = i8x16.splat(0);
  const last = rule + THRESHOLDS + (load<u32>(rule, THRESHOLD_COUNT) << 1);
  for (let threshold = rule + THRESHOLDS; threshold < last; threshold += 2) {
    const bound = v128.load8_splat(threshold);
    steps = i8x16.sub(steps, i8x16.eq(i8x16.max_u(sum, bound), sum));
  }
  return steps;
}

/** The same for sums of up to 32767. */
function stepsOfMany(first: usize, end: usize, m2: v128, exponentials: v128, scale: v128, rule: usize): v128 {
  let low = i16x8.splat(0);
  let high = i16x8.splat(0);
  for (let T = first; T < end; ) {
    let sum = i8x16.splat(0);
    const stop = min(end, T + ((<usize>EDGES_PER_BYTE) << 4));
    for (; T < stop; T += 16) {
      const above = i8x16.sub_sat_u(i8x16.abs(v128.load(T)), m2);
      sum = i8x16.add(sum, i8x16.swizzle(exponentials, above));
    }
    low = i16x8.add(low, i16x8.extend_low_i8x16_u(sum));
    high = i16x8.add(high, i16x8.extend_high_i8x16_u(sum));
  }
  const own = i16x8.extend_low_i8x16_u(scale);
  low = i16x8.sub(low, own);
  high = i16x8.sub(high, own);
  let stepsLow = i16x8.splat(0);
  let stepsHigh = i16x8.splat(0);
  const last = rule + THRESHOLDS + (load<u32>(rule, THRESHOLD_COUNT) << 1);
  for (let threshold = rule + THRESHOLDS; threshold < last; threshold += 2) {
    const bound = v128.load16_splat(threshold);
    stepsLow = i16x8.sub(stepsLow, i16x8.ge_s(low, bound));
    stepsHigh = i16x8.sub(stepsHigh, i16x8.ge_s(high, bound));
  }
  return i8x16.narrow_i16x8_u(stepsLow, stepsHigh);
}

/** Bytes between the beginnings of two columns. */
export function columnStride(z: usize): usize {
  return z + PAD;
}
