import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { DocumentTable } from '../../../../src/host/files/document-table';
import { BOUNDS, ProblemFinder } from '../../../../src/host/files/find-problems';
import { changeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { writeTrace } from '../../../../src/trace/trace-line';
import { tableHere } from '../../../helpers/table-here';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { traceOf } from '../../trace/edit/traces';
import { openDocument } from './open-document';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'some.traces.jsonl');
});

const lineOf = (id: string, left: number, count = 1) => {
  const box = (label: string) => ({ index: 1, bbox_2d: [left, 2, 30, 40], label }) as const;
  const more = Array.from({ length: count - 1 }, (_, i) => box(`cup ${i}`));
  const drawn = formatDrawingTurn('I mark it.', [box('cup'), ...more]);
  return writeTrace({ ...traceOf([drawn, formatAnswerTurn('So.', 'B')]), id, images: [IMAGE] });
};
const IMAGE = { path: 'some.traces.jsonl', file: null, model: { width: 616, height: 448 } };

async function open(...lines: readonly string[]) {
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return openDocument(path);
}

/** Moves the box of a trace so that its left edge is there. */
async function move(document: Awaited<ReturnType<typeof open>>, item: number, left: number) {
  const shown = await document.shown(item);
  if (!shown?.ref || !shown.trace) throw new Error('There is no trace to edit.');
  const changes = changeDrawings(shown.trace, 0, new Map([[0, { coordinates: [left, 2, 30, 40] }]]));
  await document.edit(shown.ref, 'Move Box', changes);
  await document.shown(item);
}

/** What is found where nobody has read the file for a list. */
const finderOf = (document: Awaited<ReturnType<typeof open>>, most = BOUNDS) =>
  new ProblemFinder(document, (ref) => document.placeOf(ref), most);

it('says what is found of the traces that are shown, each with its line and its turn', async () => {
  const document = await open(lineOf('a', -1), lineOf('b', -2), '{"broken', lineOf('d', 1));
  expect(await finderOf(document).find([1, 2, 3, 9])).toEqual({
    problems: [
      expect.objectContaining({ name: 'b', item: 1, line: 2, file: path, turn: 0, code: 'out-of-image' }),
      expect.objectContaining({
        name: '#3',
        item: 2,
        line: 3,
        turn: null,
        code: 'bad-json',
        severity: 'error',
      }),
    ],
    more: false,
    allPlaced: true,
  });
});

it('goes along with edits, and keeps edited traces in sight until nothing is wrong with them', async () => {
  const document = await open(lineOf('a', -1), lineOf('b', 1));
  const finder = finderOf(document);
  await move(document, 1, -5);
  await move(document, 0, 2);
  expect(await finder.find([])).toMatchObject({ problems: [{ name: 'b', code: 'out-of-image' }] });
  expect(await finder.find([0])).toMatchObject({ problems: [{ name: 'b' }] });
  expect(await finder.find([0, 1])).toMatchObject({ problems: [{ name: 'b' }] });
  await move(document, 1, 3);
  expect(await finder.find([0])).toMatchObject({ problems: [] });
  // What was wrong before anybody edited it is said where it is shown.
  await move(document, 0, -1);
  expect(await finder.find([])).toMatchObject({ problems: [] });
  expect(await finder.find([0])).toMatchObject({ problems: [{ name: 'a' }] });
});

it('finds what is wrong with traces that were edited in an earlier window, as soon as it is known where they stand', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => lineOf(`trace ${i}`, 1));
  const before = await open(...lines);
  await move(before, 299, -5);
  await before.save();
  const document = await openDocument(path);
  const table = new DocumentTable(document, tableHere);
  const finder = new ProblemFinder(document, (ref) => table.table.find(ref) ?? document.placeOf(ref));
  expect(await finder.find([0])).toEqual({ problems: [], more: false, allPlaced: false });
  const read = new Promise<void>((resolve) => table.changed.add(() => !table.reading && resolve()));
  table.start();
  await read;
  expect(await finder.find([0])).toMatchObject({
    problems: [{ name: 'trace 299', line: 300, item: 299, turn: 0, code: 'out-of-image' }],
    allPlaced: true,
  });
  await move(document, 299, 4);
  expect((await finder.find([0])).problems).toEqual([]);
  await table.close();
});

it('follows edited traces to another place in a file that changed, and forgets those that are gone', async () => {
  const [a, b] = [lineOf('a', 1), lineOf('b', 1)];
  const document = await open(a, b);
  await move(document, 1, -5);
  await document.save();
  const finder = finderOf(document);
  const rewrite = async (...lines: string[]) => {
    await writeFile(`${path}.new`, lines.map((line) => `${line}\n`).join(''));
    await rename(`${path}.new`, path);
    await document.reload();
  };
  await rewrite(b, a);
  // Nobody has seen yet where it stands now.
  expect(await finder.find([1])).toEqual({ problems: [], more: false, allPlaced: false });
  expect(await finder.find([0])).toMatchObject({ problems: [{ name: 'b', line: 1 }], allPlaced: true });
  await rewrite(a);
  expect(await finder.find([0])).toEqual({ problems: [], more: false, allPlaced: false });
});

it('says at most so much, of what is shown first, and that there may be more', async () => {
  const document = await open(lineOf('few', -1), lineOf('many', -1, 30));
  const finder = finderOf(document, { items: 9, problems: 30 });
  expect(await finder.find([1])).toMatchObject({ more: false, problems: { length: 30 } });
  const all = await finder.find([1, 0]);
  expect(all).toMatchObject({ more: true, problems: { length: 30 } });
  expect(all.problems.some(({ name }) => name === 'few')).toBe(false);
  expect((await finder.find([0, 1])).problems.some(({ name }) => name === 'few')).toBe(true);
});

it('looks at so many edited traces, those that were edited last', async () => {
  const document = await open(...['a', 'b', 'c', 'd'].map((id) => lineOf(id, 1)));
  for (const item of [1, 0, 3, 2]) await move(document, item, -5);
  const { problems, more } = await finderOf(document, { items: 3, problems: 9 }).find([]);
  expect(more).toBe(true);
  expect(problems.map(({ name }) => name)).toEqual(['a', 'c', 'd']);
});
