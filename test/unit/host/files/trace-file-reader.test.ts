import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraceFileReader } from '../../../../src/host/files/trace-file-reader';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';

const lineOf = (id: string, question = 'Where?') => writeTrace({ ...sampleTrace, id, question });

let path: string;
let reader: TraceFileReader;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'some.traces.jsonl');
  reader = new TraceFileReader(path);
});
afterEach(() => reader.close());

const indexed = () =>
  new Promise<void>((resolve) => {
    if (!reader.counts.counting) resolve();
    reader.counted.add(({ counting }) => {
      if (!counting) resolve();
    });
  });

async function open(content: string | Buffer): Promise<void> {
  await writeFile(path, content);
  await reader.open();
  await indexed();
}

const idOf = async (index: number) => (await reader.line(index))?.trace?.id ?? null;

describe('lines', () => {
  it.each([
    ['with a line feed at the end', '\n'],
    ['without one', ''],
  ])('are found, %s', async (_, ending) => {
    await open(['a', 'b', 'c'].map((id) => lineOf(id)).join('\n') + ending);
    expect(reader.counts).toEqual({ count: 3, counting: false });
    expect([await idOf(2), await idOf(0), await idOf(1), await idOf(3)]).toEqual(['c', 'a', 'b', null]);
  });

  it('end at a line feed and at nothing else', async () => {
    await open(`${lineOf('a', 'one \u2028 two \u0085 three')}\n${lineOf('b')}\n`);
    expect(reader.counts.count).toBe(2);
    expect((await reader.line(0))?.trace?.question).toBe('one \u2028 two \u0085 three');
  });

  it('are none in an empty file', async () => {
    await open('');
    expect(reader.counts).toEqual({ count: 0, counting: false });
    expect(await reader.line(0)).toBeNull();
  });

  it('that are no traces have findings, and the others are read', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${lineOf('a')}\n{"format":\n`),
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
      Buffer.from(`\n{"format":"vilasr.trace/1"}\n${lineOf('b')}\n`),
    ]);
    await open(bytes);
    const lines = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => reader.line(index)));
    expect(lines.map((line) => line?.trace?.id ?? line?.findings[0]?.code)).toEqual([
      'a',
      'bad-json',
      'bad-line',
      'bad-json',
      'bad-field',
      'b',
    ]);
    expect(lines[2]?.findings[0]?.message).toBe('The line is not UTF-8 text.');
  });

  it('beyond what fits in memory are refused, and the others are read', async () => {
    await open(Buffer.concat([Buffer.alloc(65 << 20, 0x20), Buffer.from(`\n${lineOf('b')}\n`)]));
    expect((await reader.line(0))?.findings[0]?.message).toMatch(/^The line has 68157441 bytes/);
    expect(await idOf(1)).toBe('b');
  });
});

it('has the first line before the whole file is indexed', async () => {
  const line = `${lineOf('many')}\n`;
  await writeFile(path, `${lineOf('first')}\n${line.repeat(Math.ceil((24 << 20) / line.length))}`);
  await reader.open();
  expect(reader.counts.counting).toBe(true);
  expect(await idOf(0)).toBe('first');
  const { count } = reader.counts;
  // A line that is further on is waited for.
  expect(await idOf(count + 100)).toBe('many');
  await indexed();
  expect(reader.counts.count).toBeGreaterThan(count);
});

it('reads a file that became longer, or another one, when it is opened anew', async () => {
  await open(`${lineOf('a')}\n`);
  await appendFile(path, `${lineOf('b')}\n`);
  await reader.open();
  await indexed();
  expect(reader.counts.count).toBe(2);
  expect(await idOf(1)).toBe('b');
  await rm(path);
  await expect(reader.open()).rejects.toThrow(`Cannot read ${path}: it is not there.`);
});

it('names at most some hundreds of findings of one line', async () => {
  const turns = sampleTrace.turns.slice(0, 1).map((turn) => ({ ...turn, answer: 'made up' }));
  const trace = { ...sampleTrace, turns: Array.from({ length: 700 }, () => turns[0]) };
  await open(`${JSON.stringify(trace)}\n`);
  const line = await reader.line(0);
  expect(line?.trace?.turns).toHaveLength(700);
  expect(line?.findings).toHaveLength(501);
  expect(line?.findings.at(-1)?.message).toMatch(/^There are \d+ more findings\.$/);
});
