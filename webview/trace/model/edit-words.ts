import { t } from '@vscode/l10n';
import { type Drawing, isLine } from '../../../src/trace/drawing';
import type { ViewMark } from '../../../src/view/trace-view';
import { countShapes } from './counts';
import type { Part } from './handles';
import { formatCoordinates, formatCount } from './numbers';

/** What an edit of a shape is called where it is taken back. */
export function moveLabel(drawings: readonly Drawing[], part: Part | null): string {
  const [first] = drawings;
  if (first === undefined || drawings.length > 1) return t('Move {0} Shapes', formatCount(drawings.length));
  if (isLine(first)) return part === null ? t('Move Line') : t('Move End of Line');
  return part === null ? t('Move Box') : t('Resize Box');
}

/** Where so many shapes are now, by the first of them. */
export const describeMoved = (count: number, first: Drawing): string =>
  count === 1
    ? formatCoordinates(first)
    : t('{0}, the first at {1}', countShapes(count), formatCoordinates(first));

export const addLabel = (drawing: Drawing): string => (isLine(drawing) ? t('New Line') : t('New Box'));

export function removeLabel(drawings: readonly Drawing[]): string {
  const [first] = drawings;
  if (first === undefined || drawings.length > 1) return t('Delete {0} Shapes', formatCount(drawings.length));
  return isLine(first) ? t('Delete Line') : t('Delete Box');
}

export const cutLabel = (count: number): string =>
  count === 1 ? t('Cut Shape') : t('Cut {0} Shapes', formatCount(count));

export const pasteLabel = (count: number): string =>
  count === 1 ? t('Paste Shape') : t('Paste {0} Shapes', formatCount(count));

/** What mending marks is called where it is taken back. */
export function fixLabel(marks: readonly Pick<ViewMark, 'code'>[]): string {
  const [first] = marks;
  if (first === undefined || marks.length > 1) return t('Fix {0} Places', formatCount(marks.length));
  switch (first.code) {
    case 'old-numbers':
      return t('Fix Numbers');
    case 'names-changed':
      return t('Fix Name');
    case 'drawn-on-changed':
      return t('Change Shape Along');
    default:
      return t('Fix Image Number');
  }
}

/** A part of a shape in words, as a screen reader says it; null is the whole shape. */
export function partName(part: Part | null): string {
  switch (part) {
    case null:
      return t('whole shape');
    case 'w':
      return t('left edge');
    case 'n':
      return t('top edge');
    case 'e':
      return t('right edge');
    case 's':
      return t('bottom edge');
    case 'nw':
      return t('top left corner');
    case 'ne':
      return t('top right corner');
    case 'se':
      return t('bottom right corner');
    case 'sw':
      return t('bottom left corner');
    case 'start':
      return t('start of the line');
    case 'end':
      return t('end of the line');
  }
}
