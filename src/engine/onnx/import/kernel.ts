import { crc32 } from 'node:zlib';
import type { FloatFormat } from '../imported-model';
import code from './assembly/convert.wasm';
import { blocksIn, type CodeBits, codeBytes } from './codes';
import { BYTES } from './to-float32';

/**
 * What a piece of a tensor becomes.
 *
 * `float32` is exact: every bfloat16 and float16 is one. `float16` is the nearest (IEEE 754 binary16), ties to even; a bfloat16
 * of usual size loses nothing, one below 2^-14 may.
 *
 * `codes` is symmetric quantisation, round to nearest with ties to even, in blocks of 32 along a row, as MatMulNBits without
 * zero points computes with it: `w ~ (code - zero) * scale`, divisions in float32. 8 bits: `scale = max |w| / 127`, codes 1 to
 * 255 around 128. 4 bits: `scale = m / -8`, where `m` is the weight of the largest magnitude (of two, the negative one), so that
 * all 16 codes around 8 are used; what lies beyond the last one becomes the last one. Codes of 4 bits lie two in a byte, the
 * first in its low half. The last block of a row is filled up with zero. A block whose scale would lie below 2^-126 is zero.
 */
export type Conversion =
  | { readonly kind: 'float32' | 'float16' | 'copy' }
  | { readonly kind: 'codes'; readonly bits: CodeBits };

/** Rows of a tensor of `width` numbers each. */
export interface Rows {
  readonly rows: number;
  readonly width: number;
  readonly format: FloatFormat;
}

/** What came of a piece: bytes for each range that its step writes, or what it holds that cannot be converted. */
export type Converted = { readonly pieces: readonly Uint8Array[] } | { readonly refused: string };

/** Bits of a float32 without its sign: from these on numbers are infinite or undefined, or round to float16's infinity (65520). */
const NOT_FINITE = 0x7f80_0000;
const TOO_LARGE = 0x477f_f000;

/** The kernel writes up to 7 numbers behind what it was asked for; slots start at multiples of this too. */
const BEHIND = 128;
/** Bytes of a checksum that is gone on with, and how many there are: of the source, and of what is written, of codes and scales. */
const STATE = 32;
const SUMS = 3;
/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;
/** How `assembly/convert.ts` numbers the formats. */
const CODE_OF: Readonly<Record<FloatFormat, number>> = { float32: 0, bfloat16: 1, float16: 2 };

let compiled: WebAssembly.Module | undefined;

/** Pieces of so many rows, but the last one, are whole numbers of what a checksum takes at once, whatever they become. */
export const ROWS = 8;

/** A place for one piece at a time. All slots of a bench share that for what a piece is converted to. */
export class Slot {
  /** The piece lies from `at` on, what it is converted to from `target` on. */
  constructor(
    private readonly kernel: Kernel,
    private readonly at: number,
    private readonly target: number,
  ) {}

  /** Where the bytes of `rows` go. */
  source({ rows, width, format }: Rows): Uint8Array {
    return this.bytes(this.at, rows * width * BYTES[format]);
  }

  /**
   * Converts what `source` was filled with, and goes on with the checksums. The result is good until the next piece is converted,
   * in whichever slot, or this slot is filled anew.
   */
  convert(piece: Rows, to: Conversion): Converted {
    const { rows, width, format } = piece;
    const source = this.source(piece);
    const { kernel, at, target } = this;
    if (to.kind === 'copy') {
      kernel.keep(at, source.length, kernel.sums);
      return { pieces: [source] };
    }
    const number = CODE_OF[format];
    const count = rows * width;
    const finite = (largest: number, pieces: readonly Uint8Array[]): Converted =>
      isBelow(largest, NOT_FINITE) ? { pieces } : { refused: 'infinite or undefined numbers' };
    if (to.kind === 'codes') {
      const blocks = rows * blocksIn(width);
      const scales = target + blocks * codeBytes(to.bits);
      const largest = kernel.toCodes(number, to.bits, at, rows, width, target, scales, kernel.sums);
      return finite(largest, [
        this.bytes(target, blocks * codeBytes(to.bits)),
        this.bytes(scales, blocks * 4),
      ]);
    }
    if (to.kind === 'float32') {
      // Numbers that are float32 stay where they are, and are looked at.
      if (format === 'float32') return finite(kernel.toFloat32(number, at, count, at, kernel.sums), [source]);
      const largest = kernel.toFloat32(number, at, count, target, kernel.sums);
      return finite(largest, [this.bytes(target, count * 4)]);
    }
    const largest = kernel.toFloat16(number, at, count, target, kernel.sums);
    if (!isBelow(largest, NOT_FINITE)) return finite(largest, []);
    if (!isBelow(largest, TOO_LARGE)) return { refused: 'numbers too large for fp16 (use int8 or fp32)' };
    return { pieces: [this.bytes(target, count * 2)] };
  }

  private bytes(from: number, length: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, from, length);
  }
}

/**
 * Checksums of what slots were filled with since `restart`, and of each range that it was converted to. Of 32 bits, and several
 * times as fast as Node's CRC-32: Fletcher's, over four words of 32 bits side by side, and the CRC-32 of what that comes to.
 */
export class Checksums {
  constructor(private readonly kernel: Kernel) {}

  restart(): void {
    this.states(0, SUMS).fill(0);
  }

  /** Goes on with bytes in the kernel's memory that are kept as they are, a multiple of 16 of them unless they are the last. */
  add({ byteOffset, length }: Uint8Array): void {
    this.kernel.keep(byteOffset, length, this.kernel.sums);
  }

  get source(): number {
    return crc32(this.states(0, 1));
  }

  stored(range: number): number {
    return crc32(this.states(1 + range, 1));
  }

  private states(first: number, count: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, this.kernel.sums + first * STATE, count * STATE);
  }
}

/** Memory of the kernel, with `slots` for pieces. */
export interface Bench {
  readonly slots: readonly Slot[];
  readonly checksums: Checksums;
}

/** Makes `count` slots, each with room for any of `pieces`. */
export function openBench(count: number, pieces: Iterable<readonly [Rows, Conversion]>): Bench {
  let room: Room = { source: 0, target: 0 };
  for (const [rows, to] of pieces) {
    const one = roomFor(rows, to);
    room = { source: Math.max(room.source, one.source), target: Math.max(room.target, one.target) };
  }
  const { source, target } = room;
  const kernel = new Kernel(target + count * source);
  const first = kernel.free + target;
  const slots = Array.from({ length: count }, (_, i) => new Slot(kernel, first + i * source, kernel.free));
  return { slots, checksums: new Checksums(kernel) };
}

/** Bytes for what is read and what comes of it, multiples of 128. */
interface Room {
  readonly source: number;
  readonly target: number;
}

function roomFor({ rows, width, format }: Rows, to: Conversion): Room {
  const round = (bytes: number) => Math.ceil(bytes / BEHIND) * BEHIND + BEHIND;
  const target = to.kind === 'codes' ? rows * blocksIn(width) * (codeBytes(to.bits) + 4) : rows * width * 4;
  return { source: round(rows * width * BYTES[format]), target: to.kind === 'copy' ? 0 : round(target) };
}

/** The functions of `assembly/convert.ts`, over memory with `bytes` that are free to use from `free` on. */
class Kernel {
  readonly memory: WebAssembly.Memory;
  readonly free: number;
  readonly toFloat32: KernelFunction;
  readonly toFloat16: KernelFunction;
  readonly toCodes: KernelFunction;
  readonly keep: KernelFunction;
  /** Where checksums are gone on with. */
  readonly sums: number;

  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE) + 1;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(code);
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.memory } });
    this.toFloat32 = functionOf(exports, 'toFloat32');
    this.toFloat16 = functionOf(exports, 'toFloat16');
    this.toCodes = functionOf(exports, 'toCodes');
    this.keep = functionOf(exports, 'keep');
    const from = functionOf(exports, 'freeFrom')();
    this.sums = Math.ceil(from / BEHIND) * BEHIND;
    this.free = this.sums + BEHIND;
    if (this.free > PAGE) throw new Error('The kernel keeps more for itself than was left to it.');
  }
}

type KernelFunction = (...numbers: number[]) => number;

function functionOf(exports: Readonly<Record<string, unknown>>, name: string): KernelFunction {
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`The kernel has no function ${name}.`);
  return (...numbers) => Number(found(...numbers));
}

/** As numbers without a sign, which WebAssembly gives with one. */
const isBelow = (bits: number, limit: number): boolean => bits >>> 0 < limit;
