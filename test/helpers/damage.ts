import fc from 'fast-check';

/** A stretch of a file, by shares of its length. */
const stretch = fc.record({
  // Without a bias to the ends: a file whose first item is broken tells little.
  at: fc.noBias(fc.integer({ min: 0, max: 9999 })).map((share) => share / 10_000),
  length: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 2 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 4000 }) },
  ),
});

const text = fc
  .oneof(
    fc.constantFrom('', 'a', 'é', '<image>', '\ufeff', '\u2028', '```', '<|im_start|>', '\\ud800', '-', ' '),
    fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', '\n', ':'),
    fc.constantFrom('null', '1e999', '{"a":', '"images": 3,', '\\n<think>', '\0', '\r'),
    fc.constant('[['.repeat(600)),
    fc.constant('9'.repeat(400)),
  )
  .map((piece) => Buffer.from(piece));

/** A piece of damage: a stretch goes, and other bytes come in its place. */
const wound = fc.record({
  gone: stretch,
  come: fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 3, arbitrary: fc.noBias(fc.uint8Array({ maxLength: 3 })) },
    // What stands elsewhere in the file, as after a write that went wrong.
    { weight: 1, arbitrary: stretch },
  ),
  // All after it is gone too, as when the disk was full.
  cut: fc.nat(15).map((chance) => chance === 15),
});

type Wound = typeof wound extends fc.Arbitrary<infer W> ? W : never;

/** One to three pieces of damage, for `damage`. */
export const wounds = fc.array(wound, { minLength: 1, maxLength: 3 });

/** What stands there in a file. */
function stretchOf(bytes: Buffer, { at, length }: { readonly at: number; readonly length: number }): Buffer {
  const start = Math.floor(at * bytes.length);
  return bytes.subarray(start, start + length);
}

/** A sound file after that damage, one piece after the other. */
export function damage(sound: Buffer, all: readonly Wound[]): Buffer {
  return all.reduce((bytes, { gone, come, cut }) => {
    const start = Math.floor(gone.at * bytes.length);
    const put = come instanceof Uint8Array ? come : stretchOf(bytes, come);
    return Buffer.concat([
      bytes.subarray(0, start),
      put,
      cut ? Buffer.alloc(0) : bytes.subarray(start + gone.length),
    ]);
  }, sound);
}
