import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataError } from '../../../../src/dataset/data-error';
import { checkSource } from '../../../../src/dataset/source/check-source';
import type { DataItem, DataSource } from '../../../../src/dataset/source/data-source';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { rowOf } from '../../../../src/dataset/table/item-row';
import { writeTrace } from '../../../../src/trace/trace-line';
import { damage, wounds } from '../../../helpers/damage';
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

/** What is opened, and its files: the first one is damaged. */
interface Sound {
  readonly open: string;
  readonly files: Readonly<Record<string, string>>;
}

const oneFile = (text: string): Sound => ({ open: 'some.json', files: { 'some.json': text } });
const sample = (i: number) => JSON.stringify(textData(planOf(i)), null, 2);

/** Sound data of all formats and layouts. */
const SOUND: readonly (readonly [string, Sound])[] = [
  ['a file of traces', oneFile(`${writeTrace(sampleTrace)}\n`.repeat(4))],
  ['sharegpt as an array', oneFile(jsonArray(3, conversationRow))],
  ['sharegpt as lines', oneFile(jsonLines(4, conversationRow))],
  ['results as lines', oneFile(jsonLines(3, resultsRow))],
  ['results as an array', oneFile(jsonArray(3, resultsRow))],
  ['questions as an array', oneFile(jsonArray(6, questionRow))],
  ['questions as lines', oneFile(jsonLines(6, questionRow))],
  ['a sample of inference', { open: 'text_data.json', files: { 'text_data.json': sample(0) } }],
  [
    'a folder of inference',
    {
      open: '.',
      files: {
        'sample_2/text_data.json': sample(1),
        'sample_1/text_data.json': sample(0),
        'sample_3/text_data.json': sample(2),
      },
    },
  ],
];

/** The 1-based line in which a byte stands. */
const lineAt = (bytes: Buffer, byte: number) => bytes.toString('latin1', 0, byte).split('\n').length;

const isBlank = (bytes: Buffer) =>
  /^(?:\u00ef\u00bb\u00bf)?\s*(?:\[\s*\]\s*)?$/.test(bytes.toString('latin1'));

/** Checks all that is said of data, `files` by their paths, some of it damaged; gives the codes of what was found. */
async function checkAll(source: DataSource, files: ReadonlyMap<string, Buffer>): Promise<readonly string[]> {
  const bytesOf = (file: string) => files.get(file) ?? Buffer.alloc(0);
  const said: string[] = [];
  const place = ({ file, line, byte }: Pick<DataItem, 'file' | 'line' | 'byte'>) => {
    const bytes = bytesOf(file);
    expect(byte).toBeLessThanOrEqual(bytes.length);
    expect(line).toBe(lineAt(bytes, byte));
  };
  const signal = new AbortController().signal;
  const { items, clean, codes } = await checkSource(
    source,
    (finding) => {
      place(finding);
      said.push(finding.message);
    },
    { signal },
  );
  expect(clean).toBeLessThanOrEqual(items);
  if (items === 0 && !isBlank(bytesOf(source.path))) expect(source.fault).not.toBeNull();
  for (let i = 0; i < items; i++) {
    const item = await source.item(i);
    if (item === null) throw new Error('an item is gone');
    place(item);
    expect(item.hash).toBe(createHash('sha256').update(item.raw).digest('hex'));
    expect(item.trace !== null || item.findings.length > 0).toBe(true);
    if (item.raw !== '')
      expect(bytesOf(item.file).toString('utf8', item.byte).startsWith(item.raw)).toBe(true);
    expect(rowOf(item)).toMatchObject({ line: item.line, id: item.trace?.id ?? null });
  }
  // What is said of data does not outgrow it.
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  expect(said.join('').length).toBeLessThan(LONGEST_MESSAGE + size);
  return codes.map(({ code }) => code);
}

/** The file may be much shorter than what is said of it. */
const LONGEST_MESSAGE = 500;

const LONG = process.env.VILASR_LONG === '1';
const RUNS = Math.ceil((LONG ? 100_000 : 360) / SOUND.length);
/** Nothing that is waited for takes so long, in milliseconds. */
const HANGS = 30_000;

it.each(SOUND)(
  '%s that is damaged opens as far as it is sound, and all else is said with its place',
  async (_, { open, files }) => {
    const folder = await temporaryFolder();
    const sound = new Map(
      Object.entries(files).map(([name, text]) => [join(folder, name), Buffer.from(text)]),
    );
    for (const [path, bytes] of sound) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    const [[path, whole] = ['', Buffer.alloc(0)]] = sound;
    const seen = new Set<string>();
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(wounds, async (all) => {
        const bytes = damage(whole, all);
        await writeFile(path, bytes);
        let source: DataSource;
        try {
          source = await openDataSource(join(folder, open), { startIndex: indexHere });
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          expect(String(error)).toContain(`${path} is of no format that is known here; `);
          return;
        }
        opened++;
        const codes = await checkAll(source, new Map([...sound, [path, bytes]])).finally(() =>
          source.close(),
        );
        for (const code of codes) seen.add(code);
      }),
      { seed: 17, numRuns: RUNS, timeout: HANGS },
    );
    // Most of the damage leaves something to be read, and shows in many ways.
    expect(opened).toBeGreaterThan(RUNS / 2);
    expect([...seen]).toEqual(expect.arrayContaining(['bad-json', 'not-utf8']));
  },
);
