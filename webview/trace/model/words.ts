import { t } from '@vscode/l10n';
import { isLine, isUnpainted } from '../../../src/trace/drawing';
import type { Point, Size } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';
import type { ViewFinding } from '../../../src/view/trace-view';
import { countDrawings, countShapes } from './counts';
import { outlineOf } from './geometry';
import { baseName, formatCount, formatNumbers } from './numbers';
import type { Shape } from './shapes';
import type { TraceDocument } from './trace-document';
import type { TurnView } from './turn-view';
import { toFileSpace } from './viewport';

/** A shape in words, as a screen reader says it, with what was found of it. */
export function describeShape(
  shape: Shape,
  findings: readonly Pick<ViewFinding, 'code' | 'message'>[] = [],
): string {
  const { drawing, number, colour, turn, ghost } = shape;
  const kind = isLine(drawing) ? t('line') : t('{0} box', colour.name);
  const where = isLine(drawing)
    ? t('from {0} to {1}', formatNumbers(drawing.start_point_2d), formatNumbers(drawing.end_point_2d))
    : formatNumbers(drawing.bbox_2d);
  const notes = [
    ghost ? t('ghost: only its pixels are left') : '',
    isUnpainted(drawing) ? t('not painted: a box has four numbers') : (whyNotPlaced(shape) ?? ''),
    t('drawn in turn {0}', turn + 1),
    // That a box is not painted is said already.
    ...findings.flatMap(({ code, message }) => (code === 'box-size' ? [] : [message])),
  ].filter((note) => note !== '');
  return [number, drawing.label, kind, where, ...notes].join(', ');
}

/** How many shapes are selected, in words. */
export function describeSelection(count: number): string {
  if (count === 0) return t('No shape is selected.');
  return count === 1 ? t('1 shape is selected.') : t('{0} shapes are selected.', formatCount(count));
}

/** Why a shape is not on the stage, in words; null if it is. */
export function whyNotPlaced({ drawing }: Shape): string | null {
  if (isUnpainted(drawing)) return t('not painted');
  return outlineOf(drawing) === null ? t('too far out') : null;
}

/** A point of model space, and the same on the image file if its size is known and another; whole pixels. */
export function describePosition(point: Point, model: Size, file: Size | null): string {
  const pixel = (at: Point) => at.map((value) => Math.floor(value)).join(', ');
  const onFile = file && (file.width !== model.width || file.height !== model.height);
  return onFile
    ? t('model {0} · file {1}', pixel(point), pixel(toFileSpace(point, model, file)))
    : t('model {0}', pixel(point));
}

/** An image in words: `Image 4: image 2 with 3 shapes, drawn in turn 2`. */
export function describeImage({ number, base, drawn, turn }: LineageImage): string {
  if (base === null || turn === null) return t('Image {0}: input', number);
  return t(
    'Image {0}: image {1} with {2}, drawn in turn {3}',
    number,
    base,
    countShapes(drawn.length),
    turn + 1,
  );
}

/** Where an image comes from, in short: the name of its file, or `2 + 3 shapes · turn 2`. */
export function originOf({ number, base, drawn, turn }: LineageImage, { trace }: TraceDocument): string {
  if (base === null || turn === null) return baseName(trace.images[number - 1]?.path ?? '');
  return t('{0} + {1} · turn {2}', base, countShapes(drawn.length), turn + 1);
}

/** What came of a turn that is over. */
export function describeTurn({ number, parsed, images }: TurnView): string {
  if (parsed.answer !== null) return t('Turn {0}: answer {1}', number + 1, parsed.answer);
  if (parsed.drawings.length === 0) return t('Turn {0}: no drawing and no answer', number + 1);
  const drawn = countDrawings(parsed.drawings.length);
  const made = images.map((image) => image.number).join(', ');
  return made === ''
    ? t('Turn {0}: {1}, no image', number + 1, drawn)
    : t('Turn {0}: {1}, image {2}', number + 1, drawn, made);
}

/** Why there is no trace to show, in short: its findings say more. */
export function whyNoTrace(findings: readonly Pick<ViewFinding, 'code'>[]): string {
  switch (findings[0]?.code) {
    case 'lost':
      return t('This run cannot be found.');
    case 'empty-file':
      return t('There is nothing here to show.');
    case 'unreadable':
      return t('The file cannot be read.');
    default:
      return t('This line of the file is no trace.');
  }
}
