import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isUnpainted } from '../../src/trace/drawing';
import { traceLineage } from '../../src/trace/lineage';
import { parseTurn } from '../../src/trace/parse-turn';

/** Written by make_lineage_golden.py from what upstream's own code does. */
type Conversation = readonly [
  inputs: number,
  turns: readonly string[],
  images: readonly (readonly [base: number, boxes: readonly unknown[], lines: readonly unknown[]])[],
  end: string | null,
];

const golden: readonly Conversation[] = JSON.parse(
  readFileSync(new URL('golden/lineage.golden.json', import.meta.url), 'utf8'),
);

it('draws in 200 conversations the images that upstream draws: their bases, their boxes and lines, in order', () => {
  expect(golden.length).toBe(200);
  for (const [inputs, turns, images, end] of golden) {
    const drawing = (end === null ? turns : turns.slice(0, -1)).map(parseTurn);
    const lineage = traceLineage(inputs, drawing);
    const drawn = lineage.images.slice(inputs).map(({ base, canvas }) => {
      const boxes = canvas.boxes.map((box) => {
        if (!isUnpainted(box)) return box;
        const { unpainted, ...written } = box;
        return written;
      });
      return [base, boxes, canvas.lines];
    });
    expect(drawn).toEqual(images);
    expect(lineage.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
});
