import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import type { Tool } from '../model/state';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { placeShape } from './run-key';

/** What a drag on the stage draws. With the keyboard a tool puts its shape in the middle, for arrow keys to move. */
export function StageTools() {
  const store = useStore();
  const editor = useEditor();
  const editable = useSelect((state) => state.edits !== null);
  const tool = useSelect((state) => state.tool);
  if (!editable) return null;
  const take =
    (own: Tool) =>
    ({ detail }: MouseEvent) => {
      // No mouse clicked where none is counted.
      if (detail > 0) {
        store.dispatch({ type: 'tool', tool: tool === own ? null : own });
        return;
      }
      placeShape(store, editor, own);
      document.querySelector<HTMLElement>('[data-testid=stage]')?.focus();
    };
  return (
    <span class="group">
      <IconButton
        icon="newBox"
        label={t('New Box')}
        pressed={tool === 'box'}
        onClick={take('box')}
        testId="new-box"
      />
      <IconButton
        icon="newLine"
        label={t('New Line')}
        pressed={tool === 'line'}
        onClick={take('line')}
        testId="new-line"
      />
    </span>
  );
}
