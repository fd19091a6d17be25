import { expect, it } from 'vitest';
import { emptyTrace } from '../../../src/reason/empty-trace';
import { isCandidate, recordedPlan } from '../../../src/sample/recorded-plan';
import type { Trace } from '../../../src/trace/trace';

const limits = { maxTurns: 20, maxImages: 45, maxTokens: 100, minPixels: 784, maxPixels: 100_000 };

/** A trace as sampling writes it, as far as its plan goes. */
function candidate(source: Trace['source'], maxTurns = 20): Trace {
  const run: Trace['run'] = {
    ...{ model: 'm', hash: null, provider: 'cpu', weights: 'int8', profile: 'p', drawing: true },
    ...{ limits: { ...limits, maxTurns }, sampling: { temperature: 0.9, topP: 0.95, seed: 4711 } },
    ...{ startedAt: '2026-11-26T12:00:00.000Z', seconds: 1 },
  };
  const question = { text: 'Where?', options: [], type: 'free-form', gold: 'A', kind: 'single' } as const;
  const job = { id: 'q#1', question, images: [], source };
  return { ...emptyTrace(job, { finish: 'stop', error: null }), run };
}

async function* each(...traces: Trace[]): AsyncGenerator<Trace> {
  yield* traces;
}

it('is what the candidates say: numbers of the set, limits by kind of question, and how the weights were held', async () => {
  const of = (number: number, gridSize: number | null, maxTurns: number) =>
    candidate({ gridSize, sample: { question: 'q', candidate: number, of: 4, seed: 7 } }, maxTurns);
  expect(await recordedPlan(each(of(1, 3, 20), of(2, null, 10), of(3, null, 11)))).toEqual({
    ...{ count: 3, candidates: 4, weights: 'int8' },
    sampling: { temperature: 0.9, topP: 0.95, seed: 7 },
    limits: { maze: { ...limits, maxTurns: 20 }, other: { ...limits, maxTurns: 10 } },
  });
});

it('is nothing where no candidate is', async () => {
  expect(await recordedPlan(each())).toBeNull();
  expect(await recordedPlan(each(candidate({ sample: 'of something else' })))).toBeNull();
});

it('is known of a candidate alone, also where the loop had not begun', () => {
  const of = candidate({ sample: { question: 'q', candidate: 1, of: 4, seed: 7 } });
  expect([of, { ...of, run: null }, candidate(null), candidate({ row: 3 })].map(isCandidate)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
