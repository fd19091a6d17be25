import { describe, expect, it } from 'vitest';
import { replay } from '../../../../src/dataset/overlay/replay';
import { invertChanges } from '../../../../src/trace/edit/change';
import { idOf, questionEvent, sourceTrace } from './edits';

const source = sourceTrace('a');
const first = questionEvent(source, 1, null);
const second = questionEvent(source, 2, 1);
const undo = questionEvent(source, 3, 2, { changes: invertChanges(second.changes), undoes: idOf(2) });
const redo = questionEvent(source, 4, 3, { changes: second.changes, undoes: idOf(3) });

describe('a replay', () => {
  it('gives the trace after all events, and what a new one has to follow', () => {
    const { trace, tip, findings } = replay(source.trace, [first, second]);
    expect(trace.question).toBe('Q2');
    expect(tip).toBe(idOf(2));
    expect(findings).toEqual([]);
  });

  it('without events is the very trace', () => {
    expect(replay(source.trace, []).trace).toBe(source.trace);
  });

  it('leaves an event out that does not fit, says why, and goes on', () => {
    const odd = questionEvent(source, 2, 1, { before: 'something else' });
    const { trace, events, findings } = replay(source.trace, [
      first,
      odd,
      questionEvent(source, 3, 2, { before: 'Q1' }),
    ]);
    expect(trace.question).toBe('Q3');
    expect(events.map(({ applied }) => applied)).toEqual([true, false, true]);
    expect(findings).toMatchObject([{ code: 'does-not-fit', severity: 'error', event: idOf(2) }]);
    expect(findings[0]?.message).toBe(
      '"Q2" (Ann, 2026-11-25T12:02:00.000Z) is not applied. The field question is not what it was when it was changed.',
    );
  });

  it('shows both sides of a conflict and applies the older', () => {
    const other = questionEvent(source, 5, 1, { who: 'Bob', minute: 1, before: 'Q1' });
    const { trace, events, findings } = replay(source.trace, [first, second, other]);
    expect(trace.question).toBe('Q5');
    expect(events.map(({ event, applied }) => [event.label, applied])).toEqual([
      ['Q1', true],
      ['Q5', true],
      ['Q2', false],
    ]);
    expect(findings).toMatchObject([{ code: 'conflict', event: idOf(2) }]);
    expect(findings[0]?.message).toContain('It was made beside "Q5" of Bob, which is older.');
  });

  it('applies an event whose parent is missing, if it fits, and has it looked at', () => {
    const { trace, findings } = replay(source.trace, [first, questionEvent(source, 3, 2, { before: 'Q1' })]);
    expect(trace.question).toBe('Q3');
    expect(findings).toMatchObject([{ code: 'missing-parent', severity: 'warning', event: idOf(3) }]);
  });

  it('knows what stands: an edit and what takes it back are nothing', () => {
    const standing = (...events: (typeof first)[]) =>
      replay(source.trace, events).standing.map(({ label }) => label);
    expect(standing(first, second)).toEqual(['Q1', 'Q2']);
    expect(standing(first, second, undo)).toEqual(['Q1']);
    expect(standing(first, second, undo, redo)).toEqual(['Q1', 'Q4']);
  });

  it('does not take an event for an undo that only says so', () => {
    const liar = questionEvent(source, 3, 2, { undoes: idOf(2) });
    const { standing, trace } = replay(source.trace, [first, second, liar]);
    expect(standing.map(({ label }) => label)).toEqual(['Q1', 'Q2', 'Q3']);
    expect(trace.question).toBe('Q3');
  });
});
