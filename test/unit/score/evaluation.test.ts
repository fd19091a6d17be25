import { expect, it } from 'vitest';
import { scoreTrace, summarise } from '../../../src/score/evaluation';
import { withDerived } from '../../../src/trace/derive';
import { sampleTrace } from '../trace/sample-trace';

it('scores the answer and counts turns, boxes and lines', () =>
  expect(scoreTrace(sampleTrace)).toEqual({
    accuracy: 1,
    turns: 3,
    wellFormedTurns: 3,
    boxes: 2,
    lines: 1,
    seconds: 4.5,
  }));

it('gives nothing for an answer of a trace that was stopped, nor where no gold is known', () => {
  expect(scoreTrace({ ...sampleTrace, finish: 'length' }).accuracy).toBe(0);
  expect(scoreTrace({ ...sampleTrace, gold: null }).accuracy).toBe(0);
});

it('counts a turn that breaks the format as one, and leaves out a turn that was cut off', () => {
  const spoken = (text: string, finish: 'stop' | 'failed') => ({ text, finish, tokens: 1, seconds: 1 });
  const turns = [spoken('no think', 'stop'), spoken('<think> cut', 'failed')];
  expect(scoreTrace(withDerived({ ...sampleTrace, turns }))).toMatchObject({ turns: 1, wellFormedTurns: 0 });
});

it('sums up: means of right answers and well-formed turns, sums of the rest', () => {
  const score = { accuracy: 1, turns: 3, wellFormedTurns: 3, boxes: 2, lines: 1, seconds: 0.1 };
  const wrong = { ...score, accuracy: 0, turns: 1, wellFormedTurns: 0, seconds: 0.2 };
  expect(summarise([score, wrong])).toEqual({
    questions: 2,
    accuracy: 0.5,
    wellFormedTurns: 0.75,
    turns: 4,
    boxes: 4,
    lines: 2,
    seconds: 0.3,
  });
});

it('has nothing to divide by without questions', () =>
  expect(summarise([])).toMatchObject({ questions: 0, accuracy: 0, wellFormedTurns: 0 }));
