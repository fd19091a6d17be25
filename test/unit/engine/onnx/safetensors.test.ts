import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import { readSafetensors } from '../../../../src/engine/onnx/safetensors';
import { fileWithHeader, safetensorsBytes } from '../../../helpers/safetensors';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const RUNS = process.env.VILASR_LONG === '1' ? 100_000 : 1_500;

const TWO = safetensorsBytes([
  { name: 'a', dtype: 'F32', shape: [2, 3], data: new Uint8Array(24).fill(1) },
  { name: 'b', dtype: 'BF16', shape: [5], data: new Uint8Array(10).fill(2) },
]);

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'model.safetensors');
  await writeFile(path, bytes);
  return path;
}

/** Reads `bytes` as a file and gives the message that it is refused with. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const path = await write(bytes);
  const error: unknown = await readSafetensors(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected a refusal, got ${error}`);
  expect(error.kind).toBe('bad-model');
  expect(error.message.startsWith(path)).toBe(true);
  return error.message.slice(path.length + 1);
}

const entry = (dtype: string, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });
const withData = (header: unknown, bytes: number) =>
  Buffer.concat([fileWithHeader(header), Buffer.alloc(bytes)]);

describe('readSafetensors', () => {
  it('gives number format, shape and place of every tensor', async () => {
    const file = await readSafetensors(await write(TWO));
    const data = TWO.length - 34;
    expect([...file.tensors]).toEqual([
      ['a', { dtype: 'F32', shape: [2, 3], offset: data, length: 24 }],
      ['b', { dtype: 'BF16', shape: [5], offset: data + 24, length: 10 }],
    ]);
    expect(file.size).toBe(TWO.length);
  });

  it('reads a file without tensors and one with an empty tensor', async () => {
    expect((await readSafetensors(await write(fileWithHeader({})))).tensors.size).toBe(0);
    const empty = withData({ none: entry('F32', [0, 4], [0, 0]), one: entry('F32', [], [0, 4]) }, 4);
    expect((await readSafetensors(await write(empty))).tensors.size).toBe(2);
  });

  it('follows symbolic links, as the cache of the Hugging Face hub has them', async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, 'blobs'));
    await writeFile(join(dir, 'blobs', 'abc'), TWO);
    await symlink(join('blobs', 'abc'), join(dir, 'model.safetensors'));
    expect((await readSafetensors(join(dir, 'model.safetensors'))).path).toMatch(/blobs.abc$/);
  });

  it('tells files apart that differ in their data alone', async () => {
    const changed = Buffer.from(TWO);
    changed[changed.length - 1] = 99;
    const [one, same, other] = await Promise.all(
      [TWO, TWO, changed].map(async (bytes) => (await readSafetensors(await write(bytes))).signature),
    );
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('refuses a file that is missing', async () => {
    const path = join(await temporaryFolder(), 'none.safetensors');
    await expect(readSafetensors(path)).rejects.toThrow(`${path} is missing.`);
  });

  it('refuses a file cut short, wherever it is cut', async () => {
    for (let length = 0; length < TWO.length; length++) {
      const text = await refusal(TWO.subarray(0, length));
      expect(text).toMatch(length < 8 ? /too short/ : /is cut short/);
    }
    expect(await refusal(TWO.subarray(0, TWO.length - 1))).toBe(
      `is cut short: ${TWO.length - 1} bytes of ${TWO.length}; copy it again.`,
    );
  });

  it.each([
    [
      'a header longer than the format allows',
      Buffer.from('ffffffffffffff7f7b7d', 'hex'),
      /not a safetensors file/,
    ],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00'),
      /git lfs pull/,
    ],
    ['a header that is not JSON', fileWithHeader('{"a": '), /not JSON/],
    ['a header that is not UTF-8', fileWithHeader('{}').fill(0xff, 8), /not JSON/],
    ['a header that is a list', fileWithHeader([]), /not a JSON object/],
    [
      'a tensor named twice',
      withData(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        4,
      ),
      /twice/,
    ],
    [
      'an entry without a shape',
      withData({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4),
      /tensor a wrongly: shape/,
    ],
    ['a negative side', withData({ a: entry('F32', [-1], [0, 4]) }, 4), /tensor a wrongly: shape.0/],
    [
      'offsets that are not numbers',
      withData({ a: entry('F32', [1], ['0', 4]) }, 4),
      /wrongly: data_offsets.0/,
    ],
    [
      'an unknown number format',
      withData({ a: entry('constructor', [1], [0, 4]) }, 4),
      /unknown number format \(constructor\)/,
    ],
    [
      'fewer bytes than the shape takes',
      withData({ a: entry('F32', [2], [0, 4]) }, 4),
      /gives tensor a 4 bytes, but its shape \[2\] in F32 takes 8/,
    ],
    ['offsets the wrong way round', withData({ a: entry('F32', [1], [4, 0]) }, 4), /gives tensor a -4 bytes/],
    [
      'a shape beyond all numbers',
      withData({ a: entry('F32', [2 ** 52, 2 ** 52, 0.5], [0, 4]) }, 4),
      /wrongly/,
    ],
    [
      'overlapping tensors',
      withData({ a: entry('F32', [2], [0, 8]), b: entry('F32', [1], [4, 8]) }, 8),
      /lays tensor b over tensor a/,
    ],
    [
      'a gap between tensors',
      withData({ a: entry('F32', [1], [0, 4]), b: entry('F32', [1], [8, 12]) }, 12),
      /leaves a gap before tensor b/,
    ],
    ['bytes beyond the end', withData({ a: entry('F32', [4], [0, 16]) }, 4), /is cut short/],
    [
      'bytes after the last tensor',
      withData({ a: entry('F32', [1], [0, 4]) }, 9),
      /has 5 bytes after its last tensor/,
    ],
  ])('refuses %s', async (_, bytes, expected) => {
    expect(await refusal(bytes)).toMatch(expected);
  });

  it('answers any mutated file with its tensors or an EngineError', async () => {
    const path = await write(TWO);
    const headerEnd = TWO.length - 34;
    const change = fc.record({ at: fc.nat(headerEnd - 1), byte: fc.nat(255) });
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '0',
      '-1',
      '1e9',
      'null',
      '"a"',
      '\\u0000',
      '__proto__',
    );
    const mutation = fc.record({
      changes: fc.array(change, { maxLength: 4 }),
      cut: fc.option(fc.nat(TWO.length)),
      insert: fc.option(fc.record({ at: fc.integer({ min: 8, max: headerEnd }), piece })),
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async ({ changes, cut, insert }) => {
        let bytes = Buffer.from(TWO);
        for (const { at, byte } of changes) bytes[at] = byte;
        if (insert !== null) {
          const grown = Buffer.from(insert.piece);
          bytes = Buffer.concat([bytes.subarray(0, insert.at), grown, bytes.subarray(insert.at)]);
          bytes.writeBigUInt64LE(BigInt(headerEnd - 8 + grown.length));
        }
        await writeFile(path, bytes.subarray(0, cut ?? bytes.length));
        try {
          await readSafetensors(path);
        } catch (error) {
          if (!(error instanceof EngineError && error.kind === 'bad-model')) throw error;
          refused++;
        }
      }),
      { seed: 20, numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS / 2);
  }, 600_000);
});
