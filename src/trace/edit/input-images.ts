import type { InputImage, Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { removeDrawings } from './drawing-changes';
import { EditRefused } from './edit-refused';
import { setField } from './field-changes';
import { imagesOf } from './image-pairs';
import { renumber, renumberInputs } from './renumber';

/** An input image as it will be, and the number that it had; null if it is new. */
interface Placed {
  readonly image: InputImage;
  readonly was: number | null;
}

/** Puts images after the others. All drawings stay on the images that they are on, whose numbers they follow. */
export function addImages(trace: Trace, images: readonly InputImage[]): Change[] {
  return withInputs(trace, [...inputsOf(trace), ...images.map((image) => ({ image, was: null }))]);
}

/** Puts another image in the place of image `number` (from 1): what was drawn on that one is drawn on this one. */
export function replaceImage(trace: Trace, number: number, image: InputImage): Change[] {
  requireImage(trace, number);
  return withInputs(trace, inputsOf(trace).with(number - 1, { image, was: number }));
}

/** Gives image `from` the number `to`. Drawings stay on the images that they are on. */
export function moveImage(trace: Trace, from: number, to: number): Change[] {
  const inputs = inputsOf(trace);
  const moved = inputs[from - 1];
  requireImage(trace, to);
  if (moved === undefined) throw noImage(from);
  return withInputs(trace, inputs.toSpliced(from - 1, 1).toSpliced(to - 1, 0, moved));
}

/** Takes image `number` away. What is drawn on it names no image then: see `renumberInputs`. */
export function removeImage(trace: Trace, number: number): Change[] {
  requireImage(trace, number);
  if (trace.images.length === 1) throw new EditRefused('A trace has at least one image; replace it instead.');
  return withInputs(trace, inputsOf(trace).toSpliced(number - 1, 1));
}

/** Takes image `number` away, and all that is drawn on it and on what came of it. */
export function removeImageAndShapes(trace: Trace, number: number): Change[] {
  requireImage(trace, number);
  const images = imagesOf(trace);
  const removed = trace.turns.flatMap(({ drawings }, turn) => {
    const isOn = (index: number) => {
      const image = images[index - 1];
      return image?.root === number && (image.turn ?? -1) < turn;
    };
    return removeDrawings(
      trace,
      turn,
      drawings.flatMap(({ index }, place) => (isOn(index) ? [place] : [])),
    );
  });
  const first = [...removed, ...renumber(trace, removed)];
  return [...first, ...removeImage(applyChanges(trace, first), number)];
}

const inputsOf = ({ images }: Trace): Placed[] => images.map((image, i) => ({ image, was: i + 1 }));

function withInputs(trace: Trace, inputs: readonly Placed[]): Change[] {
  const images = setField(
    trace,
    'images',
    inputs.map(({ image }) => image),
  );
  if (images.length === 0) return [];
  const changes = [...images, ...setField(trace, 'kind', kindOf(trace, inputs.length))];
  const numbers = inputs.map(({ was }) => was);
  return [...changes, ...renumberInputs(trace, changes, numbers)];
}

/** One image is a single one; that several are frames in time somebody would have to say. */
function kindOf({ kind }: Trace, count: number): Trace['kind'] {
  if (count === 1) return 'single';
  return kind === 'single' ? 'multi-view' : kind;
}

function requireImage({ images }: Trace, number: number): void {
  if (images[number - 1] === undefined) throw noImage(number);
}

const noImage = (number: number): EditRefused => new EditRefused(`There is no input image ${number}.`);
