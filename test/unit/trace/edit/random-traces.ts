import fc from 'fast-check';
import type { Drawing } from '../../../../src/trace/drawing';
import { applyChanges, type Change } from '../../../../src/trace/edit/change';
import {
  addDrawings,
  changeDrawings,
  removeDrawings,
  withValues,
} from '../../../../src/trace/edit/drawing-changes';
import { setField } from '../../../../src/trace/edit/field-changes';
import { duplicateTurn, insertTurn, moveTurn, removeTurn } from '../../../../src/trace/edit/turn-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { traceLineage } from '../../../../src/trace/lineage';
import type { Trace } from '../../../../src/trace/trace';
import { traceOf } from './traces';

const anyPlace = fc.integer({ min: 0, max: 5 });
/** Few labels and few places, so that shapes meet one another. */
export const smallDrawing: fc.Arbitrary<Drawing> = fc
  .record({
    index: fc.integer({ min: 1, max: 5 }),
    label: fc.constantFrom('a', 'b', 'c'),
    x: anyPlace,
    line: fc.boolean(),
  })
  .map(({ index, label, x, line }) =>
    line
      ? { index, start_point_2d: [x, 1], end_point_2d: [9, 9], label }
      : { index, bbox_2d: [x, 1, 9, 9], label },
  );

/** Traces in which most drawings name an image that is there before their turn. */
export const smallTrace = fc
  .tuple(
    fc.array(fc.array(smallDrawing, { maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    fc.constantFrom(1, 2),
  )
  .map(([turns, inputs]) => {
    const fitting: Drawing[][] = [];
    for (const drawings of turns) {
      const { length } = traceLineage(
        inputs,
        fitting.map((drawings) => ({ drawings })),
      ).images;
      const fitted = (index: number) => (index === 5 ? index : length - ((index - 1) % length));
      fitting.push(drawings.map((one) => withValues(one, { index: fitted(one.index) })));
    }
    return traceOf(fitting.map(textOf), inputs);
  });

const textOf = ([first, ...rest]: readonly Drawing[]): string =>
  first ? formatDrawingTurn('I see b on image 3.', [first, ...rest]) : formatAnswerTurn('It is a.', 'c');

const anyStep = fc.record({
  what: fc.constantFrom('change', 'change', 'add', 'remove', 'insert', 'double', 'delete', 'move', 'images'),
  at: fc.nat(100),
  to: fc.nat(100),
  drawing: smallDrawing,
});
export const anySteps = fc.array(anyStep, { maxLength: 5 });
export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never;

export const turnSteps = fc.array(
  anyStep.map(
    (step): Step => ({
      ...step,
      what: (['insert', 'double', 'delete', 'move'] as const)[step.at % 4] ?? 'move',
    }),
  ),
  { minLength: 1, maxLength: 2 },
);

/** The changes of all steps, each made to fit the trace as it then is. */
export function changesOf(trace: Trace, steps: readonly Step[]): Change[] {
  const changes: Change[] = [];
  let now = trace;
  for (const step of steps) {
    const next = stepChanges(now, step);
    changes.push(...next);
    now = applyChanges(now, next);
  }
  return changes;
}

function stepChanges(trace: Trace, { what, at, to, drawing }: Step): Change[] {
  const count = trace.turns.length;
  if (what === 'images') return setField(trace, 'images', trace.images.toReversed());
  if (what === 'insert') return insertTurn(trace, to % (count + 1), formatDrawingTurn('New.', [drawing]));
  if (count === 0) return [];
  const turn = at % count;
  const places = trace.turns[turn]?.drawings.length ?? 0;
  if (what === 'double') return duplicateTurn(trace, turn);
  if (what === 'delete') return removeTurn(trace, turn);
  if (what === 'move') return moveTurn(trace, turn, to % count);
  if (what === 'add') return addDrawings(trace, turn, [drawing]);
  if (places === 0) return [];
  if (what === 'remove') return removeDrawings(trace, turn, [to % places]);
  return changeDrawings(
    trace,
    turn,
    new Map([[to % places, { coordinates: [to, 1, 9, 9], label: drawing.label }]]),
  );
}
