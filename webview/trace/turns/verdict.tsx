import { t } from '@vscode/l10n';
import { Icon } from '../../shared/icons';
import { useSelect } from '../store';

/** Whether the answer is right, beside the answer of the last turn; nothing where nobody knows. */
export function Verdict({ turn }: { readonly turn: number }) {
  const correct = useSelect((state) => state.correct);
  const gold = useSelect((state) => state.document?.trace.gold ?? null);
  const last = useSelect((state) => (state.document?.turns.length ?? 0) - 1);
  if (correct === null || turn !== last) return null;
  const wrong = gold === null ? t('Wrong') : t('Wrong: it is {0}', gold);
  const words = correct ? t('Right') : wrong;
  return (
    <span class={`verdict ${correct ? 'right' : 'wrong'}`} data-testid="verdict">
      <Icon name={correct ? 'right' : 'wrong'} />
      {words}
    </span>
  );
}
