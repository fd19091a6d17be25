import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceCascade } from '../../../../src/trace/edit/cascade';
import { applyChanges, type Change, invertChanges } from '../../../../src/trace/edit/change';
import {
  addImages,
  moveImage,
  removeImage,
  removeImageAndShapes,
  replaceImage,
} from '../../../../src/trace/edit/input-images';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { traceLineage } from '../../../../src/trace/lineage';
import type { Trace } from '../../../../src/trace/trace';
import { smallTrace } from './random-traces';
import { traceOf } from './traces';
import { runs } from './turn-texts';

const box = (index: number, label: string) => ({ index, bbox_2d: [1, 2, 30, 40], label }) as const;
const picture = (path: string) => ({ path, file: null, model: { width: 616, height: 448 } });

/** Of two inputs: 3 is a cup on 1, 4 a lamp on 2, 5 a plate on 3. */
const trace = traceOf(
  [
    formatDrawingTurn('Image 1 and image 2.', [box(1, 'cup'), box(2, 'lamp')]),
    formatDrawingTurn('b', [box(3, 'plate')]),
    formatAnswerTurn('c', 'x'),
  ],
  2,
);
const indices = ({ turns }: Trace) => turns.map(({ drawings }) => drawings.map(({ index }) => index));
const paths = ({ images }: Trace) => images.map(({ path }) => path);
const findings = ({ images, turns }: Trace) =>
  traceLineage(images.length, turns).findings.map(({ code, turn }) => `${turn} ${code}`);
const edited = (changes: readonly Change[], before = trace) => applyChanges(before, changes);

describe('input images', () => {
  it('that are added come last; what is drawn stays where it is', () => {
    const added = edited(addImages(trace, [picture('new.png')]));
    expect(paths(added)).toEqual(['images/0.png', 'images/1.png', 'new.png']);
    expect(indices(added)).toEqual([[1, 2], [4], []]);
    expect(findings(added)).toEqual([]);
  });

  it('change places with what is drawn on them, and words that number them are marked', () => {
    const changes = moveImage(trace, 1, 2);
    expect(paths(edited(changes))).toEqual(['images/1.png', 'images/0.png']);
    // The cup is still the first that is drawn, and its image the first one.
    expect(indices(edited(changes))).toEqual([[2, 1], [3], []]);
    const { images, marks } = traceCascade(trace, changes);
    expect(images.every(({ changed }) => !changed)).toBe(true);
    expect(marks.map(({ code, fix }) => [code, fix?.to])).toEqual([
      ['old-image', 'Image 2'],
      ['old-image', 'image 1'],
    ]);
  });

  it('that are replaced keep what is drawn on them, and all of it is marked', () => {
    const changes = replaceImage(trace, 1, picture('other.png'));
    expect(indices(edited(changes))).toEqual(indices(trace));
    expect(traceCascade(trace, changes).marks.map(({ code, message }) => [code, message])).toEqual([
      ['drawn-on-changed', '"cup" is drawn on image 1, which has changed.'],
      ['drawn-on-changed', '"plate" is drawn on image 3, which has changed.'],
    ]);
  });

  it('that are replaced are not looked for among others that are the same picture', () => {
    const [first] = trace.images;
    if (!first) throw new Error('There is an image.');
    const twice = addImages(trace, [first]);
    const then = [...twice, ...replaceImage(edited(twice), 1, picture('other.png'))];
    expect(traceCascade(trace, then).marks.map(({ code }) => code)).toEqual([
      'drawn-on-changed',
      'drawn-on-changed',
    ]);
  });

  it('that are removed and come back are the same', () => {
    const gone = removeImage(trace, 1);
    const back = [...gone, ...invertChanges(gone)];
    expect(traceCascade(trace, back).images.every(({ number, was }) => number === was)).toBe(true);
  });

  it('are one or several by the kind of the trace', () => {
    const single = { ...traceOf(['x']), kind: 'single' as const };
    const two = applyChanges(single, addImages(single, [picture('new.png')]));
    expect(two.kind).toBe('multi-view');
    expect(applyChanges(two, removeImage(two, 1)).kind).toBe('single');
    const video = { ...two, kind: 'video' as const };
    expect(applyChanges(video, addImages(video, [picture('third.png')])).kind).toBe('video');
  });
});

describe('an input image that is removed', () => {
  it('leaves what is drawn on it without an image, which is an error and never another image', () => {
    const changes = removeImage(trace, 1);
    // 1 would mean the other input; image 3 is none now, and stays so.
    expect(indices(edited(changes))).toEqual([[0, 1], [3], []]);
    expect(findings(edited(changes))).toEqual(['0 index-below-one', '1 no-such-image']);
    expect(traceCascade(trace, changes).marks.map(({ message }) => message)).toContain(
      '"cup" was drawn on image 1, which is not there any more.',
    );
    expect(indices(edited(removeImage(trace, 2)))).toEqual([[1, 2], [3], []]);
    expect(findings(edited(removeImage(trace, 2)))).toEqual(['0 no-such-image', '1 no-such-image']);
  });

  it('may take along all that is drawn on it and on what came of it', () => {
    const changes = removeImageAndShapes(trace, 1);
    expect(paths(edited(changes))).toEqual(['images/1.png']);
    expect(edited(changes).turns.map(({ drawings }) => drawings)).toEqual([[box(1, 'lamp')], [], []]);
    expect(findings(edited(changes))).toEqual([]);
    expect(indices(edited(removeImageAndShapes(trace, 2)))).toEqual([[1], [2], []]);
  });

  it('is not the last one', () => {
    expect(() => removeImage(traceOf(['x']), 1)).toThrow('at least one image');
    expect(() => removeImage(trace, 3)).toThrow('There is no input image 3.');
  });
});

it('whatever is done to the images is undone exactly, and no drawing comes to lie on an image that it was not on', () => {
  const steps = fc.array(fc.record({ what: fc.nat(4), at: fc.nat(9), to: fc.nat(9) }), { maxLength: 3 });
  fc.assert(
    fc.property(smallTrace, steps, (before, all) => {
      let now = before;
      for (const { what, at, to } of all) {
        const count = now.images.length;
        const [number, place] = [1 + (at % count), 1 + (to % count)];
        const changes = [
          () => addImages(now, [picture(`new-${at}-${to}.png`)]),
          () => replaceImage(now, number, picture(`other-${at}-${to}.png`)),
          () => moveImage(now, number, place),
          () => (count > 1 ? removeImage(now, number) : []),
          () => (count > 1 ? removeImageAndShapes(now, number) : []),
        ][what]?.();
        if (!changes) throw new Error('There is a step.');
        const next = applyChanges(now, changes);
        expect(applyChanges(next, invertChanges(changes))).toEqual(now);
        const roots = rootsOf(now);
        if (what === 2) expect(rootsOf(next)).toEqual(roots);
        if (what === 3) {
          const kept = rootsOf(next);
          for (const [i, root] of roots.entries()) expect([null, root]).toContain(kept[i]);
        }
        now = next;
      }
    }),
    { ...runs(300), seed: 81 },
  );
});

/** Of every drawing the path of the input below it; null where it names no image. */
function rootsOf({ images, turns }: Trace): (string | null)[] {
  const lineage = traceLineage(images.length, turns.slice(0, -1)).images;
  return turns.flatMap(({ drawings }, turn) =>
    drawings.map(({ index }) => {
      const image = lineage[index - 1];
      return image && (image.turn ?? -1) < turn ? (images[image.root - 1]?.path ?? null) : null;
    }),
  );
}
