import { join } from 'node:path';
import type { Drawing } from '../../../src/trace/drawing';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import type { Shown } from './fake-host';
import { ROOT } from './root';

const SAMPLES = join(ROOT, 'media/samples');

/** The bundled samples, by the path that the traces below have. */
export const PICTURES = { 'maze.png': join(SAMPLES, 'maze.png'), 'scene.png': join(SAMPLES, 'scene.png') };

type Trace = NonNullable<Shown['trace']>;

export interface TraceOptions extends Partial<Omit<Trace, 'turns'>> {
  readonly turns: readonly string[];
}

/** A trace of these texts. */
export function traceOf({ turns, ...rest }: TraceOptions): Trace {
  return {
    format: 'vilasr.trace/1',
    id: 'a-trace',
    question: 'Where does the way end?',
    options: [],
    type: 'multiple-choice',
    gold: null,
    kind: 'single',
    images: [{ path: 'maze.png', file: { width: 112, height: 112 }, model: { width: 112, height: 112 } }],
    turns: turns.map((text) => ({ text, finish: 'stop' as const, tokens: 34, seconds: 0.4 })),
    finish: 'stop',
    error: null,
    run: null,
    source: null,
    ...rest,
  };
}

export function shown(trace: Trace, more: Partial<Shown> = {}): Shown {
  const nothing = { edits: null, verdict: null, partVerdicts: [], speaking: null, correct: null, run: null };
  return { trace, key: trace.id, revision: 0, findings: [], ...nothing, ...more };
}

/** A trace that can be edited and judged, as it is in its file. */
export function editable(trace: Trace, more: Partial<Shown> = {}): Shown {
  const verdict = { verdict: 'pending' as const, editedSince: false, said: null, others: [] };
  return shown(trace, { edits: { edited: false, marks: [] }, verdict, ...more });
}

const line = (index: number, from: [number, number], to: [number, number], label: string): Drawing => ({
  index,
  start_point_2d: from,
  end_point_2d: to,
  label,
});

const box = (index: number, corners: [number, number, number, number], label: string): Drawing => ({
  index,
  bbox_2d: corners,
  label,
});

/** A maze walked in three steps, and the right answer. */
export const MAZE = traceOf({
  id: 'maze',
  question: 'Where does the way end that goes right, up and up from the green point?',
  options: ['A. top left', 'B. top right', 'C. bottom left', 'D. bottom right'],
  gold: 'B',
  run: {
    model: 'bundled',
    hash: null,
    provider: 'cpu',
    weights: 'fp32',
    profile: 'default',
    limits: { maxTurns: 20, maxImages: 45, maxTokens: 2048, minPixels: 3136, maxPixels: 38416 },
    sampling: { temperature: 0.7, topP: 1, seed: 7 },
    drawing: true,
    startedAt: '2026-01-02T03:04:05Z',
    seconds: 1.6,
  },
  turns: [
    formatDrawingTurn('At (70, 98). Step 1: right.', [line(1, [70, 98], [98, 98], 'step 1')]),
    formatDrawingTurn('After step 1 I am at (98, 98). Step 2: up.', [line(2, [98, 98], [98, 70], 'step 2')]),
    formatDrawingTurn('Step 3: up, as step 2 was.', [line(3, [98, 70], [98, 42], 'step 3')]),
    formatAnswerTurn('The way ends at B.', 'B'),
  ],
});

/** A scene with a correction (so a ghost), a box out of the image, one that is not painted, and text that is off. */
export const SCENE = traceOf({
  id: 'scene',
  question: 'Is the green triangle above or below the blue square?',
  options: ['A. above', 'B. below'],
  gold: 'A',
  images: [{ path: 'scene.png', file: { width: 280, height: 280 }, model: { width: 140, height: 140 } }],
  turns: [
    formatDrawingTurn('I look for the green triangle and the blue square.', [
      box(1, [31, 59, 53, 81], 'green triangle'),
      box(1, [80, 20, 110, 50], 'blue square'),
    ]),
    '<think> The green triangle is off: I draw it again. And the rim. </think> Action: Object Mapper\n```json\n[{"index": 2, "bbox_2d": [20, 90, 60, 125], "label": "green triangle"}, {"index": 2, "bbox_2d": [100, 100, 190, 170], "label": "rim"}, {"index": 2, "bbox_2d": [1, 2, 3], "label": "short"}, {"index": 1, "label": "nothing"}]\n```',
    'Well. <think> The green triangle is below. </think> Action: Answer\n<answer> B </answer>',
  ],
});

/** A video of `frames` frames with `shapes` boxes drawn on some of them, in one turn each. */
export function video(frames: number, drawnOn: number, shapes: number): Trace {
  const image = { path: 'scene.png', file: { width: 280, height: 280 }, model: { width: 140, height: 140 } };
  const turns = Array.from({ length: drawnOn }, (_, turn) => {
    const boxes = Array.from({ length: shapes }, (_, i): Drawing => {
      const [x, y] = [(i * 37 + turn * 11) % 120, (i * 53) % 120];
      return box(1 + ((turn * 3) % frames), [x, y, x + 8 + (i % 12), y + 8 + (i % 7)], `thing ${i + 1}`);
    });
    const [first, ...rest] = boxes;
    if (!first) throw new Error('A turn draws something.');
    return formatDrawingTurn(`I look at frame ${1 + ((turn * 3) % frames)}, at thing 1 and thing 2.`, [
      first,
      ...rest,
    ]);
  });
  return traceOf({
    id: `video-${frames}-${drawnOn}-${shapes}`,
    kind: 'video',
    question: 'How many things pass by?',
    type: 'numerical',
    images: Array.from({ length: frames }, () => image),
    turns: [...turns, formatAnswerTurn('I counted them.', '3')],
  });
}
