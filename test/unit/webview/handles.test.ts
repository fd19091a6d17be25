import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../src/trace/edit/drawing-values';
import {
  handlesOf,
  movePart,
  nextPart,
  type Part,
  partsOfDrawing,
  quadBetween,
  quadOf,
} from '../../../webview/trace/model/handles';

const box = { index: 1, bbox_2d: [10, 20, 30, 40], label: 'a' } as const;
const line = { index: 1, start_point_2d: [1, 2], end_point_2d: [3, 4], label: 'b' } as const;
const short = { index: 1, bbox_2d: [1, 2, 3], label: 'c', unpainted: true } as const;
const EDGES: readonly Part[] = ['w', 'n', 'e', 's', 'nw', 'ne', 'se', 'sw'];

describe('the handles of a shape', () => {
  it('lie on a box where its edge is: the last pixel belongs to it', () => {
    const at = new Map(handlesOf(box).map((handle) => [handle.part, handle.at]));
    expect(at.get('nw')).toEqual([10, 20]);
    expect(at.get('se')).toEqual([31, 41]);
    expect(at.get('n')).toEqual([20.5, 20]);
    expect(at.get('e')).toEqual([31, 30.5]);
    expect(at.size).toBe(8);
  });

  it('lie in the middles of the pixels in which a line ends', () => {
    expect(handlesOf(line)).toEqual([
      { part: 'start', at: [1.5, 2.5] },
      { part: 'end', at: [3.5, 4.5] },
    ]);
  });

  it('lie where a box whose corners are swapped is', () => {
    const swapped = { ...box, bbox_2d: [30, 40, 10, 20] } as const;
    expect(handlesOf(swapped)).toEqual(handlesOf(box));
  });

  it('are none of a box that is not painted', () => {
    expect(handlesOf(short)).toEqual([]);
    expect(quadOf(short)).toBe(null);
  });
});

describe('a part that is moved', () => {
  const quad: Quad = [10, 20, 30, 40];

  it('takes along what it is, and leaves the rest', () => {
    expect(movePart(quad, null, [1, -2]).quad).toEqual([11, 18, 31, 38]);
    expect(movePart(quad, 'w', [1, -2]).quad).toEqual([11, 20, 30, 40]);
    expect(movePart(quad, 's', [1, -2]).quad).toEqual([10, 20, 30, 38]);
    expect(movePart(quad, 'ne', [1, -2]).quad).toEqual([10, 18, 31, 40]);
    expect(movePart(quad, 'start', [1, -2]).quad).toEqual([11, 18, 30, 40]);
    expect(movePart(quad, 'end', [1, -2]).quad).toEqual([10, 20, 31, 38]);
  });

  it('becomes the other edge where it goes past it, and corners stay in order', () => {
    expect(movePart(quad, 'w', [25, 0])).toEqual({ quad: [30, 20, 35, 40], part: 'e' });
    expect(movePart(quad, 'nw', [25, 25])).toEqual({ quad: [30, 40, 35, 45], part: 'se' });
  });

  it('is the edge that is seen where corners are swapped, which they stay', () => {
    expect(movePart([30, 20, 10, 40], 'w', [1, 0])).toEqual({ quad: [30, 20, 11, 40], part: 'w' });
    expect(movePart([30, 20, 10, 40], 'w', [25, 0])).toEqual({ quad: [35, 20, 30, 40], part: 'e' });
  });

  it('goes back by the way that it came', () => {
    const number = fc.integer({ min: -500, max: 500 });
    const quads = fc.tuple(number, number, number, number);
    const parts = fc.constantFrom<Part | null>(null, ...EDGES, 'start', 'end');
    fc.assert(
      fc.property(quads, parts, fc.tuple(number, number), (quad, part, [dx, dy]) => {
        const there = movePart(quad, part, [dx, dy]);
        const back = movePart(there.quad, there.part, [-dx, -dy]).quad;
        // Where both edges fall together, which of the two is moved back cannot be told.
        fc.pre(new Set([there.quad[0], there.quad[2]]).size === 2);
        fc.pre(new Set([there.quad[1], there.quad[3]]).size === 2);
        fc.pre(quad[0] !== quad[2] && quad[1] !== quad[3]);
        expect(back).toEqual(quad);
      }),
      { seed: 4, numRuns: process.env.VILASR_LONG === '1' ? 100_000 : 500 },
    );
  });
});

describe('the parts that keys move', () => {
  it('follow one another, the whole shape among them', () => {
    const around: (Part | null)[] = [null];
    for (let i = 0; i < EDGES.length; i++) around.push(nextPart(box, around.at(-1) ?? null));
    expect(around).toEqual([null, ...partsOfDrawing(box)]);
    expect(nextPart(box, 'sw')).toBe(null);
    expect(nextPart(line, 'start')).toBe('end');
  });
});

describe('a shape drawn from a point to another', () => {
  it('begins and ends in their pixels; the corners of a box are in order', () => {
    expect(quadBetween([9.9, 3.2], [1.1, 7.8], 'box')).toEqual([1, 3, 9, 7]);
    expect(quadBetween([9.9, 3.2], [-0.5, 7.8], 'line')).toEqual([9, 3, -1, 7]);
  });
});
