import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EditEvent } from '../../../../src/dataset/overlay/edit-event';
import { orderEvents, tipOf } from '../../../../src/dataset/overlay/event-order';
import { idOf, questionEvent, sourceTrace } from './edits';

const source = sourceTrace('a');
const event = (number: number, parent: number | null, minute = number) =>
  questionEvent(source, number, parent, { minute });
const labels = (events: readonly EditEvent[]) => events.map(({ label }) => label);

describe('the events of a trace', () => {
  it('are applied each after its parent, whatever the order of their lines', () => {
    const events = [event(3, 2), event(1, null), event(2, 1)];
    expect(labels(orderEvents(events).chain)).toEqual(['Q1', 'Q2', 'Q3']);
    expect(tipOf(events)).toBe(idOf(3));
    expect(tipOf([])).toBeNull();
  });

  it('of two branches: the older goes on, the other is named with all that follows it', () => {
    const { chain, unplaced } = orderEvents([
      event(1, null),
      event(2, 1, 9),
      event(4, 2),
      event(3, 1, 5),
      event(5, 4),
    ]);
    expect(labels(chain)).toEqual(['Q1', 'Q3']);
    expect(unplaced.map(({ event, code }) => [event.label, code])).toEqual([
      ['Q2', 'conflict'],
      ['Q4', 'conflict'],
      ['Q5', 'conflict'],
    ]);
    expect(unplaced[0]?.reason).toBe('It was made beside "Q3" of Ann, which is older.');
  });

  it('whose parent is missing come last and are told of', () => {
    const { chain, gaps } = orderEvents([event(3, 2), event(4, 3), event(1, null), event(9, 8, 0)]);
    expect(labels(chain)).toEqual(['Q1', 'Q9', 'Q3', 'Q4']);
    expect([...gaps]).toEqual([idOf(9), idOf(3)]);
  });

  it('that follow one another in a circle have no place', () => {
    const { chain, unplaced } = orderEvents([event(1, null), event(2, 3), event(3, 2), event(4, 4)]);
    expect(labels(chain)).toEqual(['Q1']);
    expect(unplaced.map(({ event, code }) => [event.label, code])).toEqual([
      ['Q2', 'circular-parent'],
      ['Q3', 'circular-parent'],
      ['Q4', 'circular-parent'],
    ]);
  });

  it('are each placed or named, once, and the order of their lines is no matter', () => {
    const any = fc
      .array(fc.tuple(fc.option(fc.nat(14)), fc.nat(5)), { maxLength: 12 })
      .map((all) => all.map(([parent, minute], i) => event(i, parent, minute)));
    const shuffled = any.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, ([events, other]) => {
        const order = orderEvents(events);
        const all = [...order.chain, ...order.unplaced.map(({ event }) => event)];
        expect(labels(all).sort()).toEqual(labels(events).sort());
        const again = orderEvents(other);
        expect(labels(again.chain)).toEqual(labels(order.chain));
        expect(again.gaps).toEqual(order.gaps);
      }),
      { seed: 11, numRuns: process.env.VILASR_LONG ? 20_000 : 500 },
    );
  });
});
