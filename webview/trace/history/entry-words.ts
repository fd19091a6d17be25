import { t } from '@vscode/l10n';
import type { HistoryEntryView } from '../../../src/view/trace-history';

/** Where an edit stands, in short. */
export function stateWords({ state, isLast }: HistoryEntryView): string[] {
  switch (state) {
    case 'applied':
      return isLast ? [t('now')] : [];
    case 'undone':
      return [t('taken back')];
    case 'not-applied':
      return [t('not applied')];
  }
}
