/**
 * Layered belief propagation on 8-bit messages: 32 rows of a circulant at a time, in two v128.
 *
 * A posterior L and the messages R of its checks are log-likelihood ratios in units of the code's step Delta. One step
 * visits 32 checks; for each circulant
 *
 *   T = L - R,  R' = sign * magnitude(all other T of the check),  L' = T + R'.
 *
 * Posteriors saturate, so the soft rule keeps L' - T as the message: L stays the sum of its prior and its messages. Were R'
 * kept, a saturated posterior would lose more to each weaker message than it had gained, and frames with ten wrong bits left
 * ran away to thousands.
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
import { EDGE, foldPads, LAYER_HEADER, PAD, refreshPads, wrapped } from "./layout";

/**
 * Tables of the check rule, in bytes from its start.
 *
 *      0  exp(-d Delta) in units of 1/scale, d = 0..15
 *     16  (1/Delta) ln(1 + exp(-d Delta)), d = 0..15
 *     32  the outgoing magnitude for y = -4..11
 *     48  largest magnitude of a message    49  offset of the minimum rule; 0 selects the soft minimum
 *     50  scale
 *     64  (1/Delta) ln(sum / scale), see {@link logarithm}: 48 bytes for each stage
 */
const EXPONENTIALS: usize = 0;
const SOFTENING: usize = 16;
const OUTGOING: usize = 32;
const LARGEST: usize = 48;
const OFFSET: usize = 49;
const SCALE: usize = 50;
const LOGARITHMS: usize = 64;
const LOGARITHM_STAGE: usize = 48;

/** Exponentials of so many edges, at most 8 each, fit a byte. */
const EDGES_PER_BYTE: i32 = 31;
/** Sums of so many edges fit the second stage of the logarithm: 4095 / 8. */
const EDGES_PER_STAGE: i32 = 511;

/**
 * Runs iterations until every check is satisfied or `iterations` are made.
 *
 * @param layers - table of layers, see layout.ts
 * @param target - one byte a check, 0x80 where the parity of the errors is 1
 * @param posteriors - one byte a bit, see layout.ts
 * @param messages - one byte an edge in the order of visits; 0 at first
 * @param scratch - 40 bytes for each circulant of the largest layer, and 64
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
  for (let iteration = 1; iteration <= iterations; iteration++) {
    let layer = layers;
    let R = messages;
    for (let l = 0; l < layerCount; l++) {
      const degree = load<i32>(layer);
      const edges = layer + LAYER_HEADER;
      refreshPads(edges, degree, z, posteriors);
      visitLayer(edges, degree, z, target + <usize>l * z, posteriors, R, scratch, rule);
      foldPads(edges, degree, z, posteriors);
      R += <usize>degree * z;
      layer = edges + <usize>degree * EDGE;
    }
    fillPads(posteriors, z, columns);
    if (satisfied(layers, layerCount, z, target, posteriors)) return iteration;
  }
  return -iterations;
}

/**
 * One visit to all checks of a layer.
 *
 *   scratch    T of every circulant, 32 bytes each | addresses of its two halves, 8 bytes each | answers, 64 bytes
 *
 * The answers go through memory on purpose: V8 would otherwise compute them anew in every turn of the last loop.
 */
function visitLayer(
  edges: usize,
  degree: i32,
  z: usize,
  parities: usize,
  posteriors: usize,
  messages: usize,
  scratch: usize,
  rule: usize,
): void {
  const soft = load<u8>(rule, OFFSET) === 0;
  const end = edges + <usize>degree * EDGE;
  const addresses = scratch + ((<usize>degree) << 5);
  const answers = addresses + ((<usize>degree) << 3);
  for (let row: usize = 0; row < z; row += 32) {
    // Where only sixteen rows are left, both halves are the same ones.
    const half: usize = row + 16 < z ? 16 : 0;
    const largest = v128.load8_splat(rule, LARGEST);
    let a1 = largest;
    let a2 = largest;
    let b1 = largest;
    let b2 = largest;
    let aSign = v128.load(parities + row);
    let bSign = v128.load(parities + row + half);
    let T = scratch;
    let address = addresses;
    let R = messages;
    for (let edge = edges; edge < end; edge += EDGE) {
      const column = posteriors + <usize>load<u32>(edge);
      const first = wrapped(row + <usize>load<u32>(edge, 4), z);
      const aAt = column + first;
      const bAt = column + wrapped(first + half, z);
      store<u32>(address, <u32>aAt);
      store<u32>(address, <u32>bAt, 4);
      const aT = i8x16.sub_sat_s(v128.load(aAt), v128.load(R));
      const bT = i8x16.sub_sat_s(v128.load(bAt), v128.load(R + half));
      v128.store(T, aT);
      v128.store(T, bT, 16);
      const a = i8x16.abs(aT);
      const b = i8x16.abs(bT);
      a2 = i8x16.min_u(a2, i8x16.max_u(a, a1));
      b2 = i8x16.min_u(b2, i8x16.max_u(b, b1));
      a1 = i8x16.min_u(a1, a);
      b1 = i8x16.min_u(b1, b);
      aSign = v128.xor(aSign, aT);
      bSign = v128.xor(bSign, bT);
      T += 32;
      R += 16 + half;
      address += 8;
    }

    if (soft) {
      if (degree <= EDGES_PER_BYTE) {
        const exponentials = v128.load(rule, EXPONENTIALS);
        let aSum = i8x16.splat(0);
        let bSum = i8x16.splat(0);
        for (T = scratch; T < addresses; T += 32) {
          const aAbove = i8x16.sub_sat_u(i8x16.abs(v128.load(T)), a2);
          const bAbove = i8x16.sub_sat_u(i8x16.abs(v128.load(T, 16)), b2);
          aSum = i8x16.add(aSum, i8x16.swizzle(exponentials, aAbove));
          bSum = i8x16.add(bSum, i8x16.swizzle(exponentials, bAbove));
        }
        // The holder of the least magnitude was counted as if it were at the second; its answer is without it.
        const own = v128.load8_splat(rule, SCALE);
        softAnswers(a1, a2, logarithm(i8x16.sub_sat_u(aSum, own), rule + LOGARITHMS), rule, answers);
        softAnswers(b1, b2, logarithm(i8x16.sub_sat_u(bSum, own), rule + LOGARITHMS), rule, answers + 32);
      } else {
        softAnswers(a1, a2, logarithmOfMany(degree, scratch, addresses, a2, rule), rule, answers);
        softAnswers(b1, b2, logarithmOfMany(degree, scratch + 16, addresses, b2, rule), rule, answers + 32);
      }
    } else {
      const offset = v128.load8_splat(rule, OFFSET);
      v128.store(answers, i8x16.sub_sat_u(a2, offset));
      v128.store(answers, i8x16.sub_sat_u(a1, offset), 16);
      v128.store(answers, i8x16.sub_sat_u(b2, offset), 32);
      v128.store(answers, i8x16.sub_sat_u(b1, offset), 48);
    }

    const aLeast = v128.load(answers);
    const aOther = v128.load(answers, 16);
    const bLeast = v128.load(answers, 32);
    const bOther = v128.load(answers, 48);
    T = scratch;
    for (address = addresses; address < answers; address += 8) {
      const aT = v128.load(T);
      const bT = v128.load(T, 16);
      const aMagnitude = v128.bitselect(aLeast, aOther, i8x16.eq(i8x16.abs(aT), a1));
      const bMagnitude = v128.bitselect(bLeast, bOther, i8x16.eq(i8x16.abs(bT), b1));
      const aNegative = i8x16.lt_s(v128.xor(aSign, aT), i8x16.splat(0));
      const bNegative = i8x16.lt_s(v128.xor(bSign, bT), i8x16.splat(0));
      const aR = i8x16.sub(v128.xor(aMagnitude, aNegative), aNegative);
      const bR = i8x16.sub(v128.xor(bMagnitude, bNegative), bNegative);
      const aL = i8x16.add_sat_s(aT, aR);
      const bL = i8x16.add_sat_s(bT, bR);
      v128.store(<usize>load<u32>(address), aL);
      v128.store(<usize>load<u32>(address, 4), bL);
      if (soft) {
        v128.store(messages, i8x16.sub(aL, aT));
        v128.store(messages + half, i8x16.sub(bL, bT));
      } else {
        v128.store(messages, aR);
        v128.store(messages + half, bR);
      }
      T += 32;
      messages += 16 + half;
    }
  }
}

/**
 * The two answers of a soft check: to the edges at the least magnitude, then to all others.
 *
 * @param steps - (1/Delta) ln of the sum of exp(m2 - |T|)
 */
function softAnswers(m1: v128, m2: v128, steps: v128, rule: usize, answers: usize): void {
  const y2 = i8x16.sub(m2, steps);
  const gap = i8x16.sub(i8x16.max_s(y2, m1), i8x16.min_s(y2, m1));
  const y1 = i8x16.sub(i8x16.min_s(y2, m1), i8x16.swizzle(v128.load(rule, SOFTENING), gap));
  v128.store(answers, outgoing(y2, rule));
  v128.store(answers, i8x16.min_s(m1, outgoing(y1, rule)), 16);
}

/** ln coth(exp(-y)): a table for small y, beyond it y itself. */
function outgoing(y: v128, rule: usize): v128 {
  const index = i8x16.max_s(i8x16.add(y, i8x16.splat(4)), i8x16.splat(0));
  return i8x16.max_s(y, i8x16.swizzle(v128.load(rule, OUTGOING), index));
}

/**
 * (1/Delta) ln(sum / scale) of bytes from three tables: by sum >> 1 below 32, by sum >> 3 below 128, else by sum >> 4.
 * Swizzle answers 0 beyond its sixteen entries, and entries that belong to a finer table are 0.
 */
function logarithm(sum: v128, tables: usize): v128 {
  const by2 = v128.and(i16x8.shr_u(sum, 1), i8x16.splat(0x7f));
  const by8 = v128.and(i16x8.shr_u(sum, 3), i8x16.splat(0x1f));
  const by16 = v128.and(i16x8.shr_u(sum, 4), i8x16.splat(0x0f));
  return i8x16.add(
    i8x16.add(i8x16.swizzle(v128.load(tables), by2), i8x16.swizzle(v128.load(tables, 16), by8)),
    i8x16.swizzle(v128.load(tables, 32), by16),
  );
}

/**
 * The same for checks whose sums need 16 bits. Each stage sees the sum divided by another 16 and saturated to a byte, and
 * adds what lies beyond the largest value of the stage before.
 */
function logarithmOfMany(degree: i32, first: usize, end: usize, m2: v128, rule: usize): v128 {
  const exponentials = v128.load(rule, EXPONENTIALS);
  const own = i16x8.splat(<i16>load<u8>(rule, SCALE));
  let low = i16x8.neg(own);
  let high = low;
  for (let T = first; T < end; ) {
    let sum = i8x16.splat(0);
    const stop = min(end, T + ((<usize>EDGES_PER_BYTE) << 5));
    for (; T < stop; T += 32) {
      const above = i8x16.sub_sat_u(i8x16.abs(v128.load(T)), m2);
      sum = i8x16.add(sum, i8x16.swizzle(exponentials, above));
    }
    low = i16x8.add(low, i16x8.extend_low_i8x16_u(sum));
    high = i16x8.add(high, i16x8.extend_high_i8x16_u(sum));
  }
  const tables = rule + LOGARITHMS;
  let steps = logarithm(i8x16.narrow_i16x8_u(low, high), tables);
  const by16 = i8x16.narrow_i16x8_u(i16x8.shr_s(low, 4), i16x8.shr_s(high, 4));
  steps = i8x16.add(steps, logarithm(by16, tables + LOGARITHM_STAGE));
  if (degree <= EDGES_PER_STAGE) return steps;
  const by256 = i8x16.narrow_i16x8_u(i16x8.shr_s(low, 8), i16x8.shr_s(high, 8));
  return i8x16.add(steps, logarithm(by256, tables + 2 * LOGARITHM_STAGE));
}

/** Bytes between the beginnings of two columns. */
export function columnStride(z: usize): usize {
  return z + PAD;
}
