import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckOptions, checkTrace } from '../../../../src/trace/edit/checks';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { parseTurn } from '../../../../src/trace/parse-turn';
import type { Trace } from '../../../../src/trace/trace';
import { sampleTrace } from '../sample-trace';
import { smallTrace } from './random-traces';
import { traceOf } from './traces';
import { anyTurnText, runs } from './turn-texts';

const box = (index: number, label: string, x = 1) => ({ index, bbox_2d: [x, 2, 30, 40], label }) as const;
const line = (index: number, label: string, from: readonly [number, number], to: readonly [number, number]) =>
  ({ index, start_point_2d: from, end_point_2d: to, label }) as const;
const answer = formatAnswerTurn('So.', 'B');
const found = (trace: Trace, options?: CheckOptions) =>
  checkTrace(trace, options).map(({ code, severity, turn }) => [code, severity, turn]);

it('a trace with a correction and an answer is in order, and the correction is said', () => {
  expect(found(sampleTrace)).toEqual([['revision', 'information', 1]]);
});

describe('an answer', () => {
  it('belongs into the last turn', () => {
    expect(checkTrace(traceOf([answer, answer]))).toMatchObject([
      { code: 'answer-not-last', severity: 'error', turn: 0, span: { start: answer.indexOf('<answer>') } },
    ]);
  });

  it('belongs into it', () => {
    expect(found(traceOf([formatDrawingTurn('a', [box(1, 'a')])]))).toEqual([['no-answer', 'warning', 0]]);
    expect(found(traceOf([]))).toEqual([]);
  });
});

describe('the count of images', () => {
  const trace = traceOf([
    formatDrawingTurn('a', [box(1, 'a')]),
    formatDrawingTurn('b', [box(1, 'b')]),
    answer,
  ]);
  it('has a limit, and the turn that goes beyond it is named', () => {
    expect(found(trace, { maxImages: 2 })).toEqual([['too-many-images', 'warning', 1]]);
    expect(found(trace, { maxImages: 3 })).toEqual([]);
    expect(found(traceOf([answer], 46))).toEqual([['too-many-images', 'warning', 0]]);
    expect(found(traceOf([answer], 45))).toEqual([]);
  });

  it('is limited by the run that made the trace', () => {
    const run = sampleTrace.run && {
      ...sampleTrace.run,
      limits: { ...sampleTrace.run.limits, maxImages: 1 },
    };
    expect(found({ ...trace, run })).toEqual([['too-many-images', 'warning', 0]]);
  });
});

describe('a shape', () => {
  it('that was drawn before is a duplicate', () => {
    const trace = traceOf([
      formatDrawingTurn('a', [box(1, 'a'), box(1, 'a')]),
      formatDrawingTurn('b', [box(1, 'a'), box(2, 'a')]),
      answer,
    ]);
    expect(checkTrace(trace).map(({ code, turn, message }) => [code, turn, message])).toEqual([
      ['duplicate-shape', 0, 'The same is drawn earlier in this turn.'],
      ['duplicate-shape', 1, 'The same is drawn in turn 1.'],
    ]);
  });

  it('may touch the edge of its image but not reach beyond it', () => {
    const at = (x: number, y: number, model: { width: number; height: number } | null) =>
      found({
        ...traceOf([formatDrawingTurn('a', [line(1, 'a', [0, 0], [x, y])]), answer]),
        images: [{ path: 'a.png', file: null, model }],
      });
    const size = { width: 56, height: 28 };
    expect(at(56, 28, size)).toEqual([]);
    expect(at(56.5, 28, size)).toEqual([['out-of-image', 'warning', 0]]);
    expect(at(5, -1, size)).toEqual([['out-of-image', 'warning', 0]]);
    expect(at(99, 99, null)).toEqual([]);
  });
});

describe('a line in a maze', () => {
  const maze = (to: readonly [number, number]) => ({
    ...traceOf([formatDrawingTurn('a', [line(1, 'a', [50, 50], to)]), answer]),
    images: [{ path: 'a.png', file: null, model: { width: 300, height: 300 } }],
  });
  it('has its ends within half a cell of the centre of a cell', () => {
    expect(found(maze([150, 50]), { grid: 3 })).toEqual([]);
    expect(found(maze([199, 50]), { grid: 3 })).toEqual([]);
    expect(found(maze([190, 90]), { grid: 3 })).toEqual([['off-centre', 'warning', 0]]);
    expect(found(maze([190, 90]))).toEqual([]);
  });

  it('is held against the grid that the source of the trace says, or the row that it was read from', () => {
    const from = (source: Trace['source']) => found({ ...maze([190, 90]), source }).length;
    expect(from({ gridSize: 3 })).toBe(1);
    expect(from({ gridSize: null, row: { grid_size: 3 } })).toBe(1);
    expect(from({ gridSize: '3', row: [] })).toBe(0);
    expect(found({ ...maze([190, 90]), source: { gridSize: 3 } }, { grid: 1 })).toEqual([]);
  });
});

describe('a label that is drawn again', () => {
  it('is a revision on the same input image, and tracking on another one', () => {
    const trace = traceOf(
      [
        formatDrawingTurn('a', [box(1, 'cup')]),
        formatDrawingTurn('b', [box(2, 'cup')]),
        formatDrawingTurn('c', [box(3, 'cup', 9), box(4, 'cup', 9)]),
        formatDrawingTurn('d', [line(1, 'cup', [1, 1], [2, 2])]),
        answer,
      ],
      2,
    );
    expect(found(trace)).toEqual([
      ['tracking', 'information', 1],
      ['revision', 'information', 2],
      ['revision', 'information', 2],
    ]);
  });

  it('is neither where nothing about it is new', () => {
    expect(
      found(traceOf([formatDrawingTurn('a', [box(1, 'a')]), formatDrawingTurn('b', [box(2, 'a')]), answer])),
    ).toEqual([]);
  });
});

it('a turn that breaks the format rule of upstream has a finding that says where', () => {
  const anyText = fc.oneof(anyTurnText, fc.string({ unit: 'binary', maxLength: 30 }));
  fc.assert(
    fc.property(anyText, (text) => {
      const { wellFormed, findings } = parseTurn(text);
      expect(wellFormed || findings.length > 0).toBe(true);
    }),
    { ...runs(1000), seed: 82 },
  );
});

it('whatever a trace says, the checks throw nothing and point into its texts', () => {
  const anyTrace = fc.oneof(
    smallTrace,
    fc.array(anyTurnText, { maxLength: 4 }).map((texts) => traceOf(texts)),
  );
  fc.assert(
    fc.property(anyTrace, fc.integer({ min: 0, max: 6 }), (trace, grid) => {
      for (const { turn, span } of checkTrace(trace, { grid, maxImages: 3 })) {
        const { length } = trace.turns[turn]?.text ?? '';
        if (span) expect(span.start >= 0 && span.start <= span.end && span.end <= length).toBe(true);
      }
    }),
    { ...runs(500), seed: 81 },
  );
});
