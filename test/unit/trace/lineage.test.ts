import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, Drawing, Line } from '../../../src/trace/drawing';
import { drawTurn, inputImages, traceLineage } from '../../../src/trace/lineage';

const box = (index: number, label: string, x = 1): Box => ({ index, bbox_2d: [x, 2, 30, 40], label });
const line = (index: number, label: string, x = 1): Line => ({
  index,
  start_point_2d: [x, 2],
  end_point_2d: [30, 40],
  label,
});
const turns = (...all: Drawing[][]) => all.map((drawings) => ({ drawings }));

describe('an image of a trace', () => {
  it('is drawn on the image that the drawing names, which may be a drawn one', () => {
    const { images } = traceLineage(2, turns([box(2, 'a')], [box(3, 'b')], [box(1, 'c')]));
    expect(images.map(({ number, base, root, turn }) => [number, base, root, turn])).toEqual([
      [1, null, 1, null],
      [2, null, 2, null],
      [3, 2, 2, 0],
      [4, 3, 2, 1],
      [5, 1, 1, 2],
    ]);
  });

  it('holds what its base holds, with a new drawing of a known label in the place of the old one', () => {
    const { images } = traceLineage(
      1,
      turns([box(1, 'a'), box(1, 'b'), line(1, 'a')], [box(2, 'c'), box(2, 'a', 9)]),
    );
    expect(images.at(-1)?.canvas).toEqual({
      boxes: [box(2, 'a', 9), box(1, 'b'), box(2, 'c')],
      lines: [line(1, 'a')],
    });
  });

  it('starts from a clean list where it is drawn on an input again', () => {
    const { images } = traceLineage(1, turns([box(1, 'a')], [line(1, 'l')]));
    expect(images.at(-1)?.canvas).toEqual({ boxes: [], lines: [line(1, 'l')] });
  });

  it('still shows what a later drawing took the place of, also where it is drawn on once more', () => {
    const { images } = traceLineage(
      1,
      turns([box(1, 'a'), line(1, 'l')], [box(2, 'a', 9), line(2, 'l')], [box(3, 'z')]),
    );
    expect(images.map(({ ghosts }) => ghosts)).toEqual([[], [], [box(1, 'a')], [box(1, 'a')]]);
  });

  it('shows no trace of a box that was never painted', () => {
    const unpainted = { index: 1, bbox_2d: [1], label: 'a', unpainted: true } as const;
    expect(traceLineage(1, turns([unpainted], [box(2, 'a')])).images.at(-1)?.ghosts).toEqual([]);
  });
});

describe('a turn that draws', () => {
  it('gives one image for each index, in the order of their first appearance, boxes before lines', () => {
    const { images } = traceLineage(
      3,
      turns([line(2, 'l'), box(3, 'a'), box(1, 'b'), line(3, 'm'), box(3, 'c')]),
    );
    expect(images.slice(3).map(({ base, drawn }) => [base, drawn.length])).toEqual([
      [3, 3],
      [1, 1],
      [2, 1],
    ]);
  });

  it('draws of several with one label the last, at the place of the first, and says so', () => {
    const { images, findings } = traceLineage(
      1,
      turns([box(1, 'a', 1), box(1, 'b'), box(1, 'a', 5), line(1, 'a')]),
    );
    expect(images[1]?.canvas.boxes).toEqual([box(1, 'a', 5), box(1, 'b')]);
    expect(findings.map(({ code, severity, turn }) => [code, severity, turn])).toEqual([
      ['duplicate-label', 'warning', 0],
    ]);
  });

  it('adds nothing when it names an image that is not there, not even one of its own', () => {
    const { images, findings } = traceLineage(1, turns([box(1, 'a'), box(2, 'b')]));
    expect(images.length).toBe(1);
    expect(findings.map(({ code, turn }) => [code, turn])).toEqual([['no-such-image', 0]]);
  });

  it.each([0, -1])('adds nothing when it names image %s', (index) => {
    const { images, findings } = traceLineage(1, turns([box(1, 'a'), box(index, 'b')]));
    expect(images.length).toBe(1);
    expect(findings.map(({ code }) => code)).toEqual(['index-below-one']);
  });

  it('says where in the text the drawing stands that cannot be drawn', () => {
    const turn = { drawings: [box(7, 'a')], located: [{ span: { start: 40, end: 90 } }] };
    expect(drawTurn(inputImages(1), turn, 3).findings[0]).toMatchObject({
      turn: 3,
      span: { start: 40, end: 90 },
    });
  });

  it('stops adding images at the limit, but always adds one', () => {
    const three = [box(1, 'a'), box(2, 'b'), box(3, 'c')];
    expect(traceLineage(3, turns(three), 5).images.length).toBe(5);
    expect(traceLineage(3, turns(three), 5).findings.map(({ code }) => code)).toEqual(['image-limit']);
    expect(traceLineage(3, turns(three), 3).images.length).toBe(4);
  });
});

it('whatever is drawn, a list is unique by label, never shorter than its base, and holds all the turn drew last', () => {
  const index = fc.integer({ min: 0, max: 6 });
  const label = fc.constantFrom('a', 'b', 'c');
  const x = fc.integer({ min: 0, max: 3 });
  const drawing = fc.oneof(
    fc.tuple(index, label, x).map((of) => box(...of)),
    fc.tuple(index, label, x).map((of) => line(...of)),
  );
  fc.assert(
    fc.property(fc.array(fc.array(drawing, { maxLength: 5 }), { maxLength: 6 }), (all) => {
      const { images } = traceLineage(2, turns(...all));
      for (const { number, base, root, drawn, canvas } of images) {
        const below = base === null ? null : images[base - 1];
        if (!below) continue;
        expect(below.number).toBeLessThan(number);
        expect(root).toBe(below.root);
        for (const kind of ['boxes', 'lines'] as const) {
          const labels = canvas[kind].map((one) => one.label);
          expect(new Set(labels).size).toBe(labels.length);
          expect(labels.slice(0, below.canvas[kind].length)).toEqual(
            below.canvas[kind].map((one) => one.label),
          );
        }
        const last = drawn.at(-1);
        expect([...canvas.boxes, ...canvas.lines]).toContain(last);
      }
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
