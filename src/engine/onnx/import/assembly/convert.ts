/**
 * Turns numbers of a checkpoint into those of an import, four at a time. This is AssemblyScript: the build makes WebAssembly of
 * it (`scripts/kernels.mjs`), and `../kernel.ts` says what its functions are for.
 *
 * A type stands for each number format: `f32` for float32, `u16` for bfloat16, `i16` for float16.
 *
 * Each conversion gives the bits of the largest magnitude that it met, as a float32 without its sign; 0x7f800000 or more if a
 * number is infinite or undefined. What it has written is worth nothing then. On the way, while they lie in a core's nearest
 * cache, it adds what it reads and what it writes to checksums: at `sums` that of the source and, `STATE` bytes on each, those of
 * what is written. Numbers come in multiples of 16 bytes, read and written, unless they are a tensor's last.
 *
 * Loops that matter have no branch inside and ask at their end whether they go on: for such alone V8 makes constants once, before
 * the loop, and not for each number.
 */

/** Number formats, as `../kernel.ts` numbers them. */
const BFLOAT16: i32 = 1;
const FLOAT16: i32 = 2;

/** Weights that share a scale. */
const BLOCK: i32 = 32;
/** Bytes of a checksum that is gone on with. */
const STATE: usize = 32;
/** Rows of weights, and numbers of floats, between two looks at the checksums. */
const ROWS: i32 = 8;
const COUNT: i32 = 4096;
/** Where the last numbers are filled up with zeros. */
const rest = memory.data(128, 16);

/** Least scale that float32 holds at full precision, 2^-126; blocks below it count as zero. */
const LEAST_SCALE: f32 = 1.1754943508222875e-38;
/** 1.5 * 2^23: added to a small number it leaves that in the low bits, rounded to the nearest whole one, ties to even. */
const ROUNDER: f32 = 12582912;

/** Where memory begins that is free to use. */
export function freeFrom(): usize {
  return __heap_base;
}

/** `count` numbers to as many float32; writes up to the next multiple of 4 numbers. They may stay where they are. */
export function toFloat32(format: i32, source: usize, count: i32, target: usize, sums: usize): u32 {
  if (format === BFLOAT16) return stretches<u16, f32>(source, count, target, sums);
  if (format === FLOAT16) return stretches<i16, f32>(source, count, target, sums);
  return stretches<f32, f32>(source, count, target, sums);
}

/** `count` numbers to as many float16; writes up to the next multiple of 8 numbers. */
export function toFloat16(format: i32, source: usize, count: i32, target: usize, sums: usize): u32 {
  if (format === BFLOAT16) return stretches<u16, i16>(source, count, target, sums);
  if (format === FLOAT16) return stretches<i16, i16>(source, count, target, sums);
  return stretches<f32, i16>(source, count, target, sums);
}

/**
 * `rows` rows of `width` numbers to codes of 8 or 4 bits and a float32 scale for each block of 32 in a row; the last block of a
 * row is filled up with zeros.
 */
export function toCodes(
  format: i32,
  bits: i32,
  source: usize,
  rows: i32,
  width: i32,
  codes: usize,
  scales: usize,
  sums: usize,
): u32 {
  if (format === BFLOAT16) return rowsToCodes<u16>(bits, source, rows, width, codes, scales, sums);
  if (format === FLOAT16) return rowsToCodes<i16>(bits, source, rows, width, codes, scales, sums);
  return rowsToCodes<f32>(bits, source, rows, width, codes, scales, sums);
}

/** `length` bytes that are written as they are. */
export function keep(source: usize, length: i32, sums: usize): void {
  addToSum(source, length, sums);
  memory.copy(sums + STATE, sums, STATE);
}

/**
 * Goes on with a checksum by `length` bytes, filled up with zeros to a multiple of 16. Fletcher's, four times side by side:
 * over each fourth word of 32 bits, the sum of the words and the sum of those sums, which are the 32 bytes at `state`.
 */
function addToSum(source: usize, length: i32, state: usize): void {
  let words = v128.load(state);
  let sums = v128.load(state, 16);
  const end = source + (length & ~15);
  for (; source < end; source += 16) {
    words = i32x4.add(words, v128.load(source));
    sums = i32x4.add(sums, words);
  }
  v128.store(state, words);
  v128.store(state, sums, 16);
  if (length & 15) addToSum(restOf<u8>(source, length & 15), 16, state);
}

/** Numbers to float32 or float16. */
function stretches<F, T>(source: usize, count: i32, target: usize, sums: usize): u32 {
  let largest: u32 = 0;
  for (; count > 0; count -= COUNT, source += COUNT * sizeof<F>(), target += COUNT * sizeof<T>()) {
    const now = min(count, COUNT);
    const most = isFloat<T>() ? floats<F>(source, now, target) : halves<F>(source, now, target);
    largest = max(largest, most);
    if (source === target) {
      keep(source, now * sizeof<F>(), sums);
    } else {
      addToSum(source, now * sizeof<F>(), sums);
      addToSum(target, now * sizeof<T>(), sums + STATE);
    }
  }
  return largest;
}

function floats<F>(source: usize, count: i32, target: usize): u32 {
  let largest = i32x4.splat(0);
  const end = source + (count & ~3) * sizeof<F>();
  if (source < end) {
    do {
      const values = load4<F>(source);
      largest = i32x4.max_u(largest, magnitudes(values));
      v128.store(target, values);
      source += 4 * sizeof<F>();
      target += 16;
    } while (source < end);
  }
  const most = greatest(largest);
  return count & 3 ? max(most, floats<F>(restOf<F>(source, count & 3), 4, target)) : most;
}

function halves<F>(source: usize, count: i32, target: usize): u32 {
  let largest = i32x4.splat(0);
  const end = source + (count & ~7) * sizeof<F>();
  if (source < end) {
    do {
      const low = load4<F>(source);
      const high = load4<F>(source + 4 * sizeof<F>());
      largest = i32x4.max_u(largest, i32x4.max_u(magnitudes(low), magnitudes(high)));
      v128.store(target, i16x8.narrow_i32x4_u(half(low), half(high)));
      source += 8 * sizeof<F>();
      target += 16;
    } while (source < end);
  }
  const most = greatest(largest);
  return count & 7 ? max(most, halves<F>(restOf<F>(source, count & 7), 8, target)) : most;
}

function rowsToCodes<F>(
  bits: i32,
  source: usize,
  rows: i32,
  width: i32,
  codes: usize,
  scales: usize,
  sums: usize,
): u32 {
  const whole = width / BLOCK;
  const left = width % BLOCK;
  const blocks = whole + i32(left > 0);
  const codeBytes = blocks * ((BLOCK * bits) >> 3);
  const scaleBytes = blocks * 4;
  let largest: u32 = 0;
  for (; rows > 0; rows -= ROWS) {
    const now = min(rows, ROWS);
    addToSum(source, now * width * sizeof<F>(), sums);
    for (let row = 0; row < now; row++) {
      largest = max(largest, blocksToCodes<F>(bits, source, whole, codes, scales));
      source += width * sizeof<F>();
      codes += codeBytes;
      scales += scaleBytes;
      if (left === 0) continue;
      const last = restOf<F>(source - left * sizeof<F>(), left);
      largest = max(largest, blocksToCodes<F>(bits, last, 1, codes - ((BLOCK * bits) >> 3), scales - 4));
    }
    addToSum(codes - now * codeBytes, now * codeBytes, sums + STATE);
    addToSum(scales - now * scaleBytes, now * scaleBytes, sums + 2 * STATE);
  }
  return largest;
}

/** Whole blocks, one behind the other. */
function blocksToCodes<F>(bits: i32, source: usize, blocks: i32, codes: usize, scales: usize): u32 {
  let largest = i32x4.splat(0);
  const end = scales + blocks * 4;
  if (scales === end) return 0;
  if (bits === 8) {
    do {
      largest = i32x4.max_u(largest, block8<F>(source, codes, scales));
      source += BLOCK * sizeof<F>();
      codes += 32;
      scales += 4;
    } while (scales < end);
  } else {
    do {
      largest = i32x4.max_u(largest, block4<F>(source, codes, scales));
      source += BLOCK * sizeof<F>();
      codes += 16;
      scales += 4;
    } while (scales < end);
  }
  return greatest(largest);
}

/** The last few numbers, filled up with zeros to a block. */
function restOf<F>(source: usize, count: i32): usize {
  memory.fill(rest, 0, 128);
  memory.copy(rest, source, count * sizeof<F>());
  return rest;
}

/** Four numbers as float32. */
function load4<F>(source: usize): v128 {
  if (isFloat<F>()) return v128.load(source);
  const words = v128.load_ext<u16>(source);
  // A bfloat16 is the upper half of a float32.
  return isSigned<F>() ? widenHalf(words) : i32x4.shl(words, 16);
}

/** Four float16, as integers, to float32. */
function widenHalf(half: v128): v128 {
  const magnitude = v128.and(half, i32x4.splat(0x7fff));
  // The exponent's bias rises from 15 to 127. Below the normal ones a float16 is a whole multiple of 2^-24.
  const normal = i32x4.add(i32x4.shl(magnitude, 13), i32x4.splat(0x38000000));
  const small = f32x4.mul(f32x4.convert_i32x4_s(magnitude), f32x4.splat(5.9604644775390625e-8));
  const value = v128.bitselect(small, normal, i32x4.lt_s(magnitude, i32x4.splat(0x400)));
  const isOdd = i32x4.gt_s(magnitude, i32x4.splat(0x7bff));
  const sign = i32x4.shl(v128.and(half, i32x4.splat(0x8000)), 16);
  return v128.or(v128.or(value, sign), v128.and(isOdd, i32x4.splat(0x7f800000)));
}

/** Four float32 to float16, nearest, ties to even, as integers. */
function half(word: v128): v128 {
  const sign = v128.and(i32x4.shr_u(word, 16), i32x4.splat(0x8000));
  const magnitude = magnitudes(word);
  // The exponent's bias falls from 127 to 15; 13 bits of the fraction go, rounding carries into what stays.
  const tie = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  const rounded = i32x4.add(i32x4.add(magnitude, i32x4.splat(0xfff - 0x38000000)), tie);
  const normal = i32x4.shr_u(rounded, 13);
  // Below 2^-14 a float16 is a whole multiple of 2^-24, and so are float32 about 0.75.
  const small = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.75)), f32x4.splat(0.75));
  const isSmall = i32x4.lt_s(magnitude, f32x4.splat(6.103515625e-5));
  return v128.or(sign, v128.bitselect(small, normal, isSmall));
}

/** 32 weights to codes of 8 bits, 1 to 255 around 128, and their scale, `max |w| / 127`. Gives magnitudes. */
function block8<F>(source: usize, codes: usize, scales: usize): v128 {
  const a = evens<F>(source);
  const b = odds<F>(source);
  const c = evens<F>(source + 8 * sizeof<F>());
  const d = odds<F>(source + 8 * sizeof<F>());
  const e = evens<F>(source + 16 * sizeof<F>());
  const f = odds<F>(source + 16 * sizeof<F>());
  const g = evens<F>(source + 24 * sizeof<F>());
  const h = odds<F>(source + 24 * sizeof<F>());
  const ab = i32x4.max_u(magnitudes(a), magnitudes(b));
  const cd = i32x4.max_u(magnitudes(c), magnitudes(d));
  const ef = i32x4.max_u(magnitudes(e), magnitudes(f));
  const gh = i32x4.max_u(magnitudes(g), magnitudes(h));
  const most = across(i32x4.max_u(i32x4.max_u(ab, cd), i32x4.max_u(ef, gh)));
  const exact = f32x4.div(most, f32x4.splat(127));
  // A block that counts as zero is divided by infinity.
  const isZero = f32x4.lt(exact, f32x4.splat(LEAST_SCALE));
  const scale = v128.andnot(exact, isZero);
  const divisor = v128.or(scale, v128.and(isZero, f32x4.splat(Infinity)));
  v128.store_lane<f32>(scales, scale, 0);
  v128.store(codes, codes16(a, b, c, d, divisor, ROUNDER + 128));
  v128.store(codes, codes16(e, f, g, h, divisor, ROUNDER + 128), 16);
  return most;
}

/**
 * 32 weights to codes of 4 bits, 0 to 15 around 8, the first of two in the low half of a byte, and their scale, `m / -8`, where
 * `m` is the weight of the largest magnitude, of two the negative one. What lies beyond the last code becomes the last one. Gives
 * magnitudes.
 */
function block4<F>(source: usize, codes: usize, scales: usize): v128 {
  const a = evens<F>(source);
  const b = odds<F>(source);
  const c = evens<F>(source + 8 * sizeof<F>());
  const d = odds<F>(source + 8 * sizeof<F>());
  const e = evens<F>(source + 16 * sizeof<F>());
  const f = odds<F>(source + 16 * sizeof<F>());
  const g = evens<F>(source + 24 * sizeof<F>());
  const h = odds<F>(source + 24 * sizeof<F>());
  // As integers, numbers of one sign are in the order of their magnitudes: the most of those without a sign, and of the others.
  const above = i32x4.max_s(
    i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d)),
    i32x4.max_s(i32x4.max_s(e, f), i32x4.max_s(g, h)),
  );
  const below = i32x4.max_u(
    i32x4.max_u(i32x4.max_u(a, b), i32x4.max_u(c, d)),
    i32x4.max_u(i32x4.max_u(e, f), i32x4.max_u(g, h)),
  );
  // Side by side, so that one search finds both: with the sign turned, the others are in the order of signed integers.
  const flipped = v128.xor(below, i32x4.splat(0x80000000));
  const both = i32x4.max_s(
    v128.shuffle<u32>(above, flipped, 0, 4, 1, 5),
    v128.shuffle<u32>(above, flipped, 2, 6, 3, 7),
  );
  const ends = i32x4.max_s(i32x4.max_s(both, v128.shuffle<u32>(both, both, 2, 3, 0, 1)), i32x4.splat(0));
  const most = v128.shuffle<u32>(ends, ends, 0, 0, 0, 0);
  const least = v128.shuffle<u32>(ends, ends, 1, 1, 1, 1);
  const largest = i32x4.max_s(most, least);
  // As m / -8, exactly, but for what counts as zero.
  const exact = f32x4.mul(largest, f32x4.splat(0.125));
  const sign = v128.and(i32x4.gt_s(most, least), i32x4.splat(0x80000000));
  const isZero = f32x4.lt(exact, f32x4.splat(LEAST_SCALE));
  const scale = v128.andnot(v128.or(exact, sign), isZero);
  const divisor = v128.or(scale, v128.and(isZero, f32x4.splat(Infinity)));
  v128.store_lane<f32>(scales, scale, 0);
  const first = pairs(codes16(a, b, c, d, divisor, ROUNDER + 8));
  const second = pairs(codes16(e, f, g, h, divisor, ROUNDER + 8));
  v128.store(codes, i8x16.narrow_i16x8_u(first, second));
  return largest;
}

/** 16 codes of 4 bits, each a byte, 16 the largest, to two in each of eight integers. */
function pairs(bytes: v128): v128 {
  const codes = i8x16.min_u(bytes, i8x16.splat(15));
  return v128.and(v128.or(codes, i16x8.shr_u(codes, 4)), i16x8.splat(0xff));
}

/** Of eight numbers, those at even places, as float32. */
function evens<F>(source: usize): v128 {
  const values = v128.load(source);
  if (isFloat<F>()) return v128.shuffle<u32>(values, v128.load(source, 16), 0, 2, 4, 6);
  return isSigned<F>() ? widenHalf(values) : i32x4.shl(values, 16);
}

/** Of eight numbers, those at odd places, as float32. */
function odds<F>(source: usize): v128 {
  const values = v128.load(source);
  if (isFloat<F>()) return v128.shuffle<u32>(values, v128.load(source, 16), 1, 3, 5, 7);
  return isSigned<F>() ? widenHalf(i32x4.shr_u(values, 16)) : v128.and(values, i32x4.splat(0xffff0000));
}

/** 16 weights, those at even and at odd places, divided, rounded and moved by what `rounder` has over `ROUNDER`, as bytes. */
function codes16(a: v128, b: v128, c: v128, d: v128, divisor: v128, rounder: f32): v128 {
  return i8x16.narrow_i16x8_u(codes8(a, b, divisor, rounder), codes8(c, d, divisor, rounder));
}

function codes8(evens: v128, odds: v128, divisor: v128, rounder: f32): v128 {
  const low = f32x4.add(f32x4.div(evens, divisor), f32x4.splat(rounder));
  const high = f32x4.add(f32x4.div(odds, divisor), f32x4.splat(rounder));
  // Codes lie in the low bits.
  return v128.shuffle<u16>(low, i32x4.shl(high, 16), 0, 9, 2, 11, 4, 13, 6, 15);
}

/** Bits of float32 without their sign. */
function magnitudes(values: v128): v128 {
  return v128.and(values, i32x4.splat(0x7fffffff));
}

/** The largest of four unsigned integers, four times. */
function across(values: v128): v128 {
  const pairs = i32x4.max_u(values, v128.shuffle<u32>(values, values, 2, 3, 0, 1));
  return i32x4.max_u(pairs, v128.shuffle<u32>(pairs, pairs, 1, 0, 3, 2));
}

function greatest(values: v128): u32 {
  return i32x4.extract_lane(across(values), 0);
}
