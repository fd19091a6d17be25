import { t } from '@vscode/l10n';
import type { Drawing } from '../../../src/trace/drawing';
import { addDrawings, copyDrawings, removeDrawings } from '../../../src/trace/edit/drawing-changes';
import { insertTurn } from '../../../src/trace/edit/turn-changes';
import { formatDrawingTurn } from '../../../src/trace/format-turn';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { addLabel, removeLabel } from '../model/edit-words';
import { newPlace } from '../model/new-shape';
import { turnOfHeld } from '../model/selection';
import { heldDrawings } from '../model/shape-changes';
import type { AppState } from '../model/state';
import { drawingOf } from '../model/trace-document';
import { partsOf } from '../model/turn-view';
import type { Copied, Editor } from './editor';

type TraceStore = Store<AppState, Action>;

/** Adds a shape to the chosen turn and holds it; with `naming`, its label is to be typed next. */
export async function addShape(
  { state, dispatch }: TraceStore,
  editor: Editor,
  drawing: Drawing,
  naming: boolean,
): Promise<void> {
  const place = newPlace(state);
  if (place === null) return;
  const preview = new Map([[place.id, drawing]]);
  dispatch({ type: 'preview', preview });
  const { turn } = place;
  const added = await editor.edit(addLabel(drawing), (trace) =>
    turn === null
      ? insertTurn(trace, 0, formatDrawingTurn('', [drawing]))
      : addDrawings(trace, turn, [drawing]),
  );
  dispatch({ type: 'preview', preview: null });
  if (!added) return;
  dispatch({ type: 'hold', shape: place.id });
  if (naming) dispatch({ type: 'naming', naming });
}

/** Takes the held shapes out of their turn. */
export async function removeHeld({ state }: TraceStore, editor: Editor): Promise<boolean> {
  const drawings = [...heldDrawings(state).values()];
  const turn = turnOfHeld(state.held);
  if (turn === null || drawings.length === 0) return false;
  const places = state.held.map((shape) => partsOf(shape).drawing);
  return editor.edit(removeLabel(drawings), (trace) => removeDrawings(trace, turn, places));
}

/** Adds a copy of a shape to the chosen turn, as its author wrote it where it still stands, and holds it. */
export async function pasteShape(
  { state, dispatch }: TraceStore,
  editor: Editor,
  { shape, drawing }: Copied,
): Promise<void> {
  const place = newPlace(state);
  const { document } = state;
  if (document === null || place === null || place.turn === null) return;
  const { turn: to, index, id } = place;
  const { turn: from, drawing: at } = partsOf(shape);
  const taken = document.turns[to]?.parsed.drawings.some(({ label }) => label === drawing.label) ?? false;
  const there = JSON.stringify(drawingOf(document, shape)) === JSON.stringify(drawing);
  const copy = { ...drawing, index, label: taken ? t('{0} copy', drawing.label) : drawing.label };
  const pasted = await editor.edit(t('Paste Shape'), (trace) =>
    there && !taken ? copyDrawings(trace, from, [at], to, index) : addDrawings(trace, to, [copy]),
  );
  if (pasted) dispatch({ type: 'hold', shape: id });
}
