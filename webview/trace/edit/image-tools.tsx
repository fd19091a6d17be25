import { t } from '@vscode/l10n';
import { Menu, type MenuItem } from '../../shared/menu';
import { useHost } from '../host';
import type { TraceDocument } from '../model/trace-document';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { addInputs, moveInput, removeInput, replaceInput } from './image-edits';

/** What can be done with the input images of a trace that can be edited: the chosen one, and all of them. */
export function ImageTools({ document }: { readonly document: TraceDocument }) {
  const store = useStore();
  const editor = useEditor();
  const host = useHost();
  const editable = useSelect((state) => state.edits !== null);
  const number = useSelect(({ choice }) => choice.image);
  if (!editable) return null;
  const count = document.trace.images.length;
  const item = (label: string, onChoose: () => Promise<void>): MenuItem => ({
    label,
    onChoose: () => void onChoose(),
  });
  const own =
    number > count
      ? []
      : [
          item(t('Replace Image {0}…', number), () => replaceInput(store, editor, host, number)),
          ...(number > 1
            ? [item(t('Move Image {0} Up', number), () => moveInput(store, editor, number, number - 1))]
            : []),
          ...(number < count
            ? [item(t('Move Image {0} Down', number), () => moveInput(store, editor, number, number + 1))]
            : []),
          ...(count > 1
            ? [item(t('Remove Image {0}', number), () => removeInput(store, editor, number, false))]
            : []),
          ...(count > 1 && isDrawnOn(document, number)
            ? [
                item(t('Remove Image {0} and Its Shapes', number), () =>
                  removeInput(store, editor, number, true),
                ),
              ]
            : []),
        ];
  const items = [item(t('Add Images…'), () => addInputs(store, editor, host)), ...own];
  return <Menu label={t('More for Images')} icon="more" compact items={items} testId="image-menu" />;
}

/** Whether anything is drawn on an input image or on what came of it. */
const isDrawnOn = ({ turns, images }: TraceDocument, number: number): boolean =>
  turns.some(({ parsed }) => parsed.drawings.some(({ index }) => images[index - 1]?.root === number));
