import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { findProblems } from '../../../../src/host/files/find-problems';
import { changeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { traceOf } from '../../trace/edit/traces';
import { openDocument } from './open-document';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'some.traces.jsonl');
});

const lineOf = (id: string, left: number) => {
  const drawn = formatDrawingTurn('I mark it.', [{ index: 1, bbox_2d: [left, 2, 30, 40], label: 'cup' }]);
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

it('says what is found of the traces that are shown, each with its line and its turn', async () => {
  const document = await open(lineOf('a', -1), lineOf('b', -2), '{"broken', lineOf('d', 1));
  expect(await findProblems(document, [1, 2, 3, 9])).toEqual([
    expect.objectContaining({ name: 'b', item: 1, line: 2, file: path, turn: 0, code: 'out-of-image' }),
    expect.objectContaining({
      name: '#3',
      item: 2,
      line: 3,
      turn: null,
      code: 'bad-json',
      severity: 'error',
    }),
  ]);
});

it('goes along with edits, and keeps edited traces in sight', async () => {
  const document = await open(lineOf('a', -1), lineOf('b', 1));
  await move(document, 1, -5);
  await move(document, 0, 2);
  expect(await findProblems(document, [])).toMatchObject([{ name: 'b', code: 'out-of-image' }]);
  expect(await findProblems(document, [0])).toMatchObject([{ name: 'b' }]);
  expect(await findProblems(document, [], [0, 1])).toMatchObject([{ name: 'b' }]);
  await move(document, 1, 1);
  expect(await findProblems(document, [0])).toEqual([]);
});
