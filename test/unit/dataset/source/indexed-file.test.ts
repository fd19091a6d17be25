import { appendFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DataError } from '../../../../src/dataset/data-error';
import { indexItems } from '../../../../src/dataset/source/index-items';
import { IndexedFile } from '../../../../src/dataset/source/indexed-file';
import type { ItemBatch } from '../../../../src/dataset/source/item-table';
import { indexHere, indexInWorker, type StartIndex } from '../../../../src/dataset/source/start-index';
import { bundle } from '../../../helpers/bundle';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'data.json');
});

async function open(content: string | Buffer, start: StartIndex = indexHere): Promise<IndexedFile> {
  await writeFile(path, content);
  const file = new IndexedFile(path, 'any', start);
  onTestFinished(() => file.close());
  await file.open();
  return file;
}

const textOf = async (file: IndexedFile, index: number) => {
  const item = await file.item(index);
  return item !== null && 'text' in item.content ? item.content.text : item;
};

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: i, text: `é "[${'x'.repeat(200)}` }));

describe.each([
  ['in this thread', async () => indexHere],
  [
    'in a thread of its own',
    async () => {
      const entry = await bundle('src/dataset/source/index-worker.ts', await temporaryFolder());
      return indexInWorker(entry);
    },
  ],
])('a file that is indexed %s', (_, starter) => {
  it('has the first item before the whole file is indexed, and waits for those further on', async () => {
    const items = many(100_000);
    const file = await open(JSON.stringify(items), await starter());
    expect(file.counts.counting).toBe(true);
    expect(await textOf(file, 0)).toBe(JSON.stringify(items[0]));
    expect(file.counts.count).toBeLessThan(100_000);
    expect(await textOf(file, 99_999)).toBe(JSON.stringify(items[99_999]));
    await file.whole();
    expect(file.counts).toEqual({ count: 100_000, counting: false });
    expect(file.fault).toBeNull();
    expect(await file.item(100_000)).toBeNull();
  });

  it('has what stands before a fault, and says where that is', async () => {
    const file = await open('[{"a":1},\n{"b":2},\n{"c"', await starter());
    await file.whole();
    expect(file.counts.count).toBe(2);
    expect(file.fault).toMatchObject({ line: 3, byte: 23 });
  });

  it('can be closed at any time', async () => {
    const file = await open(JSON.stringify(many(100_000)), await starter());
    const waiting = file.item(99_999);
    await file.close();
    expect(await waiting).toBeNull();
  });

  it('can be opened anew when it has changed', async () => {
    const file = await open('{"a":1}\n', await starter());
    await file.whole();
    await appendFile(path, '{"b":2}\n');
    await file.open();
    await file.whole();
    expect([await textOf(file, 0), await textOf(file, 1)]).toEqual(['{"a":1}', '{"b":2}']);
  });
});

it('says so if its thread cannot do its work', async () => {
  const entry = join(await temporaryFolder(), 'none.js');
  const file = await open('{"a":1}\n', indexInWorker(entry));
  await file.whole();
  expect(file.counts.count).toBe(0);
  expect(file.fault?.message).toMatch(/^The file could not be indexed to its end: /);
});

describe('an item', () => {
  it('that is not UTF-8 says at which of its bytes', async () => {
    const bad = Buffer.concat([Buffer.from('{"a": "é\ufffd'), Buffer.from([0xff]), Buffer.from('"}')]);
    const file = await open(Buffer.concat([Buffer.from('{}\n'), bad, Buffer.from('\n{"b":2}')]));
    expect((await file.item(1))?.content).toEqual({ fault: 'not-utf8', byte: 12, lines: 0 });
    expect(await textOf(file, 2)).toBe('{"b":2}');
  });

  it('beyond what fits in memory is not read, and the others are', async () => {
    const file = await open(
      Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(65 << 20, 0x78), Buffer.from('"}\n{}')]),
    );
    expect((await file.item(0))?.content).toEqual({ fault: 'too-long', length: (65 << 20) + 8 });
    expect(await textOf(file, 1)).toBe('{}');
  });

  it('of a file that became shorter meanwhile is what is left of it', async () => {
    const file = await open('{"a":1}\n{"b":2}\n');
    await file.whole();
    await truncate(path, 10);
    expect(await textOf(file, 1)).toBe('{"');
  });
});

describe('twins, items with the same bytes, are told apart', () => {
  const twin = JSON.stringify({ id: 1, text: `"[${'x'.repeat(200)}` });
  const other = (i: number) => JSON.stringify({ id: 1, text: `"[${'y'.repeat(190)}${1e9 + i}` });
  const rows = Array.from({ length: 20_000 }, (_, i) => (i % 5000 === 7 ? twin : other(i)));

  it.each([
    ['as lines', rows.join('\n')],
    ['as lines with white space around them', rows.map((row) => `  ${row} \t\r\n\n`).join('')],
    ['in an array', `[${rows.join(' ,\n ')}]`],
  ])('%s, reading none that is only as long', async (_, content) => {
    const file = await open(content);
    await file.whole();
    const read = vi.spyOn(file, 'item');
    expect(await file.twinsBefore(15_007)).toBe(3);
    expect(await file.twinsBefore(19_999)).toBe(0);
    expect(read).toHaveBeenCalledTimes(5);
  });

  it('of any length, wherever pieces of the file end', async () => {
    const long = JSON.stringify('z'.repeat(3 << 20));
    const file = await open([long, '{}', long, `[${long}]`, '{}', long].join('\n'));
    await file.whole();
    const twins = [0, 1, 2, 3, 4, 5].map((index) => file.twinsBefore(index));
    expect(await Promise.all(twins)).toEqual([0, 0, 1, 0, 1, 2]);
  });
});

it('names the file that it cannot open', async () => {
  await expect(new IndexedFile(path, 'any', indexHere).open()).rejects.toThrow(
    new DataError(`Cannot read ${path}: it is not there.`),
  );
  await mkdir(path);
  await expect(new IndexedFile(path, 'any', indexHere).open()).rejects.toThrow(
    new DataError(`Cannot read ${path}: it is a folder.`),
  );
});

it('an index stops at the most items that it may hold, and says so', async () => {
  const file = await open('1\n2\n3\n');
  await file.close();
  const { open: openFile } = await import('node:fs/promises');
  const handle = await openFile(path);
  onTestFinished(() => handle.close());
  const batches: ItemBatch[] = [];
  const fault = await indexItems(handle.fd, {
    form: 'any',
    signal: new AbortController().signal,
    onItems: (batch) => batches.push(batch),
    mostItems: 2,
  });
  expect(batches.map(({ starts }) => [...starts])).toEqual([[0, 2]]);
  expect(fault?.message).toBe('The file holds more than 2 items; the rest is not read.');
});
