import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { benchmarkScore } from '../../src/score/benchmark/benchmark-score';

/** See make_benchmark_golden.py. */
const rows: { output: string; gold: string; type: string; score?: number; raises?: string }[] = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'golden/benchmark.json.gz'))).toString(),
);

it("scores as ViLaSR's evaluation does, bit for bit", () => {
  const wrong = rows.filter(({ output, gold, type, score }) => {
    const ours = benchmarkScore(output, gold, type);
    return 'raises' in ours ? score !== undefined : ours.score !== score;
  });
  expect(wrong).toEqual([]);
});

it('is compared on scores of every kind', () => {
  const has = (holds: (row: (typeof rows)[number]) => boolean) => rows.filter(holds).length;
  expect(has(({ score }) => score === 1)).toBeGreaterThan(50);
  expect(has(({ score = 0 }) => score > 0 && score < 1)).toBeGreaterThan(50);
  expect(has(({ raises }) => raises !== undefined)).toBeGreaterThan(10);
});
