import { t } from '@vscode/l10n';
import { type Drawing, isLine } from '../../../src/trace/drawing';
import { formatCoordinates } from './numbers';

/** What a drawing is called: `box “door”`. */
export const drawingName = (drawing: Drawing): string =>
  isLine(drawing) ? t('line “{0}”', drawing.label) : t('box “{0}”', drawing.label);

/** A drawing in words: `box “door”, [1, 2, 30, 40] on image 1`. */
export const describeDrawing = (drawing: Drawing): string =>
  t('{0}, {1} on image {2}', drawingName(drawing), bracketed(formatCoordinates(drawing)), drawing.index);

export const bracketed = (numbers: string): string => `[${numbers}]`;
