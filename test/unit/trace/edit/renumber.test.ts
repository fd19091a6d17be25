import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceCascade } from '../../../../src/trace/edit/cascade';
import { applyChanges } from '../../../../src/trace/edit/change';
import { setField } from '../../../../src/trace/edit/field-changes';
import { renumber } from '../../../../src/trace/edit/renumber';
import { insertTurn, removeTurn } from '../../../../src/trace/edit/turn-changes';
import { turnOrigins } from '../../../../src/trace/edit/turn-origins';
import { formatDrawingTurn } from '../../../../src/trace/format-turn';
import { changesOf, smallTrace, turnSteps } from './random-traces';
import { traceOf } from './traces';
import { runs } from './turn-texts';

const box = (index: number, label: string) => ({ index, bbox_2d: [1, 2, 30, 40], label }) as const;
const trace = traceOf([
  formatDrawingTurn('a', [box(1, 'a')]),
  formatDrawingTurn('b', [box(2, 'b'), box(1, 'c')]),
  formatDrawingTurn('c', [box(3, 'd'), box(4, 'e')]),
  'end',
]);
const indices = (changes: ReturnType<typeof renumber>) =>
  applyChanges(trace, changes).turns.map(({ drawings }) => drawings.map(({ index }) => index));

describe('renumbering', () => {
  it('follows a turn that was inserted', () => {
    const changes = insertTurn(trace, 1, formatDrawingTurn('x', [box(1, 'x')]));
    expect(indices(changes)).toEqual([[1], [1], [2, 1], [3, 4], []]);
    expect(indices([...changes, ...renumber(trace, changes)])).toEqual([[1], [1], [2, 1], [4, 5], []]);
  });

  it('leaves the number of an image that is gone', () => {
    const changes = removeTurn(trace, 0);
    expect(indices([...changes, ...renumber(trace, changes)])).toEqual([[2, 1], [3, 4], []]);
  });

  it('follows input images that change places', () => {
    const two = traceOf([formatDrawingTurn('a', [box(2, 'a')]), 'end'], 2);
    const changes = setField(two, 'images', two.images.toReversed());
    const after = applyChanges(two, [...changes, ...renumber(two, changes)]);
    expect(after.turns[0]?.drawings).toEqual([box(1, 'a')]);
  });

  it('has nothing to do where no number shifted', () => {
    expect(renumber(trace, insertTurn(trace, 3, 'x'))).toEqual([]);
  });

  it('keeps every drawing on the image that it was on, if that is there before its turn', () => {
    fc.assert(
      fc.property(smallTrace, turnSteps, (before, steps) => {
        const changes = changesOf(before, steps);
        const all = [...changes, ...renumber(before, changes)];
        const after = applyChanges(before, all);
        const { images } = traceCascade(before, all, after);
        const origins = turnOrigins(before.turns.length, all);
        const firstOf = after.turns.map(({ images: drawn }) => drawn[0]);
        origins.forEach((origin, turn) => {
          if (origin === null) return;
          const old = before.turns[origin]?.drawings ?? [];
          after.turns[turn]?.drawings.forEach(({ index }, i) => {
            const was = old[i]?.index;
            const now = images.find((image) => image.was === was)?.number;
            const next = firstOf.slice(turn).find((number) => number !== undefined) ?? images.length + 1;
            if (now !== undefined && now < next) expect(index).toBe(now);
          });
        });
      }),
      { ...runs(500), seed: 61 },
    );
  });
});
