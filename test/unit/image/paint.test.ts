import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paint } from '../../../src/image/paint';
import type { Box, Line } from '../../../src/trace/drawing';
import type { RgbImage } from '../../../src/trace/geometry';

const grey = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(128),
});
const box = (bbox_2d: Box['bbox_2d'], label = ''): Box => ({ index: 1, bbox_2d, label });
const line = (start: Line['start_point_2d'], end: Line['end_point_2d']): Line => ({
  index: 1,
  start_point_2d: start,
  end_point_2d: end,
  label: 'never drawn',
});
const pixel = ({ width, data }: RgbImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

describe('paint', () => {
  test('leaves the image it is given as it is', () => {
    const image = grey(56, 56);
    paint(image, { boxes: [box([4, 4, 50, 50], 'a')], lines: [line([3, 3], [40, 40])] });
    expect(image.data.every((value) => value === 128)).toBe(true);
  });

  test('gives boxes the colours of their positions, and an unpainted box takes its position', () => {
    const unpainted = { index: 1, bbox_2d: [1, 2, 3], label: 'three numbers', unpainted: true } as const;
    const painted = paint(grey(56, 56), {
      boxes: [box([0, 0, 10, 10]), unpainted, box([20, 20, 50, 50])],
      lines: [],
    });
    expect(pixel(painted, 0, 0)).toEqual([255, 0, 0]);
    expect(pixel(painted, 20, 20)).toEqual([0, 0, 255]);
  });

  test('starts the list of colours over after the last named one', () => {
    const boxes = Array.from({ length: 172 }, (_, i) =>
      box([(i % 20) * 10, Math.floor(i / 20) * 10, 999, 999]),
    );
    const painted = paint(grey(224, 112), { boxes, lines: [] });
    // 23 chosen colours and 148 named ones: position 171 is the first again.
    expect(pixel(painted, (171 % 20) * 10, Math.floor(171 / 20) * 10)).toEqual([255, 0, 0]);
  });

  test('paints lines over boxes, with a red dot at the start and a blue one at the end', () => {
    const painted = paint(grey(56, 56), {
      boxes: [box([10, 10, 45, 45])],
      lines: [line([10, 10], [45, 45])],
    });
    expect(pixel(painted, 10, 10)).toEqual([255, 0, 0]);
    expect(pixel(painted, 45, 45)).toEqual([0, 0, 255]);
    expect(pixel(painted, 28, 28)).toEqual([0, 0, 0]);
  });

  test('shows the part of a shape that lies inside, however far the rest reaches', () => {
    const far = paint(grey(56, 56), { boxes: [box([10, 10, 1e308, 1e308])], lines: [] });
    const near = paint(grey(56, 56), { boxes: [box([10, 10, 999, 999])], lines: [] });
    expect(far.data).toEqual(near.data);
  });

  test('does not paint a drawing with a coordinate that is no number, and paints the others', () => {
    const image = grey(56, 56);
    const broken = {
      boxes: [box([0, Number.NaN, 9, 9]), box([0, 0, Number.POSITIVE_INFINITY, 9])],
      lines: [],
    };
    expect(paint(image, broken).data).toEqual(image.data);
    const mixed = { boxes: [...broken.boxes, box([0, 0, 9, 9])], lines: [line([0, Number.NaN], [9, 9])] };
    expect(pixel(paint(image, mixed), 0, 0)).toEqual([0, 0, 255]);
  });

  test('takes bounded time whatever the coordinates and labels', { timeout: 600_000 }, () => {
    const coordinate = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -60, max: 120 }),
    );
    const boxes = fc.array(
      fc.record({
        index: fc.constant(1),
        bbox_2d: fc.tuple(coordinate, coordinate, coordinate, coordinate),
        label: fc.string({ unit: 'binary', maxLength: 500 }),
      }),
      { maxLength: 5 },
    );
    const point = fc.tuple(coordinate, coordinate);
    const lines = fc.array(
      fc.record({ index: fc.constant(1), start_point_2d: point, end_point_2d: point, label: fc.string() }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.record({ boxes, lines }), (canvas) => {
        const begin = performance.now();
        expect(paint(grey(56, 28), canvas).data.length).toBe(56 * 28 * 3);
        expect(performance.now() - begin).toBeLessThan(1000);
      }),
      { seed: 11, numRuns: process.env.VILASR_LONG ? 20_000 : 300 },
    );
  });

  test('takes a label of a million characters or lines', () => {
    const boxes = [box([2, 2, 50, 50], 'x'.repeat(1_000_000)), box([2, 20, 50, 50], '\n'.repeat(1_000_000))];
    expect(paint(grey(56, 56), { boxes, lines: [] }).width).toBe(56);
  });
});
