import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, FURTHEST, outlineOf, reachesOut } from '../../../webview/trace/model/geometry';
import { pick } from '../../../webview/trace/model/pick';

const box = (...corners: [number, number, number, number]) => ({ index: 1, bbox_2d: corners, label: 'a' });
const line = (from: [number, number], to: [number, number]) => ({
  index: 1,
  start_point_2d: from,
  end_point_2d: to,
  label: 'a',
});

describe('the outline of a drawing', () => {
  it('has both corners of a box in it, in whichever order they are', () => {
    const outline = { kind: 'box', left: 10, top: 20, right: 31, bottom: 41 };
    expect(outlineOf(box(10, 20, 30, 40))).toEqual(outline);
    expect(outlineOf(box(30, 40, 10, 20))).toEqual(outline);
  });

  it('goes from the middle of a pixel to the middle of another for a line', () => {
    expect(outlineOf(line([10, 20], [30, 40]))).toEqual({
      kind: 'line',
      from: [10.5, 20.5],
      to: [30.5, 40.5],
    });
  });

  it('is none of a box that is not painted', () => {
    expect(outlineOf({ index: 1, bbox_2d: [1, 2, 3], label: 'a', unpainted: true })).toBe(null);
  });

  it('is cut off far out, and nothing is left of what lies there altogether', () => {
    expect(outlineOf(box(0, 0, 1e308, 10))).toMatchObject({ left: 0, right: FURTHEST, bottom: 11 });
    expect(outlineOf(box(1e300, 1e300, 1e308, 1e308))).toBe(null);
    expect(outlineOf(line([1e300, 0], [1e308, 10]))).toBe(null);
  });

  it('of a line through all the world goes where the line does', () => {
    expect(outlineOf(line([-1e308, 80], [1e308, 80]))).toEqual({
      kind: 'line',
      from: [-FURTHEST, 80.5],
      to: [FURTHEST, 80.5],
    });
  });

  it('lies in what can be drawn, whatever the numbers', () => {
    const any = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -200, max: 200 }),
    );
    fc.assert(
      fc.property(any, any, any, any, (x1, y1, x2, y2) => {
        for (const drawing of [box(x1, y1, x2, y2), line([x1, y1], [x2, y2])]) {
          const outline = outlineOf(drawing);
          if (outline === null) continue;
          const { left, top, right, bottom } = boundsOf(outline);
          for (const edge of [left, top, right, bottom]) expect(Math.abs(edge)).toBeLessThanOrEqual(FURTHEST);
          expect(left).toBeLessThanOrEqual(right);
          expect(top).toBeLessThanOrEqual(bottom);
        }
      }),
      { seed: 11 },
    );
  });

  it('reaches out of an image if any of it does', () => {
    const size = { width: 100, height: 80 };
    const out = (drawing: Parameters<typeof outlineOf>[0]) => {
      const outline = outlineOf(drawing);
      return outline && reachesOut(outline, size);
    };
    expect(out(box(0, 0, 99, 79))).toBe(false);
    expect(out(box(0, 0, 100, 79))).toBe(true);
    expect(out(line([-1, 5], [5, 5]))).toBe(true);
  });
});

describe('what a pointer means', () => {
  const targets = [
    { item: 'large', drawing: box(0, 0, 100, 100) },
    { item: 'small', drawing: box(40, 40, 50, 50) },
    { item: 'line', drawing: line([10, 90], [90, 90]) },
    { item: 'copy', drawing: box(0, 0, 100, 100) },
  ].flatMap(({ item, drawing }) => {
    const outline = outlineOf(drawing);
    return outline ? [{ item, outline }] : [];
  });

  it('is the outline near to it', () => {
    expect(pick(targets, [41, 45], 3)).toBe('small');
    expect(pick(targets, [50, 91], 3)).toBe('line');
  });

  it('is the smallest box around it, also where that lies under a larger one', () => {
    expect(pick(targets, [45, 45], 1)).toBe('small');
  });

  it('is the one on top of two that are the same', () => {
    expect(pick(targets, [20, 20], 1)).toBe('copy');
    expect(pick(targets, [0, 20], 3)).toBe('copy');
  });

  it('is nothing where there is nothing', () => {
    expect(pick(targets, [150, 20], 3)).toBe(null);
  });
});
