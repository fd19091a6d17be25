import { t } from '@vscode/l10n';
import { insertTurn } from '../../../src/trace/edit/turn-changes';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { EMPTY_TURN, openDraft } from '../model/draft';
import { isRunning } from '../model/state';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';

/** Where nothing was said yet, as of a question that nobody has answered: says so, and lets the first turn be written. */
export function FirstTurn() {
  const { dispatch } = useStore();
  const editor = useEditor();
  const editable = useSelect((state) => state.edits !== null);
  const running = useSelect(isRunning);
  if (running) return null;
  const insert = async () => {
    if (!(await editor.edit(t('Insert First Turn'), (trace) => insertTurn(trace, 0, EMPTY_TURN)))) return;
    dispatch({ type: 'choose-turn', turn: 0 });
    dispatch({ type: 'draft', draft: openDraft(0, EMPTY_TURN) });
  };
  return (
    <div class="first-turn" data-testid="first-turn">
      <p class="quiet">{t('Nothing was said yet.')}</p>
      {editable && (
        <Button onClick={() => void insert()}>
          <Icon name="plus" slot="start" />
          {t('Insert First Turn')}
        </Button>
      )}
    </div>
  );
}
