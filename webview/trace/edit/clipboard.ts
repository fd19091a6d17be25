import { t } from '@vscode/l10n';
import type { Drawing } from '../../../src/trace/drawing';
import { addDrawings, copyDrawings } from '../../../src/trace/edit/drawing-changes';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { countShapes } from '../model/counts';
import { cutLabel, pasteLabel } from '../model/edit-words';
import { type NewPlace, newPlace } from '../model/new-shape';
import { turnOfHeld } from '../model/selection';
import { heldDrawings } from '../model/shape-changes';
import { asCopies, drawnBy, readShapes, writeShapes } from '../model/shape-text';
import type { AppState } from '../model/state';
import { drawingOf, type TraceDocument } from '../model/trace-document';
import { partsOf, type ShapeId, shapeId } from '../model/turn-view';
import type { Copied, Editor } from './editor';
import { removeHeld } from './shape-edits';

type TraceStore = Store<AppState, Action>;

/** The held shapes as text for the clipboard; null where none is held. */
export function copyHeld({ state, dispatch }: TraceStore, editor: Editor): string | null {
  const shapes = heldDrawings(state);
  if (state.document === null || shapes.size === 0) return null;
  const text = writeShapes([...shapes.values()]);
  editor.copied = { text, key: state.document.key, shapes };
  dispatch({ type: 'say', text: t('{0} copied.', countShapes(shapes.size)) });
  return text;
}

/** Takes the held shapes, which were copied, out of their turn. */
export function cutHeld(store: TraceStore, editor: Editor): Promise<boolean> {
  return removeHeld(store, editor, cutLabel(store.state.held.length));
}

/**
 * Adds the shapes of a text from the clipboard to the chosen turn, on its image and where they were, and holds them. What
 * cannot be pasted is said, and why.
 */
export async function pasteShapes(store: TraceStore, editor: Editor, text: string): Promise<void> {
  const { state, dispatch } = store;
  const { document } = state;
  const place = newPlace(state);
  const refuse = (why: string) => dispatch({ type: 'notice', notice: { kind: 'error', text: why } });
  if (document === null || place === null) return;
  const turn = place.turn === null ? undefined : document.turns[place.turn];
  if (state.edits === null) return refuse(t('This trace cannot be edited.'));
  if (!turn) return refuse(t('There is no turn to paste shapes into. Insert one first.'));
  const { action, answer, drawings: there } = turn.parsed;
  if (action === 'Answer' || answer !== null) {
    return refuse(t('Turn {0} answers, and so draws nothing. Choose another turn.', turn.number + 1));
  }
  const found = readShapes(text);
  if (found.length === 0) return refuse(t('There are no shapes on the clipboard.'));
  const fitting = found.filter((drawing) => drawnBy(action, drawing));
  const left = found.length - fitting.length;
  const why = whyLeft(left, turn.number, action === 'Path Tracer');
  if (fitting.length === 0) return refuse(why);
  const labels = there.map(({ label }) => label);
  const copies = asCopies(fitting, place.index, labels, (label, number) =>
    number === 1 ? t('{0} copy', label) : t('{0} copy {1}', label, number),
  );
  const original = left === 0 ? asWritten(document, editor.copied, text, copies) : null;
  const pasted = await editor.edit(pasteLabel(copies.length), (trace) =>
    original === null
      ? addDrawings(trace, turn.number, copies)
      : copyDrawings(trace, original.turn, original.places, turn.number, place.index),
  );
  if (!pasted) return;
  dispatch({ type: 'hold-all', shapes: newIds(place, turn.number, copies.length) });
  const done = t('{0} pasted into turn {1}.', countShapes(copies.length), turn.number + 1);
  if (left === 0) dispatch({ type: 'say', text: done });
  else dispatch({ type: 'notice', notice: { kind: 'done', text: `${done} ${why}` } });
}

/** Where the shapes stand that were copied here, if they still do, and are pasted under their own labels. */
function asWritten(
  document: TraceDocument,
  copied: Copied | null,
  text: string,
  copies: readonly Drawing[],
): { readonly turn: number; readonly places: readonly number[] } | null {
  if (copied === null || copied.text !== text || copied.key !== document.key) return null;
  const shapes = [...copied.shapes];
  const stand = shapes.every(([shape, drawing], i) => {
    const now = JSON.stringify(drawingOf(document, shape)) === JSON.stringify(drawing);
    return now && copies[i]?.label === drawing.label;
  });
  const turn = turnOfHeld([...copied.shapes.keys()]);
  if (!stand || turn === null) return null;
  return { turn, places: shapes.map(([shape]) => partsOf(shape).drawing) };
}

function newIds({ id }: NewPlace, turn: number, count: number): ShapeId[] {
  const { drawing: first } = partsOf(id);
  return Array.from({ length: count }, (_, i) => shapeId(turn, first + i));
}

function whyLeft(left: number, turn: number, lines: boolean): string {
  return lines
    ? t('{0} not: turn {1} draws lines by its action, not boxes.', countShapes(left), turn + 1)
    : t('{0} not: turn {1} draws boxes by its action, not lines.', countShapes(left), turn + 1);
}
