import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../../src/trace/edit/change';
import { EditRefused } from '../../../../src/trace/edit/edit-refused';
import { imagesOf, paintOf } from '../../../../src/trace/edit/image-pairs';
import { reroot } from '../../../../src/trace/edit/reroot';
import { formatDrawing, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { smallTrace } from './random-traces';
import { traceOf } from './traces';
import { runs } from './turn-texts';

const box = (index: number, label: string, x = 1) => ({ index, bbox_2d: [x, 2, 30, 40], label }) as const;
const line = (index: number, label: string) =>
  ({ index, start_point_2d: [1, 2], end_point_2d: [3, 4], label }) as const;
describe('a turn that is drawn on the clean image', () => {
  it('takes along what lay on the drawn one, in its order, and leaves no ghost', () => {
    const trace = traceOf([
      formatDrawingTurn('a', [box(1, 'a'), box(1, 'b'), line(1, 'l')]),
      formatDrawingTurn('b', [box(2, 'b', 5), box(2, 'c')]),
      'end',
    ]);
    expect(imagesOf(trace)[2]?.ghosts).toEqual([box(1, 'b')]);
    const after = applyChanges(trace, reroot(trace, 1, 2));
    expect(after.turns[1]?.drawings).toEqual([box(1, 'a'), box(1, 'b', 5), box(1, 'c'), line(1, 'l')]);
    const [old, now] = [imagesOf(trace)[2], imagesOf(after)[2]];
    expect(now).toMatchObject({ base: 1, ghosts: [] });
    expect(now && old && paintOf(now.canvas) === paintOf(old.canvas)).toBe(true);
  });

  it('keeps how things were written', () => {
    const trace = traceOf([
      "<think> a </think> Action: Object Mapper\n```json\n[{'index':1,'bbox_2d':(1,2,3,4),'label':'a','why':1}]\n```",
      `<think> b </think> Action: Object Mapper\n\`\`\`json\n[\n  (${formatDrawing(box(2, 'b'))}),\n]\n\`\`\``,
      'end',
    ]);
    expect(applyChanges(trace, reroot(trace, 1, 2)).turns[1]?.text).toContain(
      `[\n  {'index':1,'bbox_2d':(1,2,3,4),'label':'a','why':1}, ${formatDrawing(box(1, 'b'))},\n]`,
    );
  });

  it('has nothing to do where the image is an input', () => {
    expect(reroot(traceOf([formatDrawingTurn('a', [box(1, 'a')])]), 0, 1)).toEqual([]);
  });

  it.each([
    [[box(2, 'b'), box(1, 'c')], 2, 'Turn 2 draws on image 1 too; on image 1 both would become one.'],
    [[box(2, 'b'), box(2, 'b', 5)], 2, 'Turn 2 draws "b" twice on image 2; remove one first.'],
    [[box(2, 'b')], 1, 'Turn 2 draws nothing on image 1.'],
    [[box(9, 'b')], 9, 'Turn 2 draws nothing on image 9.'],
  ])('is refused where images or shapes would be lost: %j', (drawings, image, message) => {
    const [first, ...rest] = drawings;
    if (!first) throw new Error('There is a drawing.');
    const trace = traceOf([
      formatDrawingTurn('a', [box(1, 'a')]),
      formatDrawingTurn('b', [first, ...rest]),
      'end',
    ]);
    expect(() => reroot(trace, 1, image)).toThrow(new EditRefused(message));
  });

  it('whatever was drawn before, has the same list and no ghosts, and every other image its number and base', () => {
    let done = 0;
    fc.assert(
      fc.property(smallTrace, (trace) => {
        const images = imagesOf(trace);
        for (const { number, turn, base } of images) {
          if (turn === null || base === null || images[base - 1]?.base === null) continue;
          let after = trace;
          try {
            after = applyChanges(trace, reroot(trace, turn, base));
          } catch (error) {
            if (!(error instanceof EditRefused)) throw error;
            continue;
          }
          done++;
          const now = imagesOf(after);
          expect(now.map((one) => [one.number, one.root, one.turn, paintOf(one.canvas)])).toEqual(
            images.map((one) => [one.number, one.root, one.turn, paintOf(one.canvas)]),
          );
          expect(now[number - 1]).toMatchObject({ base: images[number - 1]?.root, ghosts: [] });
        }
      }),
      { ...runs(500), seed: 71 },
    );
    expect(done).toBeGreaterThan(100);
  });
});
