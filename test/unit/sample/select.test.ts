import { describe, expect, it } from 'vitest';
import { CRITERIA, Selection, whyNot } from '../../../src/sample/select';
import { withDerived } from '../../../src/trace/derive';
import type { Trace } from '../../../src/trace/trace';
import { answers, box, draws, line } from '../score/sentences';
import { sampleTrace } from '../trace/sample-trace';

function trace(turns: readonly { readonly text: string }[], more: Partial<Trace> = {}): Trace {
  const spoken = turns.map(({ text }) => ({ text, finish: 'stop' as const, tokens: 1, seconds: 1 }));
  const image = { path: 'a.png', file: null, model: { width: 112, height: 112 } };
  const asked = {
    ...sampleTrace,
    type: 'multiple-choice',
    gold: 'A',
    images: [image],
    finish: 'stop',
  } as const;
  return withDerived({ ...asked, ...more, turns: spoken });
}

const first = draws([box('cup', [10, 10, 50, 50])]);
const second = draws([box('cup', [30, 10, 70, 50], 2)]);
const revised = trace([first, second, answers('A')]);

describe('an example for the reflective stage', () => {
  it('is right, well-formed and revises something', () => {
    expect(whyNot(revised, CRITERIA.reflective)).toBeNull();
    expect(whyNot(trace([first, answers('A')]), CRITERIA.reflective)).toBe('no revision');
    expect(whyNot(trace([first, second, answers('B')]), CRITERIA.reflective)).toBe('wrong');
    expect(whyNot(trace([first, second]), CRITERIA.reflective)).toBe('not answered');
    const beyond = draws([box('cup', [1, 2, 30, 40], 9)]);
    expect(whyNot(trace([first, beyond, answers('A')]), CRITERIA.reflective)).toBe('not well-formed');
  });
});

describe('an example for the cold start', () => {
  it('has three turns', () => {
    expect(whyNot(revised, CRITERIA['cold-start'])).toBeNull();
    expect(whyNot(trace([first, answers('A')]), CRITERIA['cold-start'])).toBe('too few turns');
  });

  it('keeps to the centres of the cells of a maze', () => {
    const steps = [draws([line('1', [14, 14, 14, 42])]), draws([line('2', [14, 42, 42, 42], 2)])];
    const off = [draws([line('1', [14, 14, 14, 42])]), draws([line('2', [14, 28, 28, 28], 2)])];
    const maze = { source: { gridSize: 4 } };
    expect(whyNot(trace([...steps, answers('A')], maze), CRITERIA['cold-start'])).toBeNull();
    expect(whyNot(trace([...off, answers('A')], maze), CRITERIA['cold-start'])).toBe('off centre');
    expect(whyNot(trace([...off, answers('A')]), CRITERIA['cold-start'])).toBeNull();
  });
});

it('takes other numbers than the paper has, and mazes with the margins of matplotlib', () => {
  const coldStart = CRITERIA['cold-start'];
  expect(whyNot(revised, { ...coldStart, leastTurns: 4 })).toBe('too few turns');
  // Of 4 cells a side, the first begins where an eighth of the image ends: at 14 of 112 pixels from the left, at 13 from the top.
  const inside = draws([line('1', [25, 24, 25, 45])]);
  const maze = trace([inside, draws([line('2', [25, 45, 46, 45], 2)]), answers('A')], {
    source: { gridSize: 4 },
  });
  const matplotlib = { ...coldStart, centres: { tolerance: 0.5, frame: 'matplotlib' } } as const;
  expect(whyNot(maze, matplotlib)).toBeNull();
  const edge = trace([draws([line('1', [14, 13, 14, 45])]), inside, answers('A')], {
    source: { gridSize: 4 },
  });
  expect(whyNot(edge, matplotlib)).toBe('off centre');
  expect(whyNot(edge, coldStart)).toBe('off centre');
});

it('keeps no more of one question than asked for, and counts what is left out', () => {
  const selection = new Selection(CRITERIA.reflective, 1);
  const other = { ...revised, question: 'Another?' };
  const wrong = trace([first, second, answers('B')]);
  expect([revised, revised, other, wrong, wrong].map((one) => selection.keeps(one))).toEqual([
    ...[true, false, true, false, false],
  ]);
  expect(selection.kept).toBe(2);
  expect(Object.fromEntries(selection.leftOut)).toEqual({ 'enough of its question': 1, wrong: 2 });
});
