/**
 * Turns numbers of a checkpoint into those of an import, four at a time. This is AssemblyScript: the build makes WebAssembly of
 * it (`scripts/kernels.mjs`), and `../kernel.ts` says what its functions are for.
 *
 * A type stands for each number format: `f32` for float32, `u16` for bfloat16, `i16` for float16.
 *
 * Each conversion gives the bits of the largest magnitude that it met, as a float32 without its sign; 0x7f800000 or more if a
 * number is infinite or undefined. What it has written is worth nothing then.
 */

/** Number formats, as `../kernel.ts` numbers them. */
const BFLOAT16: i32 = 1;
const FLOAT16: i32 = 2;

/** Weights that share a scale. */
const BLOCK: i32 = 32;
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

/** `count` numbers to as many float32; writes up to the next multiple of 4 numbers. */
export function toFloat32(format: i32, source: usize, count: i32, target: usize): u32 {
  if (format === BFLOAT16) return floats<u16>(source, count, target);
  if (format === FLOAT16) return floats<i16>(source, count, target);
  return floats<f32>(source, count, target);
}

/** `count` numbers to as many float16; writes up to the next multiple of 8 numbers. */
export function toFloat16(format: i32, source: usize, count: i32, target: usize): u32 {
  if (format === BFLOAT16) return halves<u16>(source, count, target);
  if (format === FLOAT16) return halves<i16>(source, count, target);
  return halves<f32>(source, count, target);
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
): u32 {
  if (format === BFLOAT16) return rowsToCodes<u16>(bits, source, rows, width, codes, scales);
  if (format === FLOAT16) return rowsToCodes<i16>(bits, source, rows, width, codes, scales);
  return rowsToCodes<f32>(bits, source, rows, width, codes, scales);
}

/**
 * Goes on with a checksum by `length` bytes, filled up with zeros to a multiple of 16. Fletcher's, four times side by side:
 * over each fourth word of 32 bits, the sum of the words and the sum of those sums, which are the 32 bytes at `state`.
 */
export function addToSum(source: usize, length: i32, state: usize): void {
  let words = v128.load(state);
  let sums = v128.load(state, 16);
  const end = source + (length & ~15);
  for (; source < end; source += 16) {
    words = i32x4.add(words, v128.load(source));
    sums = i32x4.add(sums, words);
  }
  if (length & 15) {
    memory.fill(rest, 0, 16);
    memory.copy(rest, source, length & 15);
    words = i32x4.add(words, v128.load(rest));
    sums = i32x4.add(sums, words);
  }
  v128.store(state, words);
  v128.store(state, sums, 16);
}

function floats<F>(source: usize, count: i32, target: usize): u32 {
  let largest = i32x4.splat(0);
  for (; count > 0; count -= 4, target += 16, source += 4 * sizeof<F>()) {
    if (count < 4) source = restOf<F>(source, count);
    const values = load4<F>(source);
    largest = i32x4.max_u(largest, magnitudes(values));
    v128.store(target, values);
  }
  return greatest(largest);
}

function halves<F>(source: usize, count: i32, target: usize): u32 {
  let largest = i32x4.splat(0);
  for (; count > 0; count -= 8, target += 16, source += 8 * sizeof<F>()) {
    if (count < 8) source = restOf<F>(source, count);
    const low = load4<F>(source);
    const high = load4<F>(source + 4 * sizeof<F>());
    largest = i32x4.max_u(largest, i32x4.max_u(magnitudes(low), magnitudes(high)));
    v128.store(target, i16x8.narrow_i32x4_u(half(low), half(high)));
  }
  return greatest(largest);
}

function rowsToCodes<F>(bits: i32, source: usize, rows: i32, width: i32, codes: usize, scales: usize): u32 {
  const codeBytes = (BLOCK * bits) >> 3;
  let largest = i32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let left = width; left > 0; left -= BLOCK) {
      const block = left < BLOCK ? restOf<F>(source, left) : source;
      const most = bits === 8 ? block8<F>(block, codes, scales) : block4<F>(block, codes, scales);
      largest = i32x4.max_u(largest, most);
      source += min(left, BLOCK) * sizeof<F>();
      codes += codeBytes;
      scales += 4;
    }
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
  const a = load4<F>(source);
  const b = load4<F>(source + 4 * sizeof<F>());
  const c = load4<F>(source + 8 * sizeof<F>());
  const d = load4<F>(source + 12 * sizeof<F>());
  const e = load4<F>(source + 16 * sizeof<F>());
  const f = load4<F>(source + 20 * sizeof<F>());
  const g = load4<F>(source + 24 * sizeof<F>());
  const h = load4<F>(source + 28 * sizeof<F>());
  const ab = i32x4.max_u(magnitudes(a), magnitudes(b));
  const cd = i32x4.max_u(magnitudes(c), magnitudes(d));
  const ef = i32x4.max_u(magnitudes(e), magnitudes(f));
  const gh = i32x4.max_u(magnitudes(g), magnitudes(h));
  const most = across(i32x4.max_u(i32x4.max_u(ab, cd), i32x4.max_u(ef, gh)));
  const divisor = f32x4.div(most, f32x4.splat(127));
  const scale = f32x4.extract_lane(divisor, 0);
  if (scale < LEAST_SCALE) {
    f32.store(scales, 0);
    v128.store(codes, i8x16.splat(-128));
    v128.store(codes, i8x16.splat(-128), 16);
    return most;
  }
  f32.store(scales, scale);
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
  const a = load4<F>(source);
  const b = load4<F>(source + 4 * sizeof<F>());
  const c = load4<F>(source + 8 * sizeof<F>());
  const d = load4<F>(source + 12 * sizeof<F>());
  const e = load4<F>(source + 16 * sizeof<F>());
  const f = load4<F>(source + 20 * sizeof<F>());
  const g = load4<F>(source + 24 * sizeof<F>());
  const h = load4<F>(source + 28 * sizeof<F>());
  // As integers, numbers of one sign are in the order of their magnitudes: the most of those without a sign, and of the others.
  const above = i32x4.max_s(
    i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d)),
    i32x4.max_s(i32x4.max_s(e, f), i32x4.max_s(g, h)),
  );
  const below = i32x4.max_u(
    i32x4.max_u(i32x4.max_u(a, b), i32x4.max_u(c, d)),
    i32x4.max_u(i32x4.max_u(e, f), i32x4.max_u(g, h)),
  );
  const most = i32x4.max_s(across(i32x4.max_s(above, i32x4.splat(0))), i32x4.splat(0));
  const least = magnitudes(i32x4.min_s(across(below), i32x4.splat(0)));
  const isPositive = i32x4.gt_s(most, least);
  const largest = i32x4.max_s(most, least);
  // As m / -8, exactly, but for what counts as zero.
  const sign = v128.and(isPositive, i32x4.splat(0x80000000));
  const divisor = v128.or(f32x4.mul(largest, f32x4.splat(0.125)), sign);
  const scale = f32x4.extract_lane(divisor, 0);
  if (abs(scale) < LEAST_SCALE) {
    f32.store(scales, 0);
    v128.store(codes, i8x16.splat(-0x78));
    return largest;
  }
  f32.store(scales, scale);
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

/** 16 weights, divided, rounded and moved by what `rounder` has over `ROUNDER`, as bytes. */
function codes16(a: v128, b: v128, c: v128, d: v128, divisor: v128, rounder: f32): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_u(codes4(a, divisor, rounder), codes4(b, divisor, rounder)),
    i16x8.narrow_i32x4_u(codes4(c, divisor, rounder), codes4(d, divisor, rounder)),
  );
}

function codes4(weights: v128, divisor: v128, rounder: f32): v128 {
  const moved = f32x4.add(f32x4.div(weights, divisor), f32x4.splat(rounder));
  return v128.and(moved, i32x4.splat(0xff));
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
