import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { decodeFile } from '../../../../src/image/load';
import { savePng } from '../../../../src/image/save-png';
import type { Change } from '../../../../src/trace/edit/change';
import { changeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { removeTurn } from '../../../../src/trace/edit/turn-changes';
import type { Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';
import { conversationRow, planOf } from '../../../helpers/data-files';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { exported, picture, readSamples } from './exported';

let folder: string;
let path: string;
let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'rows.json');
  out = join(folder, 'out');
});

/** A row with one input and two images that are drawn one on the other, and one with several inputs. */
const ROWS = [planOf(0), planOf(1)].map(conversationRow);

/** Pictures with bytes at their end that no encoder of ours writes. */
async function writeRows(rows: readonly (object & { readonly images: readonly string[] })[]): Promise<void> {
  for (const [i, { images }] of rows.entries()) {
    for (const [k, image] of images.entries()) {
      const place = join(folder, image);
      await mkdir(dirname(place), { recursive: true });
      await savePng(picture(planOf(i).sizes[0]), place);
      await writeFile(place, `picture ${i} ${k}`, { flag: 'a' });
    }
  }
  await writeFile(path, JSON.stringify(rows));
}

const bytes = (image: string) => readFile(join(folder, image));
const written = (item: number, number: number) => readFile(join(out, `images/${item}/image_${number}.png`));

/** Which images of an item have the bytes of the source, of `count`. */
async function kept(item: number, images = ROWS[item]?.images ?? []): Promise<boolean[]> {
  const pairs = images.map(async (image, i) => (await bytes(image)).equals(await written(item, i + 1)));
  return Promise.all(pairs);
}

async function edit(index: number, changes: (trace: Trace) => readonly Change[]): Promise<void> {
  const source = await openDataSource(path, { startIndex: indexHere });
  const item = await source.item(index);
  await source.close();
  const trace = item?.trace;
  if (item == null || trace == null) throw new Error('There is no trace.');
  const file = await OverlayFile.of(path);
  const session = new EditSession({ file, find: async () => trace, who: 'Ann' });
  await session.edit({ hash: item.hash, occurrence: 0 }, 'Edit', changes(trace));
  await session.save();
}

const moveFirst = (turn: number) => (trace: Trace) =>
  changeDrawings(trace, turn, new Map([[0, { coordinates: [3, 3, 50, 40] }]]));

describe('the pictures of a training set', () => {
  it('are copied byte for byte, those that were drawn too', async () => {
    await writeRows(ROWS);
    const { counts, notes } = await exported(path, 'llamafactory', out);
    expect(await kept(0)).toEqual([true, true, true]);
    expect(await kept(1)).not.toContain(false);
    const copied = ROWS.reduce((sum, { images }) => sum + images.length, 0);
    expect(counts.images).toEqual({ copied, linked: 0, resized: 0, drawn: 0 });
    expect(notes).toEqual([]);
    const samples = await readSamples(out);
    expect(samples.map(({ conversations }) => conversations)).toEqual(
      ROWS.map(({ conversations }) => conversations),
    );
  });

  it('can be links to what is there', async () => {
    await writeRows(ROWS);
    const { counts } = await exported(path, 'llamafactory', out, { mode: 'link' });
    expect(counts.images).toMatchObject({ copied: 0, drawn: 0 });
    expect((await lstat(join(out, 'images/0/image_3.png'))).isSymbolicLink()).toBe(true);
  });

  it.each([
    [0, [true, false, false]],
    [1, [true, true, false]],
  ])('after an edit in turn %i only what descends from it is drawn', async (turn, still) => {
    await writeRows(ROWS);
    await edit(0, moveFirst(turn));
    const { counts } = await exported(path, 'llamafactory', out);
    expect(await kept(0)).toEqual(still);
    expect(await kept(1)).not.toContain(false);
    expect(counts.images.drawn).toBe(still.filter((is) => !is).length);
  });

  it('of one of several images of a turn leave the others as they are', async () => {
    await writeRows(ROWS);
    await edit(1, (trace) => changeDrawings(trace, 0, new Map([[1, { coordinates: [3, 3, 50, 40] }]])));
    await exported(path, 'llamafactory', out);
    const images = ROWS[1]?.images.length ?? 0;
    // The second of two images that turn 1 draws; the one of turn 2 is drawn on the first.
    const edited = images - 2;
    expect(await kept(1)).toEqual(Array.from({ length: images }, (_, i) => i !== edited));
  });

  it('that are left keep their bytes where a turn is gone', async () => {
    await writeRows(ROWS);
    await edit(1, (trace) => removeTurn(trace, 1));
    const { counts } = await exported(path, 'llamafactory', out);
    expect(await kept(1, ROWS[1]?.images.slice(0, -1))).not.toContain(false);
    expect(counts.images.drawn).toBe(0);
  });

  it('are drawn where the source has no file of them', async () => {
    await writeRows(ROWS);
    await rm(join(folder, ROWS[0]?.images[1] ?? ''));
    const { counts } = await exported(path, 'llamafactory', out);
    expect(counts.images.drawn).toBe(1);
    expect((await decodeFile(join(out, 'images/0/image_2.png'))).width).toBe(planOf(0).sizes[0].width);
    const third = ROWS[0]?.images[2] ?? '';
    expect((await written(0, 3)).equals(await bytes(third))).toBe(true);
  });

  it('of a trace file that was made of one are drawn: the trace may have changed since', async () => {
    await writeRows(ROWS);
    const source = await openDataSource(path, { startIndex: indexHere });
    const trace = (await source.item(0))?.trace;
    await source.close();
    if (trace == null) throw new Error('There is no trace.');
    path = join(folder, 'data.traces.jsonl');
    await writeFile(path, `${writeTrace(trace)}\n`);
    expect((await exported(path, 'llamafactory', out)).counts.images.drawn).toBe(2);
  });
});

describe('other fields of a row', () => {
  const rows = (fields: readonly object[]) =>
    fields.map((field, i) => ({ ...conversationRow(planOf(0, `rows/${i}`)), ...field }));

  it('are taken along', async () => {
    await writeRows(
      rows([
        { level: 1, tags: ['a'], more: { a: 1 } },
        { level: null, more: { b: [] } },
      ]),
    );
    const { notes } = await exported(path, 'llamafactory', out);
    expect(notes).toEqual([]);
    expect(await readSamples(out)).toMatchObject([
      { level: 1, tags: ['a'], more: { a: 1 } },
      { level: null, more: { b: [] } },
    ]);
  });

  it.each([
    [1, 'one'],
    ['one', 1],
    [true, 1],
    [['a'], 'a'],
    [{ a: 1 }, { a: 'x' }],
    [[], [1, 'a']],
    [1, 2 ** 70],
  ])(
    'are left out where they are %j before and %j then, which a trainer cannot read',
    async (first, then) => {
      await writeRows(rows([{ level: first }, { level: then }, { level: first }]));
      const { notes } = await exported(path, 'llamafactory', out);
      expect(notes).toMatchObject([{ note: expect.stringContaining('Its field "level" is left out') }]);
      const samples = await readSamples(out);
      expect(samples.map((sample) => 'level' in sample)).toEqual([true, false, true]);
    },
  );
});

it('the manifest says what a trainer must be set to, so that nothing is shrunk or cut', async () => {
  await writeRows(ROWS);
  const { advice } = await exported(path, 'llamafactory', out);
  const sizes = ROWS.flatMap((_, i) => planOf(i).sizes);
  expect(advice?.image_max_pixels).toBe(Math.max(...sizes.map(({ width, height }) => width * height)));
  const [row] = ROWS;
  const text = row?.conversations.reduce((sum, { content }) => sum + content.length, 0) ?? 0;
  expect(advice?.cutoff_len).toBeGreaterThan(text);
  expect((await exported(path, 'traces', join(folder, 'traces'))).advice).toBeNull();
});
