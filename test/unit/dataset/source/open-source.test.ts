import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { DataItem, DataSource } from '../../../../src/dataset/source/data-source';
import { type OpenOptions, openDataSource } from '../../../../src/dataset/source/open-source';
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

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  // The name says nothing.
  path = join(folder, 'some.data');
});

async function open(content?: string | Buffer, options: Partial<OpenOptions> = {}): Promise<DataSource> {
  if (content !== undefined) await writeFile(path, content);
  const source = await openDataSource(path, { startIndex: indexHere, ...options });
  onTestFinished(() => source.close());
  return source;
}

async function all(source: DataSource): Promise<DataItem[]> {
  const items: DataItem[] = [];
  for (let item = await source.item(0); item !== null; item = await source.item(items.length))
    items.push(item);
  return items;
}

describe('a file says by what is in it that it holds', () => {
  it.each([
    ['traces', `${writeTrace(sampleTrace)}\n`.repeat(3)],
    ['sharegpt', jsonArray(3, conversationRow)],
    ['sharegpt', jsonLines(3, conversationRow)],
    ['results', jsonLines(3, resultsRow)],
    ['questions', jsonArray(3, questionRow)],
    ['questions', `\ufeff${jsonLines(3, questionRow).replaceAll('\n', '\r\n')}`],
  ])('%s', async (format, content) => {
    const source = await open(content);
    expect(source).toMatchObject({ format, path, folder });
    const items = await all(source);
    expect(items.map(({ trace }) => trace !== null)).toEqual([true, true, true]);
    expect(source.counts).toEqual({ count: 3, counting: false });
  });

  it('something that stands after items of no format', async () => {
    const source = await open(`{"x"\n\n{"a":1}\n${jsonLines(1, questionRow)}`);
    expect(source.format).toBe('questions');
    const items = await all(source);
    expect(items.map(({ line, findings: [first] }) => [line, first?.code, first?.line, first?.byte])).toEqual(
      [
        [1, 'bad-json', 1, 4],
        [3, 'bad-field', 3, 6],
        [4, undefined, undefined, undefined],
      ],
    );
  });
});

describe('a folder of inference', () => {
  const sample = async (name: string, content: string) => {
    await mkdir(join(path, name), { recursive: true });
    await writeFile(join(path, name, 'text_data.json'), content);
  };

  it('holds its samples in the order of their numbers, each read from its own file', async () => {
    await sample('sample_20260101_000000_10', JSON.stringify(textData(planOf(1))));
    await sample('sample_20260101_000000_2', JSON.stringify(textData(planOf(0)), null, 2));
    await sample('sample_20260101_000001', '{"sequence": ');
    await mkdir(join(path, 'sample_20260101_000002'));
    const source = await open();
    expect(source).toMatchObject({ format: 'inference', folder: path });
    const items = await all(source);
    expect(items.map(({ trace, findings: [first] }) => trace?.id ?? first?.code)).toEqual([
      'sample_20260101_000000_2',
      'sample_20260101_000000_10',
      'bad-json',
      'unreadable',
    ]);
    expect(items[2]?.file).toBe(join(path, 'sample_20260101_000001', 'text_data.json'));
  });

  it('may be that of one sample', async () => {
    await sample('sample_1', JSON.stringify(textData(planOf(0))));
    for (const way of [join(path, 'sample_1'), join(path, 'sample_1', 'text_data.json')]) {
      path = way;
      const [item] = await all(await open());
      expect(item?.trace?.images[0]?.path).toBe('sample_1/images/image_0.png');
    }
  });

  it('is told from any other folder', async () => {
    path = folder;
    await expect(open()).rejects.toThrow(
      /is no output folder of inference: no sample_\*\/text_data\.json lies in it/,
    );
  });
});

describe('an item', () => {
  it('is named by its text, whatever its place', async () => {
    const [a, b] = [JSON.stringify(questionRow(planOf(0))), JSON.stringify(questionRow(planOf(1)))];
    const lines = await all(await open(`${a}\n${b}\n${a}\n`));
    const array = await all(await open(`[${b},\n ${a}]`));
    expect(lines.map(({ hash }) => hash)).toEqual([lines[0]?.hash, array[0]?.hash, array[1]?.hash]);
    expect(lines[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(array[1]).toMatchObject({ raw: a, line: 2, byte: Buffer.byteLength(`[${b},\n `) });
  });

  it('without an id has the name of its file and its number', async () => {
    path = join(folder, 'maze.traces.jsonl');
    const items = await all(await open(jsonLines(2, conversationRow)));
    expect(items.map(({ trace }) => trace?.id)).toEqual(['maze-1', 'maze-2']);
  });

  it('has its findings in the line and at the byte where they are', async () => {
    const rows = [conversationRow(planOf(0)), conversationRow(planOf(1))];
    rows[1]?.images.pop();
    const content = `\ufeff${JSON.stringify(rows, null, 2)}`;
    const [, item] = await all(await open(content));
    const [finding] = item?.findings ?? [];
    expect(finding).toMatchObject({ code: 'image-count', path: 'images' });
    const before = Buffer.from(content).toString('utf8', 0, finding?.byte);
    expect(before.endsWith('"images": ')).toBe(true);
    expect(finding?.line).toBe(before.split('\n').length);
  });
});

describe('a file that is broken', () => {
  it('opens up to the fault, which is named', async () => {
    const content = jsonArray(3, conversationRow);
    const cut = content.slice(0, content.length - 40);
    const source = await open(cut);
    expect((await all(source)).map(({ trace }) => trace !== null)).toEqual([true, true]);
    expect(source.fault).toMatchObject({ line: cut.split('\n').length, byte: Buffer.byteLength(cut) });
  });

  it('never looks empty: where no item is found, the fault is the error', async () => {
    await expect(open('[{"conversations": [')).rejects.toThrow(
      `${path} is of no format that is known here; nothing before line 1 (byte 20) is: The file ends before its JSON array does`,
    );
  });
});

describe('a file of no known format', () => {
  it('is refused, and the error says what was looked for', async () => {
    await expect(open('{"a": 1}\n{"b": 2}\n')).rejects.toThrow(
      /is of no format that is known here; none of its first 2 items is\. Items are told by their fields:\n {2}traces: format.*\n {2}results: .*\n {2}sharegpt: conversations/,
    );
    await expect(open(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]))).rejects.toThrow(
      'none of its first 1 items is',
    );
  });

  it('may be empty where it is known what it would hold', async () => {
    await expect(open('\n')).rejects.toThrow('it holds nothing.');
    const source = await open('\n', { otherwise: 'traces' });
    expect([source.format, await source.item(0)]).toEqual(['traces', null]);
    await expect(open('[', { otherwise: 'traces' })).rejects.toThrow(
      'The file ends before its JSON array does.',
    );
  });
});

describe('images', () => {
  const images = (of: string) => ({ folder: of, roots: [folder], followLinks: false });

  it('are looked for if there are places to look in; those that were drawn matter less', async () => {
    const row = conversationRow(planOf(0, './set/0'));
    await mkdir(join(folder, 'set', '0', 'images'), { recursive: true });
    path = join(folder, 'set', 'some.json');
    const codes = async () =>
      (await all(await open(JSON.stringify([row]), { images }))).flatMap(({ findings }) =>
        findings.map(({ code, severity, path: field }) => [code, severity, field]),
      );
    expect(await codes()).toEqual([
      ['missing-image', 'error', 'images[0]'],
      ['missing-image', 'warning', 'images[1]'],
      ['missing-image', 'warning', 'images[2]'],
    ]);
    for (const image of row.images) await writeFile(join(folder, image), '');
    expect(await codes()).toEqual([]);
  });
});
