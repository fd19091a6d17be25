import { basename } from 'node:path';
import type { ResizeLimits } from '../../image/pixel-service';
import { traceLineage } from '../../trace/lineage';
import type { Trace } from '../../trace/trace';
import type { SourceState } from './source';
import type { Subject } from './trace-images';

/** What the processors of the architecture take, and the loop's own limit. */
const USUAL: ResizeLimits = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 448 * 28 * 28 };

/** How the pictures of a trace are resized where it does not say their sizes: as its run did, else as is usual. */
export function limitsOf({ run }: Trace, usual = USUAL.maxPixels): ResizeLimits {
  const { factor } = USUAL;
  if (run !== null) return { factor, minPixels: run.limits.minPixels, maxPixels: run.limits.maxPixels };
  const maxPixels = Math.max(usual, factor ** 2);
  return { factor, minPixels: Math.min(USUAL.minPixels, maxPixels), maxPixels };
}

/** The images of a trace that is over: its last turn draws nothing. */
export function endedLineage({ images, turns, run }: Trace): Subject['lineage'] {
  return traceLineage(images.length, turns.slice(0, -1), run?.limits.maxImages).images;
}

/** The images of a trace that goes on: its last turn draws too, since the model is about to be shown what it drew. */
export function goingLineage({ images, turns, run }: Trace): Subject['lineage'] {
  return traceLineage(images.length, turns, run?.limits.maxImages).images;
}

/** A trace for the view, which derives from the texts what it needs: sent along, it would only be sent twice. */
export function toView(trace: Trace): NonNullable<SourceState['shown']['trace']> {
  const { answer: _, turns, ...rest } = trace;
  return {
    ...rest,
    turns: turns.map(({ text, finish, tokens, seconds }) => ({ text, finish, tokens, seconds })),
  };
}

/** The name of a trace: that of its first picture, and how many there are besides. */
export function titleOf({ images }: Trace): string {
  const name = basename(images[0]?.path ?? '');
  return images.length > 1 ? `${name} + ${images.length - 1}` : name;
}
