import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Conversion, openBench, type Rows } from '../../../../../src/engine/onnx/import/kernel';
import { toFloat32 } from '../../../../../src/engine/onnx/import/to-float32';
import { bytesOf, convert, converted } from '../../../../helpers/convert';
import { plainCodes, plainHalves } from '../../../../helpers/plain-conversion';
import { randomNumbers } from '../../../../helpers/random';

/** Any finite numbers of a format by their bits: zeros of both signs, what lies below the normal ones, and the largest. */
const tensor = fc
  .record({
    format: fc.constantFrom('float32', 'bfloat16', 'float16'),
    rows: fc.integer({ min: 1, max: 3 }),
    width: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(96, 1024, 1030, 2080)),
  })
  .chain((shape) => fc.tuple(fc.constant(shape), bitsFor(shape)));

/** The largest exponent of a finite number, and the bits of a fraction. */
const BITS = {
  float32: { high: 254, fraction: 23 },
  bfloat16: { high: 254, fraction: 7 },
  float16: { high: 30, fraction: 10 },
};

/** Most tensors are of a range of exponents, as weights are; some are of all. */
function bitsFor({ format, rows, width }: Rows): fc.Arbitrary<Uint8Array> {
  const count = rows * width;
  const { high, fraction } = BITS[format];
  const word = fc
    .tuple(fc.integer({ min: 0, max: high }), fc.integer({ min: 0, max: high }))
    .chain(([a, b]) =>
      fc.array(
        fc.tuple(
          fc.boolean(),
          fc.integer({ min: Math.min(a, b), max: Math.max(a, b) }),
          fc.oneof(fc.nat(2 ** fraction - 1), fc.constantFrom(0, 2 ** fraction - 1)),
        ),
        { minLength: count, maxLength: count },
      ),
    );
  return word.map((numbers) => {
    const words = numbers.map(
      ([negative, exponent, rest]) =>
        (negative ? 2 ** (fraction === 23 ? 31 : 15) : 0) + exponent * 2 ** fraction + rest,
    );
    const of = format === 'float32' ? Uint32Array : Uint16Array;
    return new Uint8Array(of.from(words).buffer);
  });
}

const runs = { seed: 11, numRuns: 150 };

describe('the kernel gives what a plain reference gives, to the bit,', () => {
  it.each([8, 4] as const)('as codes of %i bits', (bits) => {
    fc.assert(
      fc.property(tensor, ([shape, bytes]) => {
        const { rows, width, format } = shape;
        const expected = plainCodes(toFloat32(bytes, format), rows, width, bits);
        const [codes, scales] = converted(bytes, shape, { kind: 'codes', bits });
        expect(codes).toEqual(expected.codes);
        expect(scales).toEqual(bytesOf(expected.scales));
      }),
      runs,
    );
  });

  it('as float32', () => {
    fc.assert(
      fc.property(tensor, ([shape, bytes]) => {
        expect(converted(bytes, shape, { kind: 'float32' })).toEqual([
          bytesOf(toFloat32(bytes, shape.format)),
        ]);
      }),
      runs,
    );
  });

  it('as float16, or refuses what is too large', () => {
    fc.assert(
      fc.property(tensor, ([shape, bytes]) => {
        const expected = plainHalves(toFloat32(bytes, shape.format));
        expect(convert(bytes, shape, { kind: 'float16' })).toEqual(
          expected === null ? 'numbers too large for fp16 (use int8 or fp32)' : [bytesOf(expected)],
        );
      }),
      runs,
    );
  });
});

describe('the kernel refuses a number that is infinite or undefined', () => {
  const odd = { float32: 0x7f80_0000, bfloat16: 0x7f80, float16: 0x7c00 } as const;
  const kinds = [
    { kind: 'codes', bits: 8 },
    { kind: 'codes', bits: 4 },
    { kind: 'float16' },
    { kind: 'float32' },
  ] as const;

  it.each(kinds)('wherever it stands, as $kind $bits', (to) => {
    for (const format of ['float32', 'bfloat16', 'float16'] as const) {
      for (const width of [1, 9, 33, 1100]) {
        for (const place of [0, Math.floor(width / 2), width - 1]) {
          for (const bits of [odd[format], odd[format] + 1]) {
            const words = new (format === 'float32' ? Uint32Array : Uint16Array)(width);
            words[place] = bits;
            const found = convert(new Uint8Array(words.buffer), { rows: 1, width, format }, to);
            expect(found, `${format} ${width} ${place}`).toBe('infinite or undefined numbers');
          }
        }
      }
    }
  });

  it('but not where it is copied', () => {
    const bytes = new Uint8Array(new Uint16Array([odd.bfloat16, 1]).buffer);
    expect(convert(bytes, { rows: 1, width: 2, format: 'bfloat16' }, { kind: 'copy' })).toEqual([bytes]);
  });
});

describe('Checksums', () => {
  const shape = { rows: 1, width: 1 << 14, format: 'float32' } as const;
  const { slots, checksums } = openBench(1, [[shape, { kind: 'copy' }]]);
  const memory = slots[0]?.source(shape) ?? new Uint8Array();
  /** In pieces of these lengths. */
  const sumOf = (bytes: Uint8Array, ...pieces: number[]) => {
    checksums.restart();
    let done = 0;
    for (const length of [...pieces, bytes.length]) {
      const piece = memory.subarray(0, Math.min(length, bytes.length - done));
      piece.set(bytes.subarray(done, done + piece.length));
      checksums.add(piece);
      done += piece.length;
    }
    return checksums.source;
  };
  const some = fc.uint8Array({ minLength: 1, maxLength: 400 });

  /** More rows, and more numbers, than are converted between two looks at the checksums. */
  const large = fc.record({
    format: fc.constantFrom('float32', 'bfloat16', 'float16'),
    rows: fc.integer({ min: 1, max: 20 }),
    width: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(500, 512)),
  });

  it.each<Conversion>([
    { kind: 'copy' },
    { kind: 'float32' },
    { kind: 'float16' },
    { kind: 'codes', bits: 8 },
    { kind: 'codes', bits: 4 },
  ])('are of what is read and of what is written: %o', (to) => {
    fc.assert(
      fc.property(large, (rows) => {
        const random = randomNumbers(rows.rows * rows.width);
        const { slots, checksums: own } = openBench(1, [[rows, to]]);
        const source = slots[0]?.source(rows) ?? new Uint8Array();
        // Numbers of all formats that are not large.
        for (let i = 0; i < source.length; i++) source[i] = i % 2 === 1 ? 0x38 : 256 * random();
        const converted = slots[0]?.convert(rows, to) ?? { refused: 'there is no slot' };
        const pieces = 'refused' in converted ? [] : converted.pieces;
        expect(pieces.length).toBe(to.kind === 'codes' ? 2 : 1);
        expect(own.source).toBe(sumOf(source));
        expect(pieces.map((_, range) => own.stored(range))).toEqual(pieces.map((piece) => sumOf(piece)));
      }),
      runs,
    );
  });

  it('is the same in whatever pieces', () => {
    fc.assert(
      fc.property(some, fc.nat(20), fc.nat(20), (bytes, a, b) => {
        expect(sumOf(bytes, 16 * a, 16 * b)).toBe(sumOf(bytes));
      }),
      runs,
    );
  });

  it('tells apart what differs by a byte, by two that changed places, or by a run of zeros', () => {
    fc.assert(
      fc.property(some, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, i, k, by) => {
        const [first, second] = [i % bytes.length, k % bytes.length];
        const changed = bytes.with(first, (bytes[first] ?? 0) ^ by);
        expect(sumOf(changed)).not.toBe(sumOf(bytes));
        const swapped = bytes.with(first, bytes[second] ?? 0).with(second, bytes[first] ?? 0);
        if (bytes[first] !== bytes[second]) expect(sumOf(swapped)).not.toBe(sumOf(bytes));
        const lost = bytes.slice().fill(0, first);
        if (bytes.subarray(first).some((byte) => byte > 0)) expect(sumOf(lost)).not.toBe(sumOf(bytes));
      }),
      runs,
    );
  });
});
