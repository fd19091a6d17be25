import { deriveTurns } from '../../trace/derive';
import type { LineageImage } from '../../trace/lineage';
import type { InputImage, Trace } from '../../trace/trace';
import { conversationSource } from '../source/formats/conversation-source';

/** Whether a trace was read from a row of a training set, whose images are what a trainer is given. */
export const isTrainingRow = (trace: Trace): boolean => conversationSource(trace)?.format === 'sharegpt';

/**
 * The files that a row of a training set has of images that were drawn, by the number of the image in the edited trace: of
 * those alone in whose lineage everything is as it was drawn then. `lineage` is that of the edited trace.
 */
export function ownPictures(
  original: Trace,
  trace: Trace,
  lineage: readonly LineageImage[],
): ReadonlyMap<number, string> {
  const source = conversationSource(original);
  if (source === null) return new Map();
  const before = deriveTurns(original.images.length, original.turns).images;
  const inputs = original.images.length;
  // Of a row with more or fewer files nobody knows which is which.
  if (source.drawn.length !== before.length - inputs) return new Map();
  const files = new Map<string, string>();
  const originals = namesOf(original, before);
  originals.forEach((name, i) => {
    const file = source.drawn[i - inputs];
    if (file !== undefined && !files.has(name)) files.set(name, file);
  });
  return new Map(
    namesOf(trace, lineage).flatMap((name, i): [number, string][] => {
      // Of several that look the same, each keeps its own.
      const file = originals[i] === name ? source.drawn[i - inputs] : files.get(name);
      return file === undefined || i < trace.images.length ? [] : [[i + 1, file]];
    }),
  );
}

/** For each image all that its pixels come from: its input, and everything that was drawn on the way to it. */
function namesOf(trace: Trace, lineage: readonly LineageImage[]): string[] {
  const names: string[] = [];
  for (const { number, base, drawn } of lineage) {
    // The number of what is drawn on may be another after an edit, and be the same picture.
    const shapes = drawn.map(({ index: _, ...shape }) => shape);
    const from = base === null ? trace.images[number - 1] : names[base - 1];
    names.push(JSON.stringify(base === null ? ['input', from] : [from, shapes]));
  }
  return names;
}

/** Which inputs of a trace are ready to be trained on as they are: all that it had, but none that came by an edit. */
export const readyIf =
  (areReady: boolean, original: Trace) =>
  (input: InputImage): boolean =>
    areReady && original.images.some((one) => JSON.stringify(one) === JSON.stringify(input));
