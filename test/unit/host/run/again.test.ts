import { expect, it } from 'vitest';
import { requestAgain, requestOf } from '../../../../src/host/run/again';
import { readSettings } from '../../../../src/host/settings';
import { sampleTrace } from '../../trace/sample-trace';

const settings = readSettings(
  () => undefined,
  () => {},
);
const request = requestOf(sampleTrace, ['/data/maze-7.png'], settings);

it('asks the question of a trace under the rules that were followed then', () => {
  expect(request).toEqual({
    question: {
      text: sampleTrace.question,
      options: sampleTrace.options,
      type: 'multiple-choice',
      gold: 'B',
      kind: 'single',
    },
    files: ['/data/maze-7.png'],
    source: sampleTrace.source,
    model: settings.model,
    limits: sampleTrace.run?.limits,
    sampling: sampleTrace.run?.sampling,
  });
  expect(requestOf({ ...sampleTrace, run: null }, [], settings).limits).toEqual(settings.limits);
});

it('asks the very same with the same seed', () => {
  expect(requestAgain(request, 'same', settings)).toEqual(request);
});

it('draws with a new seed, at a temperature at which that matters', () => {
  const { sampling } = requestAgain(request, 'new', settings);
  expect(sampling.seed).not.toBe(request.sampling.seed);
  expect(sampling.temperature).toBe(0.7);
  const warm = { ...request, sampling: { ...request.sampling, temperature: 1.2 } };
  expect(requestAgain(warm, 'new', settings).sampling.temperature).toBe(1.2);
});
