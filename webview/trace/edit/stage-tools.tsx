import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { LineageImage } from '../../../src/trace/lineage';
import { IconButton } from '../../shared/icon-button';
import { shapesOn } from '../model/shapes';
import type { Tool } from '../model/state';
import type { TraceDocument } from '../model/trace-document';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { placeShape } from './run-key';
import { ShapeMenu } from './shape-menu';

interface StageToolsProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
}

/** What a drag on the stage draws. With the keyboard a tool puts its shape in the middle, for arrow keys to move. */
export function StageTools({ document: shown, image }: StageToolsProps) {
  const store = useStore();
  const editor = useEditor();
  const editable = useSelect((state) => state.edits !== null);
  const tool = useSelect((state) => state.tool);
  const shapes = useMemo(() => shapesOn(shown, image), [shown.ids, image]);
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
      <ShapeMenu shapes={shapes} />
    </span>
  );
}
