import { describe, expect, it } from 'vitest';
import type { EditEvent } from '../../../../src/dataset/overlay/edit-event';
import { TraceHistory } from '../../../../src/dataset/overlay/trace-history';
import { PastTraces } from '../../../../src/host/view/past-traces';
import { endedLineage, limitsOf } from '../../../../src/host/view/shown';
import { applyChanges, invertChanges } from '../../../../src/trace/edit/change';
import { idOf, questionEvent, sourceTrace } from '../../dataset/overlay/edits';

const source = sourceTrace('a');
const { trace } = source;
const first = questionEvent(source, 1, null);
const second = questionEvent(source, 2, 1);
const undo = questionEvent(source, 3, 2, { changes: invertChanges(second.changes), undoes: idOf(2) });

function pastOf(saved: readonly EditEvent[], unsaved: readonly EditEvent[] = []) {
  let asked = 0;
  const view = {
    revision: 0,
    edits: {
      edit: async () => {},
      acceptMarks: async () => {},
      history: async () => {
        asked++;
        return TraceHistory.of(trace, saved, unsaved);
      },
    },
    subject: async () => ({
      ...{ trace, lineage: endedLineage(trace), limits: limitsOf(trace) },
      locate: async (path: string) => `/pictures/${path}`,
    }),
  };
  return { past: new PastTraces(view), view, asked: () => asked };
}

describe('the edits of a trace', () => {
  it('are listed with the newest first, and where each of them stands', async () => {
    const list = await pastOf([first, second], [undo]).past.list();
    expect(list).toMatchObject([
      { id: idOf(3), label: 'Q3', state: 'applied', saved: false, isLast: true, undoes: 'Q2' },
      { id: idOf(2), label: 'Q2', state: 'undone', saved: true, isLast: false, undoes: null },
      { id: idOf(1), label: 'Q1', state: 'applied', who: 'Ann', at: first.at, reason: null },
    ]);
  });

  it('that are not applied say why, and stand where they were made by the clock', async () => {
    const other = questionEvent(source, 5, null, { who: 'Bob', minute: 1.5, before: trace.question });
    const list = await pastOf([first, second, other]).past.list();
    expect(list.map(({ label, state }) => [label, state])).toEqual([
      ['Q2', 'applied'],
      ['Q5', 'not-applied'],
      ['Q1', 'applied'],
    ]);
    expect(list[1]?.reason).toContain('It was made beside "Q1" of Ann, which is older.');
  });

  it('that follow one that is missing are to be looked at', async () => {
    const list = await pastOf([first, questionEvent(source, 4, 3, { before: 'Q1' })]).past.list();
    expect(list.map(({ label, afterGap }) => [label, afterGap])).toEqual([
      ['Q4', true],
      ['Q1', false],
    ]);
  });

  it('are read once as long as nothing changes', async () => {
    const { past, view, asked } = pastOf([first]);
    await past.list();
    await past.detail(idOf(1));
    expect(asked()).toBe(1);
    view.revision++;
    await past.list();
    expect(asked()).toBe(2);
  });
});

describe('what an edit did', () => {
  it('is the trace before it and after it', async () => {
    const { past } = pastOf([first, second]);
    expect(await past.detail(idOf(1))).toMatchObject({
      traces: { before: { question: trace.question }, after: { question: 'Q1' } },
      changes: first.changes,
      isNow: false,
    });
    expect(await past.detail(idOf(2))).toMatchObject({ isNow: true });
  });

  it('of the original is how it differs from what is now', async () => {
    const { traces, changes, isNow } = await pastOf([first]).past.detail(null);
    expect([traces?.before.question, traces?.after.question, isNow]).toEqual(['Q1', trace.question, false]);
    expect(changes).toEqual(invertChanges(first.changes));
    expect((await pastOf([]).past.detail(null)).isNow).toBe(true);
  });

  it('cannot be told where it does not fit', async () => {
    const odd = questionEvent(source, 2, 1, { before: 'something else' });
    expect(await pastOf([first, odd]).past.detail(idOf(2))).toEqual({
      ...{ traces: null, changes: odd.changes, isNow: false },
    });
  });

  it('is refused of one that was never made', async () => {
    await expect(pastOf([first]).past.detail(idOf(9))).rejects.toThrow('not in the history any more');
  });
});

it('restoring leads from what is now to what was', async () => {
  const { past } = pastOf([first, second]);
  const { of, changes } = await past.restoring(idOf(1));
  expect(of).toBe('Q1');
  expect(applyChanges(applyChanges(trace, [...first.changes, ...second.changes]), changes).question).toBe(
    'Q1',
  );
  expect(await past.restoring(null)).toMatchObject({ of: null });
  expect((await past.restoring(idOf(2))).changes).toEqual([]);
});

it('images are of the trace of that moment, and its inputs are where those of now are', async () => {
  const { past } = pastOf([first]);
  const before = await past.subject({ entry: idOf(1), side: 'before' });
  expect(before?.trace.question).toBe(trace.question);
  expect(await before?.locate('a.png')).toBe('/pictures/a.png');
  expect((await past.subject({ entry: null, side: 'before' }))?.trace.question).toBe('Q1');
  expect((await past.subject({ entry: null, side: 'after' }))?.trace).toBe(trace);
});
