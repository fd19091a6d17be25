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
/** Bytes of a checksum that is gone on with. */
const STATE = 32;
/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;
/** How `assembly/convert.ts` numbers the formats. */
const CODE_OF: Readonly<Record<FloatFormat, number>> = { float32: 0, bfloat16: 1, float16: 2 };

let compiled: WebAssembly.Module | undefined;

/** Pieces of so many rows, but the last one, are whole numbers of what a checksum takes at once, whatever they become. */
export const ROWS = 8;

/** A place for one piece at a time: `source` is filled, and what it is converted to lies behind it until it is filled anew. */
export class Slot {
  /** `largest` pieces fit in, of each kind. */
  constructor(
    private readonly kernel: Kernel,
    private readonly at: number,
    private readonly room: Room,
  ) {}

  /** Where the bytes of `rows` go. */
  source({ rows, width, format }: Rows): Uint8Array {
    return this.bytes(this.at, rows * width * BYTES[format]);
  }

  /** Converts what `source` was filled with. The result lies in the slot. */
  convert(piece: Rows, to: Conversion): Converted {
    const { rows, width, format } = piece;
    const source = this.source(piece);
    if (to.kind === 'copy') return { pieces: [source] };
    const { kernel, at } = this;
    const target = at + this.room.source;
    const number = CODE_OF[format];
    const count = rows * width;
    const finite = (largest: number, pieces: readonly Uint8Array[]): Converted =>
      isBelow(largest, NOT_FINITE) ? { pieces } : { refused: 'infinite or undefined numbers' };
    if (to.kind === 'codes') {
      const blocks = rows * blocksIn(width);
      const scales = target + blocks * codeBytes(to.bits);
      const largest = kernel.toCodes(number, to.bits, at, rows, width, target, scales);
      return finite(largest, [
        this.bytes(target, blocks * codeBytes(to.bits)),
        this.bytes(scales, blocks * 4),
      ]);
    }
    if (to.kind === 'float32') {
      // Numbers that are float32 stay where they are, and are looked at.
      if (format === 'float32') return finite(kernel.toFloat32(number, at, count, at), [source]);
      return finite(kernel.toFloat32(number, at, count, target), [this.bytes(target, count * 4)]);
    }
    const largest = kernel.toFloat16(number, at, count, target);
    if (!isBelow(largest, NOT_FINITE)) return finite(largest, []);
    if (!isBelow(largest, TOO_LARGE)) return { refused: 'numbers too large for fp16 (use int8 or fp32)' };
    return { pieces: [this.bytes(target, count * 2)] };
  }

  private bytes(from: number, length: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, from, length);
  }
}

/**
 * A checksum of 32 bits that is several times as fast as Node's CRC-32: Fletcher's, over four words of 32 bits side by side, and
 * the CRC-32 of what that comes to.
 */
export class Checksum {
  private readonly state = new Uint8Array(STATE);

  constructor(private readonly kernel: Kernel) {}

  /** Goes on with bytes in the kernel's memory, a multiple of 16 of them unless they are the last. */
  add({ byteOffset, length }: Uint8Array): void {
    const { kernel, state } = this;
    const place = new Uint8Array(kernel.memory.buffer, kernel.state, STATE);
    place.set(state);
    kernel.addToSum(byteOffset, length, kernel.state);
    state.set(place);
  }

  get value(): number {
    return crc32(this.state);
  }
}

/** Memory of the kernel, with `slots` for pieces. */
export interface Bench {
  readonly slots: readonly Slot[];
  /** Of bytes that lie in slots. */
  readonly newChecksum: () => Checksum;
}

/** Makes `count` slots, each with room for any of `pieces`. */
export function openBench(count: number, pieces: Iterable<readonly [Rows, Conversion]>): Bench {
  let room: Room = { source: 0, target: 0 };
  for (const [rows, to] of pieces) {
    const one = roomFor(rows, to);
    room = { source: Math.max(room.source, one.source), target: Math.max(room.target, one.target) };
  }
  const size = room.source + room.target;
  const kernel = new Kernel(count * size);
  const slots = Array.from({ length: count }, (_, i) => new Slot(kernel, kernel.free + i * size, room));
  return { slots, newChecksum: () => new Checksum(kernel) };
}

/** Bytes of a slot for what is read and what comes of it, multiples of 128. */
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
  readonly addToSum: KernelFunction;
  /** Where a checksum is gone on with. */
  readonly state: number;

  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE) + 1;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(code);
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.memory } });
    this.toFloat32 = functionOf(exports, 'toFloat32');
    this.toFloat16 = functionOf(exports, 'toFloat16');
    this.toCodes = functionOf(exports, 'toCodes');
    this.addToSum = functionOf(exports, 'addToSum');
    const from = functionOf(exports, 'freeFrom')();
    this.state = Math.ceil(from / BEHIND) * BEHIND;
    this.free = this.state + BEHIND;
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
