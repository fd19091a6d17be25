import { t } from '@vscode/l10n';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { formatCount } from '../model/numbers';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { fixMarks } from './fix-marks';

/** How many places of the trace may be wrong because of edits, with the way from one to the next. */
export function MarkBar() {
  const store = useStore();
  const editor = useEditor();
  const edits = useSelect((state) => state.edits);
  const lit = useSelect((state) => state.litMark);
  const marks = edits?.marks ?? [];
  if (marks.length === 0) return null;
  const certain = marks.filter(({ fix }) => fix !== null);
  const next = marks[(marks.findIndex(({ key }) => key === lit) + 1) % marks.length];
  return (
    <p class="mark-bar" data-testid="mark-bar">
      <Icon name="mark" />
      <span class="notice-text">
        {marks.length === 1
          ? t('1 place may be wrong because of edits.')
          : t('{0} places may be wrong because of edits.', formatCount(marks.length))}
      </span>
      <Button onClick={() => next && store.dispatch({ type: 'go-to-mark', key: next.key })}>
        {t('Go to Next')}
      </Button>
      {certain.length > 0 && (
        <Button
          onClick={() =>
            void fixMarks(
              store,
              editor,
              certain.map(({ key }) => key),
            )
          }
        >
          {certain.length === marks.length ? t('Fix All') : t('Fix {0}', formatCount(certain.length))}
        </Button>
      )}
      <Button onClick={() => void editor.acceptMarks(marks.map(({ key }) => key))}>{t('Accept All')}</Button>
    </p>
  );
}
