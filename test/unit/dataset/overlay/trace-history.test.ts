import { describe, expect, it } from 'vitest';
import { TraceHistory } from '../../../../src/dataset/overlay/trace-history';
import { applyChanges, invertChanges } from '../../../../src/trace/edit/change';
import { idOf, lineOf, questionEvent, sourceTrace } from './edits';

const source = sourceTrace('a');
const first = questionEvent(source, 1, null);
const second = questionEvent(source, 2, 1);
const undo = questionEvent(source, 3, 2, { changes: invertChanges(second.changes), undoes: idOf(2) });
const redo = questionEvent(source, 4, 3, { changes: second.changes, undoes: idOf(3) });

describe('the history of a trace', () => {
  const history = TraceHistory.of(source.trace, [first, second, undo, redo]);

  it('lists every event, whether it is applied, and whether it was taken back', () => {
    expect(history.entries.map(({ event, applied, undone }) => [event.label, applied, undone])).toEqual([
      ['Q1', true, false],
      ['Q2', true, false],
      ['Q3', true, true],
      ['Q4', true, false],
    ]);
    const undone = TraceHistory.of(source.trace, [first, second, undo]).entries.map((entry) => entry.undone);
    expect(undone).toEqual([false, true, false]);
  });

  it('has the trace after each', () => {
    const questions = [-1, 0, 1, 2, 3].map((i) => history.after(i).question);
    expect(questions).toEqual([source.trace.question, 'Q1', 'Q2', 'Q1', 'Q2']);
    expect(lineOf(history.after(-1), source)).toBe(source.line);
  });

  it.each([-1, 0, 1, 2, 3])('says what leads back to what it was after entry %i', (index) => {
    const restored = applyChanges(history.now, history.restore(index));
    expect(lineOf(restored, source)).toBe(lineOf(history.after(index), source));
  });

  it('knows that nothing leads to what is now', () => expect(history.restore(3)).toEqual([]));
});

describe('an event of the history', () => {
  const questions = (history: TraceHistory) =>
    history.entries.map(({ event }, i) => {
      const around = history.around(i);
      return [event.label, around?.before.question ?? null, around?.after.question ?? null];
    });

  it('has the trace before it and after it', () => {
    expect(questions(TraceHistory.of(source.trace, [first, second, undo]))).toEqual([
      ['Q1', source.trace.question, 'Q1'],
      ['Q2', 'Q1', 'Q2'],
      ['Q3', 'Q2', 'Q1'],
    ]);
  });

  it('that others went before is seen where it was made, and can be restored', () => {
    const other = questionEvent(source, 5, 1, { who: 'Bob', minute: 1, before: 'Q1' });
    const follower = questionEvent(source, 6, 2);
    const history = TraceHistory.of(source.trace, [first, second, other, follower]);
    expect(questions(history)).toEqual([
      ['Q1', source.trace.question, 'Q1'],
      ['Q5', 'Q1', 'Q5'],
      ['Q2', 'Q1', 'Q2'],
      ['Q6', 'Q2', 'Q6'],
    ]);
    expect(history.entries.map(({ code }) => code)).toEqual([null, null, 'conflict', 'conflict']);
    expect(applyChanges(history.now, history.restore(3)).question).toBe('Q6');
    expect(history.placeOf(idOf(6))).toBe(3);
  });

  it('that does not fit shows nothing, and cannot be restored', () => {
    const odd = questionEvent(source, 2, 1, { before: 'something else' });
    const history = TraceHistory.of(source.trace, [first, odd]);
    expect(history.around(1)).toBeNull();
    expect(() => history.restore(1)).toThrow('is not what it was');
  });

  it('that follows itself in a circle, or one that is missing and another went before it, shows nothing', () => {
    const circle = [questionEvent(source, 7, 8), questionEvent(source, 8, 7)];
    const lost = [questionEvent(source, 10, 9, { before: 'Q1' }), questionEvent(source, 11, 9)];
    const history = TraceHistory.of(source.trace, [first, ...circle, ...lost]);
    expect(history.entries.map(({ event, code }) => [event.label, code])).toEqual([
      ['Q1', null],
      ['Q10', 'missing-parent'],
      ['Q11', 'conflict'],
      ['Q7', 'circular-parent'],
      ['Q8', 'circular-parent'],
    ]);
    expect([0, 1, 2, 3, 4].map((i) => history.around(i) !== null)).toEqual([true, true, false, false, false]);
    expect(() => history.restore(3)).toThrow('go round in a circle');
  });

  it('that leads back to what is now needs no restoring, however it came about', () => {
    const back = questionEvent(source, 3, 2, { changes: invertChanges(second.changes) });
    const history = TraceHistory.of(source.trace, [first, second, back]);
    expect(history.restore(0)).toEqual([]);
    expect(history.restore(1)).not.toEqual([]);
  });
});
