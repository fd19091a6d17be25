import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataError } from '../../../../src/dataset/data-error';
import { checkSource } from '../../../../src/dataset/source/check-source';
import type { DataSource } from '../../../../src/dataset/source/data-source';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { writeTrace } from '../../../../src/trace/trace-line';
import {
  conversationRow,
  jsonArray,
  jsonLines,
  planOf,
  questionRow,
  resultsRow,
  textData,
} from '../../../helpers/data-files';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';

/** Sound files of all formats and layouts; the last is the file of a sample in a folder of inference. */
const SOUND = [
  ['traces', `${writeTrace(sampleTrace)}\n`.repeat(4)],
  ['sharegpt as an array', jsonArray(3, conversationRow)],
  ['sharegpt as lines', jsonLines(4, conversationRow)],
  ['results', jsonLines(3, resultsRow)],
  ['questions', jsonArray(6, questionRow)],
  ['inference', JSON.stringify(textData(planOf(0)), null, 2)],
] as const;

/** A piece of damage: at a share of the file's length some bytes go, and others come. */
const wound = fc.record({
  // Without a bias to the ends: a file whose first item is broken tells little.
  at: fc.noBias(fc.integer({ min: 0, max: 9999 })).map((share) => share / 10_000),
  gone: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 2 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 4000 }) },
  ),
  come: fc
    .oneof(
      fc.constantFrom(
        '',
        'a',
        'é',
        '<image>',
        '\ufeff',
        '\u2028',
        '```',
        '<|im_start|>',
        '\\ud800',
        '-',
        ' ',
      ),
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        '"',
        '\\',
        ',',
        '\n',
        ':',
        'null',
        '1e999',
        '{"a":',
        '"images": 3,',
      ),
      fc.constant('[['.repeat(600)),
    )
    .map((text) => Buffer.from(text)),
  bytes: fc.oneof(
    { weight: 3, arbitrary: fc.constant(new Uint8Array()) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) },
  ),
});
type Wound = typeof wound extends fc.Arbitrary<infer W> ? W : never;

function damage(sound: Buffer, wounds: readonly Wound[]): Buffer {
  return wounds.reduce((bytes, { at, gone, come, bytes: raw }) => {
    const start = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, start), come, raw, bytes.subarray(start + gone)]);
  }, sound);
}

/** The 1-based line in which a byte stands. */
const lineAt = (bytes: Buffer, byte: number) => bytes.toString('latin1', 0, byte).split('\n').length;

const isBlank = (bytes: Buffer) =>
  /^(?:\u00ef\u00bb\u00bf)?\s*(?:\[\s*\]\s*)?$/.test(bytes.toString('latin1'));

/** Checks all that is said of a damaged file; gives the codes of what was found. */
async function checkAll(source: DataSource, bytes: Buffer): Promise<readonly string[]> {
  const place = ({ line, byte }: { readonly line: number; readonly byte: number }) => {
    expect(byte).toBeLessThanOrEqual(bytes.length);
    expect(line).toBe(lineAt(bytes, byte));
  };
  const signal = new AbortController().signal;
  const { items, clean, codes } = await checkSource(source, place, { signal });
  expect(clean).toBeLessThanOrEqual(items);
  if (items === 0 && !isBlank(bytes)) expect(source.fault).not.toBeNull();
  for (let i = 0; i < items; i++) {
    const item = await source.item(i);
    if (item === null) throw new Error('an item is gone');
    place(item);
    expect(item.hash).toBe(createHash('sha256').update(item.raw).digest('hex'));
    expect(item.trace !== null || item.findings.length > 0).toBe(true);
    if (item.raw !== '') expect(bytes.toString('utf8', item.byte).startsWith(item.raw)).toBe(true);
  }
  return codes.map(({ code }) => code);
}

const LONG = process.env.VILASR_LONG === '1';
const RUNS = Math.ceil((LONG ? 100_000 : 300) / SOUND.length);

it.each(SOUND)(
  'a damaged file of %s opens as far as it is sound, and all else is said with its place',
  async (name, text) => {
    const isSample = name === 'inference';
    const path = join(await temporaryFolder(), isSample ? 'text_data.json' : 'some.json');
    const sound = Buffer.from(text);
    const seen = new Set<string>();
    let opened = 0;
    const wounds = fc.array(wound, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(wounds, async (all) => {
        const bytes = damage(sound, all);
        await writeFile(path, bytes);
        let source: DataSource;
        try {
          source = await openDataSource(path, { startIndex: indexHere });
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          expect(String(error)).toContain(`${path} is of no format that is known here; `);
          return;
        }
        opened++;
        const codes = await checkAll(source, bytes).finally(() => source.close());
        for (const code of codes) seen.add(code);
      }),
      { seed: 17, numRuns: RUNS },
    );
    // Most of the damage leaves something to be read, and shows in many ways.
    expect(opened).toBeGreaterThan(RUNS / 2);
    expect([...seen]).toEqual(expect.arrayContaining(['bad-json', 'not-utf8']));
  },
);
