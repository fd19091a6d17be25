import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLine, isUnpainted } from '../../../../src/trace/drawing';
import { traceCascade } from '../../../../src/trace/edit/cascade';
import { applyChanges, type Change, invertChanges } from '../../../../src/trace/edit/change';
import { addDrawings, changeDrawings, removeDrawings } from '../../../../src/trace/edit/drawing-changes';
import { setField } from '../../../../src/trace/edit/field-changes';
import { mergeTurns } from '../../../../src/trace/edit/merge-turns';
import { setThink } from '../../../../src/trace/edit/prose-changes';
import { renumber } from '../../../../src/trace/edit/renumber';
import { insertTurn, moveTurn, removeTurn } from '../../../../src/trace/edit/turn-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { type LineageImage, traceLineage } from '../../../../src/trace/lineage';
import type { Trace } from '../../../../src/trace/trace';
import { anySteps, changesOf, smallTrace } from './random-traces';
import { traceOf } from './traces';
import { runs } from './turn-texts';

const box = (index: number, label: string, x = 1) => ({ index, bbox_2d: [x, 2, 30, 40], label }) as const;

/** Images: 1 the input; 2 cup on 1; 3 lamp on 2; 4 table on 1. */
const trace = traceOf([
  formatDrawingTurn('I mark the cup.', [box(1, 'cup')]),
  formatDrawingTurn('Image 2 shows the cup at [1, 2, 30, 40]. The lamp is next.', [box(2, 'lamp')]),
  formatDrawingTurn('Now the table.', [box(1, 'table')]),
  formatAnswerTurn('In image 3 the cup is left of the lamp.', 'the cup'),
]);
const moved = changeDrawings(trace, 0, new Map([[0, { coordinates: [5, 2, 30, 40] }]]));
const summary = (before: Trace, changes: readonly Change[]) => {
  const after = applyChanges(before, changes);
  return traceCascade(before, changes).marks.map(({ code, turn, span }) => [
    code,
    turn,
    after.turns[turn]?.text.slice(span.start, span.end),
  ]);
};

describe('a shape that is moved', () => {
  it('changes its image and every image that descends from it', () => {
    expect(traceCascade(trace, moved)).toMatchObject({
      images: [
        { number: 1, was: 1, changed: false },
        { number: 2, was: 2, changed: true },
        { number: 3, was: 3, changed: true },
        { number: 4, was: 4, changed: false },
      ],
      gone: [],
    });
  });

  it('marks later shapes on those, and the words and numbers that name it', () => {
    expect(summary(trace, moved)).toEqual([
      ['names-changed', 0, 'cup'],
      ['names-changed', 1, 'cup'],
      ['old-numbers', 1, '1, 2, 30, 40'],
      ['drawn-on-changed', 1, '{"index": 2, "bbox_2d": [1, 2, 30, 40], "label": "lamp"}'],
      ['names-changed', 3, 'cup'],
      ['names-changed', 3, 'cup'],
    ]);
    expect(
      traceCascade(trace, moved)
        .marks.map(({ message }) => message)
        .slice(1, 4),
    ).toEqual([
      'This names "cup", which was changed.',
      'These are numbers that "cup" had before it was changed.',
      '"lamp" is drawn on image 2, which has changed.',
    ]);
  });

  it('is not looked for beyond the turn that draws its label again', () => {
    const again = traceOf([
      formatDrawingTurn('The cup.', [box(1, 'cup')]),
      formatDrawingTurn('The cup is larger.', [box(2, 'cup', 3)]),
      formatAnswerTurn('The cup.', 'x'),
    ]);
    const changes = changeDrawings(again, 0, new Map([[0, { coordinates: [5, 2, 30, 40] }]]));
    expect(summary(again, changes).map(([code, turn]) => [code, turn])).toEqual([
      ['names-changed', 0],
      ['names-changed', 1],
      ['drawn-on-changed', 1],
    ]);
  });

  it('marks no shape that was changed along with it', () => {
    const both = [...moved, ...changeDrawings(trace, 1, new Map([[0, { coordinates: [6, 2, 30, 40] }]]))];
    expect(summary(trace, both).filter(([code]) => code === 'drawn-on-changed')).toEqual([]);
  });
});

describe('a shape that is gone or has another label', () => {
  it('marks the words that name it', () => {
    expect(summary(trace, removeDrawings(trace, 2, [0]))).toEqual([['names-removed', 2, 'table']]);
    const relabelled = changeDrawings(trace, 2, new Map([[0, { label: 'desk' }]]));
    expect(traceCascade(trace, relabelled).marks).toMatchObject([
      { code: 'names-changed', message: 'This names "table", which has another label.' },
    ]);
  });
});

describe('images whose numbers shift', () => {
  const inserted = insertTurn(trace, 0, formatDrawingTurn('First.', [box(1, 'door')]));

  it('are the same images still; what names the old numbers is marked', () => {
    const { images, gone } = traceCascade(trace, inserted);
    expect(images.map(({ number, was }) => [number, was])).toEqual([
      [1, 1],
      [2, null],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
    expect(gone).toEqual([]);
    expect(summary(trace, inserted)).toEqual([
      ['old-image', 2, 'Image 2'],
      ['drawn-on-other', 2, '{"index": 2, "bbox_2d": [1, 2, 30, 40], "label": "lamp"}'],
      ['old-image', 4, 'image 3'],
    ]);
  });

  it('are as they were once the shapes are renumbered', () => {
    const all = [...inserted, ...renumber(trace, inserted)];
    expect(traceCascade(trace, all).images.filter(({ changed }) => changed)).toMatchObject([{ number: 2 }]);
    expect(summary(trace, all).map(([code]) => code)).toEqual(['old-image', 'old-image']);
  });

  it('may be gone with their turn', () => {
    const removed = removeTurn(trace, 0);
    // Without image 2 the next turn draws nothing.
    expect(traceCascade(trace, removed).gone).toEqual([2, 3]);
    expect(summary(trace, removed)).toContainEqual(['names-removed', 0, 'cup']);
    expect(summary(trace, removed).find(([code]) => code === 'drawn-on-gone')?.[1]).toBe(0);
  });
});

describe('what is no change of an image', () => {
  it.each<[string, Change[]]>([
    ['another think text', setThink(trace, 1, 'So.')],
    [
      'a turn that was removed and came back',
      [...removeTurn(trace, 0), ...invertChanges(removeTurn(trace, 0))],
    ],
    ['a shape added to the turn that draws last', addDrawings(trace, 3, [box(1, 'x')])],
  ])('%s', (_, changes) => {
    expect(traceCascade(trace, changes).images.filter(({ changed }) => changed)).toEqual([]);
  });

  it('a shape that goes to the turn merged with its own marks no words as about a shape that is gone', () => {
    const codes = summary(trace, mergeTurns(trace, 1)).map(([code]) => code);
    expect(codes).not.toContain('names-removed');
  });
});

describe('the input images', () => {
  it('change all that is drawn on them', () => {
    const other = setField(trace, 'images', [{ path: 'other.png', file: null, model: null }]);
    expect(traceCascade(trace, other).images.every(({ changed }) => changed)).toBe(true);
  });
});

describe('the key of a mark', () => {
  const keys = (changes: readonly Change[]) => traceCascade(trace, changes).marks.map(({ key }) => key);

  it('is one mark’s own, and stays when something else changes', () => {
    expect(new Set(keys(moved)).size).toBe(6);
    const elsewhere = [...moved, ...setThink(applyChanges(trace, moved), 2, 'Now, at last, the table.')];
    expect(keys(elsewhere)).toEqual(keys(moved));
    const before = [...moved, ...insertTurn(applyChanges(trace, moved), 3, 'Hm.')];
    expect(keys(before)).toEqual(keys(moved));
  });

  it('is another one when what the mark is about changes once more', () => {
    const again = changeDrawings(trace, 0, new Map([[0, { coordinates: [6, 2, 30, 40] }]]));
    expect(keys(again).filter((key) => keys(moved).includes(key))).toEqual([]);
  });
});

/** Everything that lies under an image: its input and the lists that were painted, one over the other. */
function layers(trace: Trace, images: readonly LineageImage[], number: number): unknown[] {
  const image = images[number - 1];
  if (!image) throw new Error('There is an image.');
  if (image.base === null) return [trace.images[number - 1]];
  const { boxes, lines } = image.canvas;
  const painted = [...boxes, ...lines].map((one) => {
    if (isLine(one)) return [one.start_point_2d, one.end_point_2d];
    return isUnpainted(one) ? null : [one.bbox_2d, one.label];
  });
  return [...layers(trace, images, image.base), [boxes.length, painted]];
}

describe('whatever is changed', () => {
  it('an image is unchanged exactly if all that lies under it, made from nothing, is what it was', () => {
    fc.assert(
      fc.property(smallTrace, anySteps, (before, steps) => {
        const changes = changesOf(before, steps);
        const after = applyChanges(before, changes);
        const { images, gone } = traceCascade(before, changes, after);
        const olds = traceLineage(before.images.length, before.turns.slice(0, -1)).images;
        const news = traceLineage(after.images.length, after.turns.slice(0, -1)).images;
        expect(images.map(({ number }) => number)).toEqual(news.map(({ number }) => number));
        const known = images.flatMap(({ was }) => was ?? []);
        expect([...known, ...gone].sort()).toEqual(olds.map(({ number }) => number).sort());
        for (const { number, was, changed } of images) {
          const same =
            was !== null &&
            JSON.stringify(layers(before, olds, was)) === JSON.stringify(layers(after, news, number));
          expect(changed).toBe(!same);
        }
      }),
      { ...runs(500), seed: 51 },
    );
  });

  it('marks stand in the texts, each with a key of its own, the same each time; without changes there are none', () => {
    fc.assert(
      fc.property(smallTrace, anySteps, (before, steps) => {
        const changes = changesOf(before, steps);
        const after = applyChanges(before, changes);
        const { marks } = traceCascade(before, changes, after);
        expect(traceCascade(before, changes)).toEqual(traceCascade(before, changes, after));
        expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
        for (const { turn, span } of marks) {
          const { length } = after.turns[turn]?.text ?? '';
          expect(span.start < span.end && span.end <= length).toBe(true);
        }
        expect(traceCascade(before, []).marks).toEqual([]);
        const undone = [...changes, ...invertChanges(changes)];
        expect(traceCascade(before, undone).marks).toEqual([]);
      }),
      { ...runs(300), seed: 52 },
    );
  });

  it('a moved turn keeps its image', () => {
    const { images } = traceCascade(trace, moveTurn(trace, 2, 1));
    expect(images.map(({ was }) => was)).toEqual([1, 2, 4, 3]);
  });
});
