import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nextStep } from '../../src/reason/stop-rule';
import { traceLineage } from '../../src/trace/lineage';
import { parseTurn } from '../../src/trace/parse-turn';

/** Written by make_lineage_golden.py from what upstream's own code does; `end` is why the last turn drew nothing. */
type Conversation = readonly [
  inputs: number,
  turns: readonly string[],
  images: readonly unknown[],
  end: string | null,
];

const golden: readonly Conversation[] = JSON.parse(
  readFileSync(new URL('golden/lineage.golden.json', import.meta.url), 'utf8'),
);
const limits = { maxTurns: 100, maxImages: 1000, maxTokens: 1, minPixels: 1, maxPixels: 1 };

it('goes on and stops in 200 conversations where upstream does, and calls it by the same name', () => {
  let ends = 0;
  for (const [inputs, turns, , end] of golden) {
    const parsed = turns.map(parseTurn);
    turns.forEach((text, number) => {
      const turn = parsed[number];
      if (!turn) throw new Error('no turn');
      const { images } = traceLineage(inputs, parsed.slice(0, number));
      const step = nextStep({ number, text, parsed: turn, finish: 'stop' }, images, limits);
      if (number < turns.length - 1 || end === null) {
        expect(step.type).toBe('draw');
        return;
      }
      ends++;
      const noIndex = turn.findings.some(({ code }) => code === 'missing-index');
      // Upstream's evaluation fails over an image that does not exist, where its training loop says IndexError.
      const name = end === 'raised' ? 'IndexError' : noIndex ? 'ToolGenError' : end;
      expect(step).toEqual({ type: 'end', finish: name });
    });
  }
  expect(ends).toBeGreaterThan(50);
});
