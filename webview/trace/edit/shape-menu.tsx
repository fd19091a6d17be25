import { t } from '@vscode/l10n';
import { Menu, type MenuItem } from '../../shared/menu';
import { useHost } from '../host';
import { cutLabel, removeLabel } from '../model/edit-words';
import { formatCount } from '../model/numbers';
import { chosenPart } from '../model/part-verdicts';
import { heldDrawings } from '../model/shape-changes';
import type { Shape } from '../model/shapes';
import { useSelect, useStore } from '../store';
import { askForPaste, pressClipboardKey } from './clipboard-keys';
import { useEditor } from './editor-context';
import { partItems } from './part-items';
import { holdAll } from './run-key';
import { removeHeld } from './shape-edits';

/** What can be done with the shapes on the stage besides drawing them, as keys do it too. */
export function ShapeMenu({ shapes }: { readonly shapes: readonly Shape[] }) {
  const store = useStore();
  const editor = useEditor();
  const host = useHost();
  const held = useSelect((state) => state.held.length);
  // The menu names what can be cleared.
  useSelect((state) => state.partVerdicts);
  const drawings = held === 0 ? [] : [...heldDrawings(store.state).values()];
  const some: MenuItem[] = [
    {
      label: held === 1 ? t('Copy Shape') : t('Copy {0} Shapes', formatCount(held)),
      onChoose: () => pressClipboardKey(store, 'copy'),
    },
    { label: cutLabel(held), onChoose: () => pressClipboardKey(store, 'cut') },
    { label: removeLabel(drawings), onChoose: () => void removeHeld(store, editor) },
  ];
  const items: MenuItem[] = [
    ...(held === 0 ? [] : some),
    { label: t('Paste Shapes'), onChoose: () => void askForPaste(store, editor) },
    { label: t('Select All Shapes of the Turn'), onChoose: () => holdAll(store, shapes) },
    ...(held === 1 ? partItems(store, host, editor, chosenPart(store.state)) : []),
  ];
  return <Menu label={t('More for Shapes')} icon="more" compact items={items} testId="shape-menu" />;
}
