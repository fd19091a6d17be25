import { withDerived } from '../../../../src/trace/derive';
import { applyChanges, type Change } from '../../../../src/trace/edit/change';
import type { Trace } from '../../../../src/trace/trace';
import { sampleTrace } from '../sample-trace';

/** A trace with turns of these texts, on the one image of the sample unless another count is given. */
export function traceOf(texts: readonly string[], inputs = 1): Trace {
  const images = Array.from({ length: inputs }, (_, i) => ({
    path: `images/${i}.png`,
    file: null,
    model: { width: 616, height: 448 },
  }));
  return withDerived({
    ...sampleTrace,
    run: null,
    images,
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
  });
}

/** The texts of the turns after changes. */
export const textsAfter = (trace: Trace, changes: readonly Change[]): string[] =>
  applyChanges(trace, changes).turns.map(({ text }) => text);
