import { t } from '@vscode/l10n';
import type { Drawing } from '../../../src/trace/drawing';
import { traceCascade } from '../../../src/trace/edit/cascade';
import type { Change } from '../../../src/trace/edit/change';
import { imagesOf } from '../../../src/trace/edit/image-pairs';
import { pairShapes } from '../../../src/trace/edit/shape-pairs';
import { turnOrigins } from '../../../src/trace/edit/turn-origins';
import type { LineageImage } from '../../../src/trace/lineage';
import type { Trace } from '../../../src/trace/trace';
import { bracketed, describeDrawing, drawingName } from '../model/drawing-words';
import { formatCoordinates } from '../model/numbers';

/** What happened to a drawing. */
export interface DrawingChange {
  readonly kind: 'removed' | 'added' | 'changed';
  /** The turn that has it, from 0: before the changes where it is gone. */
  readonly turn: number;
  readonly text: string;
  /** What stands out on images before the changes and after them. */
  readonly drawings: Readonly<Record<'before' | 'after', Drawing | null>>;
}

/** An image whose pixels are others now, before and after; null where there is none. */
export interface PictureChange {
  readonly before: LineageImage | null;
  readonly after: LineageImage | null;
}

/** What the changes did to what is drawn, and to the images. */
export interface PictureChanges {
  readonly drawings: readonly DrawingChange[];
  readonly pictures: readonly PictureChange[];
}

/** Of two traces with their derived fields. */
export function pictureChanges(before: Trace, after: Trace, changes: readonly Change[]): PictureChanges {
  const { images, gone } = traceCascade(before, changes, after);
  const [olds, news] = [imagesOf(before), imagesOf(after)];
  const at = (images: readonly LineageImage[], number: number | null) =>
    number === null ? null : (images[number - 1] ?? null);
  const pictures = [
    ...gone.map((number) => ({ before: at(olds, number), after: null })),
    ...images
      .filter(({ changed }) => changed)
      .map(({ number, was }) => ({ before: at(olds, was), after: at(news, number) })),
  ];
  const place = ({ before, after }: PictureChange) => (after ?? before)?.number ?? 0;
  return {
    drawings: drawingChanges(before, after, changes),
    pictures: pictures.sort((a, b) => place(a) - place(b)),
  };
}

function drawingChanges(before: Trace, after: Trace, changes: readonly Change[]): DrawingChange[] {
  const pairs = pairShapes(before, after, turnOrigins(before.turns.length, changes));
  const known = new Set(
    pairs.flatMap(({ after }) => (after === null ? [] : [`${after.turn} ${after.place}`])),
  );
  const added = after.turns.flatMap(({ drawings }, turn) =>
    drawings.flatMap((drawing, place): DrawingChange[] => {
      if (known.has(`${turn} ${place}`)) return [];
      const drawings = { before: null, after: drawing };
      return [{ kind: 'added', turn, text: describeDrawing(drawing), drawings }];
    }),
  );
  const others = pairs.flatMap(({ turn, before, after }): DrawingChange[] => {
    const drawings = { before, after: after?.drawing ?? null };
    if (after === null) return [{ kind: 'removed', turn, text: describeDrawing(before), drawings }];
    const text = differences(before, after.drawing);
    return text === null ? [] : [{ kind: 'changed', turn: after.turn, text, drawings }];
  });
  return [...others, ...added].sort((a, b) => a.turn - b.turn);
}

/** What differs between a drawing before and after, in words; null if nothing does. */
function differences(before: Drawing, after: Drawing): string | null {
  const [from, to] = [formatCoordinates(before), formatCoordinates(after)];
  const all = [
    before.label === after.label ? '' : t('now called “{0}”', after.label),
    from === to ? '' : t('{0} became {1}', bracketed(from), bracketed(to)),
    before.index === after.index ? '' : t('from image {0} to image {1}', before.index, after.index),
  ].filter((one) => one !== '');
  return all.length === 0 ? null : `${drawingName(before)}: ${all.join(', ')}`;
}
