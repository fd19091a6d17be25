import { t } from '@vscode/l10n';
import type { ViewMark } from '../../../src/view/trace-view';
import { Icon } from '../../shared/icons';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';

/** What of a turn may be wrong because of edits: each leads to its place, and is taken from the list once it was looked at. */
export function MarkList({ marks }: { readonly marks: readonly ViewMark[] }) {
  const { dispatch } = useStore();
  const editor = useEditor();
  const lit = useSelect((state) => state.litMark);
  if (marks.length === 0) return null;
  return (
    <ul class="marks" aria-label={t('To check')}>
      {marks.map(({ key, code, message }) => (
        <li key={key} class={key === lit ? 'lit' : ''} data-code={code}>
          <Icon name="mark" />
          <button type="button" class="mark-message" onClick={() => dispatch({ type: 'go-to-mark', key })}>
            {message}
          </button>
          <button
            type="button"
            class="link"
            aria-label={t('Accept: {0}', message)}
            onClick={() => void editor.acceptMarks([key])}
          >
            {t('Accept')}
          </button>
        </li>
      ))}
    </ul>
  );
}
