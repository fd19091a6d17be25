import { describe, expect, it } from 'vitest';
import { Selection, whyNot } from '../../../src/sample/select';
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
    expect(whyNot(revised, 'reflective')).toBeNull();
    expect(whyNot(trace([first, answers('A')]), 'reflective')).toBe('no revision');
    expect(whyNot(trace([first, second, answers('B')]), 'reflective')).toBe('wrong');
    expect(whyNot(trace([first, second]), 'reflective')).toBe('not answered');
    const beyond = draws([box('cup', [1, 2, 30, 40], 9)]);
    expect(whyNot(trace([first, beyond, answers('A')]), 'reflective')).toBe('not well-formed');
  });
});

describe('an example for the cold start', () => {
  it('has three turns', () => {
    expect(whyNot(revised, 'cold-start')).toBeNull();
    expect(whyNot(trace([first, answers('A')]), 'cold-start')).toBe('too few turns');
  });

  it('keeps to the centres of the cells of a maze', () => {
    const steps = [draws([line('1', [14, 14, 14, 42])]), draws([line('2', [14, 42, 42, 42], 2)])];
    const off = [draws([line('1', [14, 14, 14, 42])]), draws([line('2', [14, 28, 28, 28], 2)])];
    const maze = { source: { gridSize: 4 } };
    expect(whyNot(trace([...steps, answers('A')], maze), 'cold-start')).toBeNull();
    expect(whyNot(trace([...off, answers('A')], maze), 'cold-start')).toBe('off centre');
    expect(whyNot(trace([...off, answers('A')]), 'cold-start')).toBeNull();
  });
});

it('keeps no more of one question than asked for, and counts what is left out', () => {
  const selection = new Selection('reflective', 1);
  const other = { ...revised, question: 'Another?' };
  const wrong = trace([first, second, answers('B')]);
  expect([revised, revised, other, wrong, wrong].map((one) => selection.keeps(one))).toEqual([
    ...[true, false, true, false, false],
  ]);
  expect(selection.kept).toBe(2);
  expect(Object.fromEntries(selection.leftOut)).toEqual({ 'enough of its question': 1, wrong: 2 });
});
