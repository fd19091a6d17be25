import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, Drawing, Line } from '../../../src/trace/drawing';
import { MOST_CLIPBOARD } from '../../../src/view/trace-view';
import { asCopies, drawnBy, readShapes, writeShapes } from '../../../webview/trace/model/shape-text';

const number = fc.integer({ min: -5000, max: 5000 });
const quad = fc.tuple(number, number, number, number);
const index = fc.integer({ min: 1, max: 50 });
const drawings = fc.array(
  fc.oneof(
    fc.record<Box>({ index, bbox_2d: quad, label: fc.string() }),
    fc.record<Line>({
      index,
      start_point_2d: fc.tuple(number, number),
      end_point_2d: fc.tuple(number, number),
      label: fc.string({ unit: 'binary' }),
    }),
  ),
);
const BOX: Drawing = { index: 1, bbox_2d: [1, 2, 3, 4], label: 'a' };
const LINE: Drawing = { index: 1, start_point_2d: [1, 2], end_point_2d: [3, 4], label: 'way' };

describe('shapes on the clipboard', () => {
  it('are JSON in the keys that models write, and are read as they were', () => {
    expect(JSON.parse(writeShapes([BOX, LINE]))).toEqual([BOX, LINE]);
    fc.assert(
      fc.property(drawings, (some) => {
        expect(readShapes(writeShapes(some))).toEqual(some);
      }),
    );
  });

  it('may be one by itself, in the fences of a turn, or as Python writes them', () => {
    expect(readShapes(' {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}\n')).toEqual([BOX]);
    expect(readShapes(`So.\n\`\`\`json\n${writeShapes([LINE])}\n\`\`\``)).toEqual([LINE]);
    expect(readShapes("[{'index': 1, 'bbox_2d': (1, 2, 3, 4), 'label': 'a', 'sure': True}]")).toEqual([BOX]);
  });

  it('are none in any other text, and never more than stand there', () => {
    for (const text of ['', 'a', '[', '7', '{}', '[1, "x"]', '{"bbox_2d": [1, 2, 3, 4]}', '```json\n']) {
      expect(readShapes(text), text).toEqual([]);
    }
    fc.assert(fc.property(fc.string(), (text) => void readShapes(text)));
    expect(readShapes(writeShapes([BOX]) + ' '.repeat(MOST_CLIPBOARD))).toEqual([]);
    expect(readShapes('[{"index": 1, "bbox_2d": [1e999, 2, 3, 4], "label": "a"}, {"index": 1}]')).toEqual([]);
  });
});

describe('pasted shapes', () => {
  it('go by labels that the turn has not, on its image', () => {
    const copyName = (label: string, number: number) => `${label} copy ${number}`;
    const names = asCopies([BOX, BOX, LINE], 3, ['a', 'a copy 1'], copyName).map(({ index, label }) => [
      index,
      label,
    ]);
    expect(names).toEqual([
      [3, 'a copy 2'],
      [3, 'a copy 3'],
      [3, 'way'],
    ]);
  });

  it('are those that the action of the turn draws', () => {
    expect([drawnBy('Object Mapper', BOX), drawnBy('Object Mapper', LINE)]).toEqual([true, false]);
    expect([drawnBy('Path Tracer', BOX), drawnBy('Path Tracer', LINE)]).toEqual([false, true]);
    expect([drawnBy(null, BOX), drawnBy(null, LINE)]).toEqual([true, true]);
  });
});
