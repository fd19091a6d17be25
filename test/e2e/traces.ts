import { withDerived } from '../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { TRACE_FORMAT, type Trace } from '../../src/trace/trace';

/** A trace of these texts about `path`, which nothing ran. */
export function traceOf(
  id: string,
  path: string,
  texts: readonly string[],
  more: Partial<Trace> = {},
): Trace {
  return withDerived({
    format: TRACE_FORMAT,
    id,
    question: `What is on ${path}?`,
    options: [],
    type: 'free-form',
    gold: null,
    kind: 'single',
    images: [{ path, file: { width: 140, height: 140 }, model: { width: 140, height: 140 } }],
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
    finish: 'stop',
    error: null,
    run: null,
    source: null,
    ...more,
  });
}

/** Looks at a scene in two drawing turns, the second of which corrects the first. */
export function sceneTrace(id: string, path = 'scene.png'): Trace {
  const box = (index: number, corners: readonly [number, number, number, number], label: string) =>
    ({ index, bbox_2d: corners, label }) as const;
  return traceOf(id, path, [
    formatDrawingTurn('I mark the green triangle.', [box(1, [50, 80, 90, 116], 'green triangle')]),
    formatDrawingTurn('That is too large: I mark it again.', [box(2, [59, 87, 81, 109], 'green triangle')]),
    formatAnswerTurn('It is a green triangle.', 'a green triangle'),
  ]);
}
