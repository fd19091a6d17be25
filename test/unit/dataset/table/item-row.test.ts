import { expect, it } from 'vitest';
import { describeTrace, rowOf } from '../../../../src/dataset/table/item-row';
import { withDerived } from '../../../../src/trace/derive';
import { answers, box, draws, line } from '../../score/sentences';
import { sampleTrace } from '../../trace/sample-trace';

const image = { path: './cold_start/maze/12/images/0.png', file: null, model: { width: 112, height: 112 } };

function traceOf(turns: readonly { readonly text: string }[], more: object = {}) {
  const spoken = turns.map(({ text }) => ({ text, finish: 'stop' as const, tokens: 1, seconds: 1 }));
  return withDerived({ ...sampleTrace, images: [image], source: null, gold: 'A', ...more, turns: spoken });
}

it('counts what a trace draws and corrects, and says whether its answer is right', () => {
  const turns = [
    draws([box('cup', [10, 10, 50, 50]), line('way', [0, 0, 5, 5])]),
    draws([box('cup', [30, 10, 70, 50], 2)]),
    answers('A'),
  ];
  expect(describeTrace(traceOf(turns, { type: 'multiple-choice' }))).toMatchObject({
    ...{ turns: 3, boxes: 2, lines: 1, revisions: 1, correct: true, traceCodes: ['revision'] },
  });
  expect(describeTrace(traceOf(turns, { gold: null })).correct).toBeNull();
});

it('takes the source from what the trace says of it, else from where its first image lies', () => {
  const source = (said: object | null) => describeTrace(traceOf([answers('A')], { source: said })).source;
  expect(source({ dataset: 'SR_91k' })).toBe('SR_91k');
  expect(source({ row: { data_source: 'scannet' } })).toBe('scannet');
  expect(source(null)).toBe('cold_start/maze');
});

it('keeps what is wrong with the file apart from what is wrong with the texts, which edits may mend', () => {
  const trace = traceOf([{ text: 'no think' }]);
  const findings = ['missing-image', 'no-think', 'missing-image'] as const;
  const row = rowOf({
    ...{ index: 0, file: '', line: 7, byte: 0, raw: '', hash: 'aa', trace },
    findings: findings.map((code) => ({ code, severity: 'error', message: '', line: 7, byte: 0 })),
  });
  expect(row).toMatchObject({ line: 7, hash: 'aa', fileCodes: ['missing-image'] });
  expect(row.traceCodes).toContain('no-think');
});

it('an item that is no trace has its findings alone', () => {
  const finding = { code: 'bad-json', severity: 'error', message: '', line: 1, byte: 0 } as const;
  const item = {
    index: 0,
    file: '',
    line: 1,
    byte: 0,
    raw: '{',
    hash: 'aa',
    trace: null,
    findings: [finding],
  };
  expect(rowOf(item)).toMatchObject({ id: null, type: null, turns: 0, fileCodes: ['bad-json'] });
});
