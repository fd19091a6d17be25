import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Edit } from '../../../../src/dataset/overlay/edit-session';
import { FileDataSource } from '../../../../src/dataset/source/file-data-source';
import { AcceptedMarks } from '../../../../src/host/files/accepted-marks';
import type { DataDocument } from '../../../../src/host/files/data-document';
import { writeEdited } from '../../../../src/host/files/write-edited';
import { changeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { setField } from '../../../../src/trace/edit/field-changes';
import { removeTurn } from '../../../../src/trace/edit/turn-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import type { Trace } from '../../../../src/trace/trace';
import { readTrace, writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

const TEXTS = [
  formatDrawingTurn('I mark the cup.', [{ index: 1, bbox_2d: [10, 10, 40, 40], label: 'cup' }]),
  formatDrawingTurn('And the plate.', [{ index: 2, bbox_2d: [50, 10, 90, 40], label: 'plate' }]),
  formatAnswerTurn('The cup is left of the plate.', 'left'),
];

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'some.traces.jsonl');
});

function lineOf(id: string, more: object = {}): string {
  const turns = TEXTS.map((text) => ({ text, finish: 'stop' as const, tokens: 3, seconds: 1 }));
  const { trace } = readTrace(JSON.stringify({ ...sampleTrace, id, turns, ...more }));
  if (trace === null) throw new Error('The test has no trace.');
  return writeTrace(trace);
}

const put = (...lines: readonly string[]) => writeFile(path, lines.map((line) => `${line}\n`).join(''));
const overlay = () => readFile(`${path}.edits.jsonl`, 'utf8').catch(() => null);

async function traceAt(document: DataDocument, index: number): Promise<Trace> {
  const trace = (await document.shown(index))?.trace;
  if (trace == null) throw new Error('There is no trace.');
  return trace;
}

/** Moves the cup of item `index` by one pixel to the right; what undoes it. */
async function moveCup(document: DataDocument, index: number): Promise<Edit> {
  const item = await document.shown(index);
  if (!item?.ref || !item.trace) throw new Error('There is no trace to edit.');
  const made: Edit[] = [];
  const leave = document.edited.add((edit) => made.push(edit));
  const changes = changeDrawings(item.trace, 0, new Map([[0, { coordinates: [11, 10, 41, 40] }]]));
  await document.edit(item.ref, 'Move Box', changes);
  leave();
  const [edit] = made;
  if (edit === undefined) throw new Error('Nothing was edited.');
  return edit;
}

const cupOf = ({ turns }: Trace) => turns[0]?.drawings[0];
const MOVED = { bbox_2d: [11, 10, 41, 40] };
const UNMOVED = { bbox_2d: [10, 10, 40, 40] };

describe('the history of a trace', () => {
  it('gives the original back by an edit that can be undone, and then nothing counts as edited', async () => {
    await put(lineOf('a'));
    const document = await openDocument(path);
    await moveCup(document, 0);
    await document.save();
    const ref = (await document.shown(0))?.ref;
    if (!ref) throw new Error('There is no trace to edit.');
    const history = await document.history(ref);
    const made: Edit[] = [];
    document.edited.add((edit) => made.push(edit));
    await document.edit(ref, 'Restore the Original', history.restore(-1));
    expect(await document.shown(0)).toMatchObject({ edits: { edited: false, marks: [] } });
    expect(writeTrace(await traceAt(document, 0))).toBe(lineOf('a'));
    await made[0]?.undo();
    expect(cupOf(await traceAt(document, 0))).toMatchObject(MOVED);
    expect((await document.history(ref)).entries.map(({ saved }) => saved)).toEqual([true]);
  });
});

describe('an edit', () => {
  it('is seen by all who show the file, and the file stays as it is until the end', async () => {
    await put(lineOf('a'), lineOf('b'));
    const before = await readFile(path);
    const document = await openDocument(path);
    let told = 0;
    document.changed.add(() => told++);
    const { label } = await moveCup(document, 1);
    expect([label, told]).toEqual(['Move Box', 1]);
    expect(cupOf(await traceAt(document, 1))).toMatchObject(MOVED);
    expect(cupOf(await traceAt(document, 0))).toMatchObject(UNMOVED);
    expect((await document.shown(1))?.edits?.edited).toBe(true);
    expect(await overlay()).toBeNull();
    await document.save();
    expect(await readFile(path)).toEqual(before);
    expect(document.unsaved).toBe(0);
  });

  it('is undone and done again, also after it was saved', async () => {
    await put(lineOf('a'));
    const document = await openDocument(path);
    const edit = await moveCup(document, 0);
    await edit.undo();
    expect(cupOf(await traceAt(document, 0))).toMatchObject(UNMOVED);
    await edit.redo();
    await document.save();
    await edit.undo();
    expect(cupOf(await traceAt(document, 0))).toMatchObject(UNMOVED);
    expect(document.unsaved).toBe(1);
    await document.save();
    const again = await openDocument(path);
    expect((await again.shown(0))?.edits?.edited).toBe(false);
  });

  it('is there when the file is opened again, wherever its trace is now', async () => {
    await put(lineOf('a'), lineOf('b'));
    const document = await openDocument(path);
    await moveCup(document, 1);
    await document.save();
    await put(lineOf('b'), lineOf('c'), lineOf('a'));
    const again = await openDocument(path);
    expect(cupOf(await traceAt(again, 0))).toMatchObject(MOVED);
    expect(cupOf(await traceAt(again, 2))).toMatchObject(UNMOVED);
  });

  it('of one of two traces of the same text leaves the other as it is', async () => {
    await put(lineOf('a'), lineOf('b'), lineOf('a'));
    const document = await openDocument(path);
    await moveCup(document, 2);
    expect(cupOf(await traceAt(document, 2))).toMatchObject(MOVED);
    expect(cupOf(await traceAt(document, 0))).toMatchObject(UNMOVED);
  });

  it('that takes a turn out gives it back whole, with what no view knows of', async () => {
    const turns = TEXTS.map((text, i) => ({ text, finish: 'stop', tokens: 3, seconds: 1, mood: i }));
    const line = lineOf('a', { turns });
    await put(line);
    const document = await openDocument(path);
    const item = await document.shown(0);
    if (!item?.ref || !item.trace) throw new Error('There is no trace to edit.');
    const made: Edit[] = [];
    document.edited.add((edit) => made.push(edit));
    // As it comes from a view, which has only what the format names.
    const [removal] = removeTurn(item.trace, 1);
    if (removal?.type !== 'remove-turn') throw new Error('Nothing is removed.');
    const { text, finish, tokens, seconds } = removal.turn;
    await document.edit(item.ref, 'Delete Turn', [{ ...removal, turn: { text, finish, tokens, seconds } }]);
    expect((await traceAt(document, 0)).turns).toHaveLength(2);
    await made[0]?.undo();
    expect(writeTrace(await traceAt(document, 0))).toBe(line);
  });

  it('that does not fit is refused, and changes nothing', async () => {
    await put(lineOf('a'));
    const document = await openDocument(path);
    const ref = (await document.shown(0))?.ref;
    if (!ref) throw new Error('There is no trace to edit.');
    const change = { type: 'text', turn: 0, start: 0, removed: 'nothing of the kind', inserted: '' } as const;
    await expect(document.edit(ref, 'Edit', [change])).rejects.toThrow('is not what it was');
    expect(document.unsaved).toBe(0);
  });
});

it('marks what an edit may have made wrong, until that is accepted', async () => {
  await put(lineOf('a'));
  const kept = new Map<string, unknown>();
  const keep = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const document = await openDocument(path, { accepted: new AcceptedMarks(keep) });
  await moveCup(document, 0);
  const item = await document.shown(0);
  const marks = item?.edits?.marks ?? [];
  expect(marks.map(({ code, turn }) => [code, turn])).toEqual(
    expect.arrayContaining([
      ['drawn-on-changed', 1],
      ['names-changed', 2],
    ]),
  );
  if (!item?.ref) throw new Error('There is no trace to edit.');
  await document.acceptMarks(
    item.ref,
    marks.map(({ key }) => key),
  );
  expect((await document.shown(0))?.edits).toEqual({ edited: true, marks: [] });
  await document.save();
  const again = await openDocument(path, { accepted: new AcceptedMarks(keep) });
  expect((await again.shown(0))?.edits?.marks).toEqual([]);
});

describe('unsaved edits', () => {
  it('are made again from a backup, wherever their trace is now', async () => {
    await put(lineOf('a'), lineOf('b'));
    const killed = await openDocument(path);
    await moveCup(killed, 1);
    const backup = killed.backup();
    await put(lineOf('c'), lineOf('b'));
    const document = await openDocument(path);
    expect(await document.restore(backup)).toEqual([]);
    expect(document.unsaved).toBe(1);
    expect(cupOf(await traceAt(document, 1))).toMatchObject(MOVED);
  });

  it('whose trace is not there any more are named', async () => {
    await put(lineOf('a'));
    const killed = await openDocument(path);
    await moveCup(killed, 0);
    const backup = killed.backup();
    await put(lineOf('b'));
    const document = await openDocument(path);
    expect(await document.restore(backup)).toMatchObject([{ reason: expect.stringContaining('no longer') }]);
  });

  it('are counted line by line where a backup cannot be read', async () => {
    await put(lineOf('a'));
    const killed = await openDocument(path);
    await moveCup(killed, 0);
    const document = await openDocument(path);
    expect(await document.restore(killed.backup().slice(0, -40))).toEqual([
      { event: null, reason: expect.stringContaining('Line 2 is no JSON that can be read') },
    ]);
    expect(await document.restore('')).toEqual([
      { event: null, reason: expect.stringContaining('cut short') },
    ]);
    expect(document.unsaved).toBe(0);
  });

  it('are found by one look through the file, however many of their traces have moved', async () => {
    const count = 40;
    const lines = Array.from({ length: count }, (_, i) => lineOf(`t${i}`));
    await put(...lines);
    const document = await openDocument(path);
    for (let i = 0; i < count; i++) await moveCup(document, i);
    const backup = document.backup();
    await put(...[...lines].reverse(), lineOf('more'));
    const hash = vi.spyOn(FileDataSource.prototype, 'hash');
    const item = vi.spyOn(FileDataSource.prototype, 'item');
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await document.reload()).toBe(0);
    // Each is looked for where it was, then the file is gone through.
    expect(hash.mock.calls.length).toBeLessThanOrEqual(2 * count);
    expect(item).not.toHaveBeenCalled();
    hash.mockClear();
    expect(await (await openDocument(path)).restore(backup)).toEqual([]);
    expect(hash.mock.calls.length).toBeLessThanOrEqual(2 * count);
    expect(cupOf(await traceAt(document, 0))).toMatchObject(MOVED);
  });

  it('of one of two traces of the same text are lost when only one is left', async () => {
    await put(lineOf('a'), lineOf('a'));
    const document = await openDocument(path);
    await moveCup(document, 1);
    await put(lineOf('a'));
    expect(await document.reload()).toBe(1);
  });

  it('are counted as lost when their trace goes from the file that is open, and apply when it is back', async () => {
    await put(lineOf('a'), lineOf('b'));
    const document = await openDocument(path);
    await moveCup(document, 0);
    await put(lineOf('b'));
    expect(await document.reload()).toBe(1);
    await put(lineOf('b'), lineOf('a'));
    expect(await document.reload()).toBe(0);
    expect(cupOf(await traceAt(document, 1))).toMatchObject(MOVED);
  });

  it('are given up when they are reverted', async () => {
    await put(lineOf('a'));
    const document = await openDocument(path);
    await moveCup(document, 0);
    await document.revert();
    expect(cupOf(await traceAt(document, 0))).toMatchObject(UNMOVED);
    expect(document.unsaved).toBe(0);
  });

  it('of a trace that others have edited meanwhile are a conflict, which either side can win', async () => {
    await put(lineOf('a'));
    const [ann, bob] = [await openDocument(path), await openDocument(path, { who: 'bob' })];
    await moveCup(ann, 0);
    const item = await bob.shown(0);
    if (!item?.ref || !item.trace) throw new Error('There is no trace to edit.');
    await bob.edit(item.ref, 'Set Question', setField(item.trace, 'question', 'Where now?'));
    await bob.save();
    const { conflicts } = await ann.save();
    expect(conflicts).toHaveLength(1);
    await ann.keepMine(item.ref);
    expect((await ann.save()).conflicts).toEqual([]);
    let told = 0;
    for (const document of [ann, bob]) document.changed.add(() => void told++);
    await ann.refresh();
    expect(told).toBe(0);
    await bob.refresh();
    expect(told).toBe(1);
    expect(await traceAt(bob, 0)).toMatchObject({ question: sampleTrace.question });
    expect(cupOf(await traceAt(bob, 0))).toMatchObject(MOVED);
  });
});

describe('a verdict', () => {
  const refOf = async (document: DataDocument, index: number) => {
    const ref = (await document.shown(index))?.ref;
    if (!ref) throw new Error('There is no trace to judge.');
    return ref;
  };

  it('is saved at once, and is no edit', async () => {
    await put(lineOf('a'), lineOf('b'));
    const document = await openDocument(path);
    let [told, edits] = [0, 0];
    document.changed.add(() => told++);
    document.edited.add(() => edits++);
    expect((await document.shown(1))?.verdict).toEqual({
      ...{ verdict: 'pending', editedSince: false, said: null, others: [] },
    });
    await document.judge(await refOf(document, 1), { verdict: 'rejected', reason: 'blurred' });
    expect([told, edits, document.unsaved]).toEqual([1, 0, 0]);
    const again = await openDocument(path, { who: 'bob' });
    expect((await again.shown(1))?.verdict).toMatchObject({
      ...{ verdict: 'rejected', said: { who: 'ann', reason: 'blurred' } },
    });
    expect(await again.verdictOf(await refOf(again, 0))).toBeNull();
    expect(await again.verdictCounts()).toEqual({ judged: 1, approved: 0 });
  });

  it('saves the edits of its trace first, and lets that be known', async () => {
    await put(lineOf('a'), lineOf('b'));
    const document = await openDocument(path);
    let saved = 0;
    document.savedAside.add(() => saved++);
    await moveCup(document, 0);
    await moveCup(document, 1);
    await document.judge(await refOf(document, 0), { verdict: 'approved' });
    expect([document.unsaved, saved]).toEqual([1, 1]);
    await document.judge(await refOf(document, 1), { verdict: 'approved' });
    expect([document.unsaved, saved]).toEqual([0, 2]);
    expect(await document.verdictCounts()).toEqual({ judged: 2, approved: 2 });
  });

  it('is pending while its trace has other edits, and stays with its trace wherever that stands', async () => {
    await put(lineOf('a'), lineOf('b'));
    const document = await openDocument(path);
    await document.judge(await refOf(document, 0), { verdict: 'approved' });
    const edit = await moveCup(document, 0);
    expect((await document.shown(0))?.verdict).toMatchObject({ verdict: 'pending', editedSince: true });
    await edit.undo();
    await put(lineOf('b'), lineOf('a'));
    await document.reload();
    expect((await document.shown(0))?.verdict?.said).toBeNull();
    expect((await document.shown(1))?.verdict?.verdict).toBe('approved');
    await document.undoVerdict(await refOf(document, 1));
    expect((await document.shown(1))?.verdict?.said).toBeNull();
  });
});

it('that nobody may edit, as a version that Git keeps, has no edits', async () => {
  await put(lineOf('a'));
  const document = await openDocument(path, { who: null });
  const item = await document.shown(0);
  expect([item?.edits, item?.ref, item?.verdict]).toEqual([null, null, null]);
});

describe('written elsewhere', () => {
  const write = (document: DataDocument, out: string) =>
    writeEdited(document, out, new AbortController().signal);
  const beside = (name: string) => join(path, '..', name);

  it('it has its edits, unedited traces keep their bytes, and what is left out is told', async () => {
    const spaced = lineOf('a').replace(',', ' , ');
    await put(spaced, lineOf('b'), 'no trace', spaced);
    const document = await openDocument(path);
    await moveCup(document, 1);
    await moveCup(document, 3);
    const out = beside('copy.traces.jsonl');
    expect(await write(document, out)).toEqual([
      { line: 3, id: null, reason: expect.stringContaining('It is not JSON') },
    ]);
    const [first, second, third, ...rest] = (await readFile(out, 'utf8')).split('\n');
    expect(first).toBe(spaced);
    for (const line of [second, third]) {
      expect(readTrace(line ?? '').trace?.turns[0]?.drawings[0]).toMatchObject(MOVED);
    }
    expect(rest).toEqual(['']);
  });

  it('each of its items is read once, also where all have the same text', async () => {
    const count = 50;
    await put(...Array.from({ length: count }, () => lineOf('a')));
    const document = await openDocument(path);
    const item = vi.spyOn(FileDataSource.prototype, 'item');
    const twins = vi.spyOn(FileDataSource.prototype, 'twinsBefore');
    onTestFinished(() => void vi.restoreAllMocks());
    await write(document, beside('copy.traces.jsonl'));
    expect([item.mock.calls.length, twins.mock.calls.length]).toEqual([count + 1, 0]);
  });
});
