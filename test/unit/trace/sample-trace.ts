import { withDerived } from '../../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { TRACE_FORMAT, type Trace } from '../../../src/trace/trace';

const spoken = (text: string) => ({ text, finish: 'stop', tokens: 40, seconds: 1.5 }) as const;

/** A trace with a drawing turn, a correction and an answer. */
export const sampleTrace: Trace = withDerived({
  format: TRACE_FORMAT,
  id: 'maze-7',
  question: 'Where does the path end?',
  options: ['A. here', 'B. there'],
  type: 'multiple-choice',
  gold: 'B',
  kind: 'single',
  images: [
    {
      path: 'images/maze-7.png',
      file: { width: 640, height: 480 },
      model: { width: 616, height: 448 },
      sha256: '0'.repeat(64),
    },
  ],
  turns: [
    spoken(formatDrawingTurn('I mark the start.', [{ index: 1, bbox_2d: [1, 2, 30, 40], label: 'start' }])),
    spoken(
      formatDrawingTurn('Too small.', [
        { index: 2, bbox_2d: [1, 2, 50, 60], label: 'start' },
        { index: 1, start_point_2d: [5, 5], end_point_2d: [90, 5], label: 'right' },
      ]),
    ),
    spoken(formatAnswerTurn('It ends at B.', 'B')),
  ],
  finish: 'stop',
  error: null,
  run: {
    model: 'tiny',
    hash: 'f'.repeat(64),
    provider: 'cpu',
    weights: 'fp32',
    profile: 'a'.repeat(64),
    limits: { maxTurns: 10, maxImages: 45, maxTokens: 512, minPixels: 3136, maxPixels: 200704 },
    sampling: { temperature: 0, topP: 1, seed: 1 },
    drawing: true,
    startedAt: '2026-11-22T06:00:00.000Z',
    seconds: 4.5,
  },
  source: { kind: 'maze', seed: 7 },
});
