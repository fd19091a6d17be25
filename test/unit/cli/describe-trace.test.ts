import { expect, it } from 'vitest';
import { countDrawings, explainFinish, isAnswered, plural } from '../../../src/cli/describe-trace';
import type { Trace, TraceFinish } from '../../../src/trace/trace';
import { sampleTrace } from '../trace/sample-trace';

it.each<[TraceFinish, string | null, string]>([
  ['stop', null, 'The model did not answer within 10 turns (--max-turns).'],
  ['length', null, 'The last turn reached its limit of 512 tokens (--max-tokens).'],
  ['ToolError', null, 'The last turn neither draws nor answers.'],
  ['ToolGenError', null, 'A drawing of the last turn cannot be carried out.'],
  ['IndexError', null, 'The last turn draws on an image that does not exist.'],
  ['TooManyImages', null, 'The last turn draws, but there are 45 images already (--max-images).'],
  ['TooManyImages', 'The question has 50 images.', 'The question has 50 images.'],
  ['cancelled', 'Cancelled.', 'Cancelled in turn 3.'],
  ['failed', 'The engine was killed.', 'The engine was killed.'],
])('says why a trace ended with %s (%s)', (finish, error, words) => {
  const trace: Trace = { ...sampleTrace, finish, error };
  expect(explainFinish(trace)).toBe(words);
});

it('takes for answered only what the model ended with an answer', () => {
  expect(isAnswered(sampleTrace)).toBe(true);
  expect(isAnswered({ ...sampleTrace, finish: 'length' })).toBe(false);
  expect(isAnswered({ ...sampleTrace, answer: null })).toBe(false);
});

it('counts in words', () => {
  const line = { index: 1, start_point_2d: [0, 0], end_point_2d: [1, 1], label: 'l' } as const;
  const box = { index: 1, bbox_2d: [0, 0, 1, 1], label: 'b' } as const;
  expect(countDrawings([line])).toBe('1 line');
  expect(countDrawings([box, box, line])).toBe('2 boxes and 1 line');
  expect(countDrawings([{ index: 1, bbox_2d: [1], label: 'u', unpainted: true }])).toBe('nothing');
  expect(plural(1, 'turn')).toBe('1 turn');
  expect(plural(0, 'turn')).toBe('0 turns');
});
