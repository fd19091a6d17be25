import { t } from '@vscode/l10n';
import {
  addImages,
  moveImage,
  removeImage,
  removeImageAndShapes,
  replaceImage,
} from '../../../src/trace/edit/input-images';
import type { InputImage } from '../../../src/trace/trace';
import type { Store } from '../../shared/store';
import { ask } from '../ask';
import type { Host } from '../host';
import type { Action } from '../model/actions';
import { formatCount } from '../model/numbers';
import type { AppState } from '../model/state';
import type { Editor } from './editor';

type TraceStore = Store<AppState, Action>;

/** Asks for pictures and puts them after the other input images; then the first of them is chosen. */
export async function addInputs(store: TraceStore, editor: Editor, host: Host): Promise<void> {
  const chosen = await choose(store, host, true);
  if (chosen.length === 0) return;
  const label = chosen.length === 1 ? t('Add Image') : t('Add {0} Images', formatCount(chosen.length));
  const place = (store.state.document?.trace.images.length ?? 0) + 1;
  const done = await editor.edit(label, (trace) => addImages(trace, chosen), { numbered: true });
  if (done) store.dispatch({ type: 'choose-image', image: place });
}

/** Asks for a picture and puts it in the place of an input image. */
export async function replaceInput(
  store: TraceStore,
  editor: Editor,
  host: Host,
  number: number,
): Promise<void> {
  const [image] = await choose(store, host, false);
  if (image === undefined) return;
  await editor.edit(t('Replace Image {0}', number), (trace) => replaceImage(trace, number, image), {
    numbered: true,
  });
}

/** Gives an input image another number, by which it is chosen then. */
export async function moveInput(store: TraceStore, editor: Editor, from: number, to: number): Promise<void> {
  const label = to < from ? t('Move Image {0} Up', from) : t('Move Image {0} Down', from);
  const done = await editor.edit(label, (trace) => moveImage(trace, from, to), { numbered: true });
  if (done) store.dispatch({ type: 'choose-image', image: to });
}

/** Takes an input image away, with what is drawn on it or without. */
export async function removeInput(
  store: TraceStore,
  editor: Editor,
  number: number,
  withShapes: boolean,
): Promise<void> {
  const label = withShapes ? t('Remove Image {0} and Its Shapes', number) : t('Remove Image {0}', number);
  const remove = withShapes ? removeImageAndShapes : removeImage;
  const done = await editor.edit(label, (trace) => remove(trace, number), { numbered: true });
  const count = store.state.document?.trace.images.length ?? 1;
  if (done) store.dispatch({ type: 'choose-image', image: Math.min(number, count) });
}

/** The pictures that the user chooses for the trace that is shown; none where another one is shown by then. */
async function choose(store: TraceStore, host: Host, several: boolean): Promise<readonly InputImage[]> {
  const key = store.state.document?.key;
  let chosen: readonly InputImage[] = [];
  await ask(store, {
    doing: t('Choosing images…'),
    call: () => host.chooseImages(several),
    done: (images) => {
      chosen = images ?? [];
      return null;
    },
  });
  return store.state.document?.key === key ? chosen : [];
}
