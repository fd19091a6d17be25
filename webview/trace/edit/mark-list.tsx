import { t } from '@vscode/l10n';
import { useRef } from 'preact/hooks';
import type { ViewMark } from '../../../src/view/trace-view';
import { Icon } from '../../shared/icons';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { fixMarks } from './fix-marks';

/**
 * What of a turn may be wrong because of edits: each leads to its place, is mended where that is certain, and is taken from
 * the list once it was looked at.
 */
export function MarkList({ marks }: { readonly marks: readonly ViewMark[] }) {
  const store = useStore();
  const editor = useEditor();
  const lit = useSelect((state) => state.litMark);
  const list = useRef<HTMLUListElement>(null);
  if (marks.length === 0) return null;
  /** With the row that had it the focus would be gone: the next one takes it, or the name of the turn. */
  const thenFocus = async (place: number, work: Promise<unknown>) => {
    const turn = list.current?.closest('.turn');
    await work;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.mark-message') ?? [])];
    const next = rows[place] ?? rows.at(-1) ?? turn?.querySelector<HTMLElement>('.turn-name');
    if (document.activeElement === document.body) next?.focus();
  };
  return (
    <ul class="marks" aria-label={t('To check')} ref={list}>
      {marks.map(({ key, code, message, fix }, place) => (
        <li key={key} class={key === lit ? 'lit' : ''} data-code={code}>
          <Icon name="mark" />
          <button
            type="button"
            class="mark-message"
            onClick={() => store.dispatch({ type: 'go-to-mark', key })}
          >
            {message}
          </button>
          {fix !== null && (
            <button
              type="button"
              class="link"
              title={t('Put {0} there', fix.to)}
              aria-label={t('Fix: {0} Put {1} there', message, fix.to)}
              onClick={() => void thenFocus(place, fixMarks(store, editor, [key]))}
            >
              {t('Fix')}
            </button>
          )}
          <button
            type="button"
            class="link"
            aria-label={t('Accept: {0}', message)}
            onClick={() => void thenFocus(place, editor.acceptMarks([key]))}
          >
            {t('Accept')}
          </button>
        </li>
      ))}
    </ul>
  );
}
