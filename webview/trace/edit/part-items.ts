import { t } from '@vscode/l10n';
import type { PartCommand, PartPlace } from '../../../src/view/verdict';
import type { MenuItem } from '../../shared/menu';
import type { Store } from '../../shared/store';
import type { Host } from '../host';
import { judgePart } from '../judge';
import type { Action } from '../model/actions';
import { partVerdictOf } from '../model/part-verdicts';
import type { AppState } from '../model/state';
import type { Editor } from './editor';

/** What can be said of a turn or a shape alone, for a menu of it; nothing where nothing can be judged. */
export function partItems(
  store: Store<AppState, Action>,
  host: Host,
  editor: Editor,
  part: PartPlace | null,
): MenuItem[] {
  if (part === null || store.state.verdict === null) return [];
  const item = (label: string, command: PartCommand): MenuItem => ({
    label,
    onChoose: () => void judgePart(store, host, editor, command, part),
  });
  const isTurn = part.shape === null;
  const said = partVerdictOf(store.state, part) !== null;
  return [
    item(isTurn ? t('Approve This Turn') : t('Approve This Shape'), 'approvePart'),
    item(isTurn ? t('Reject This Turn') : t('Reject This Shape'), 'rejectPart'),
    item(isTurn ? t('This Turn Needs an Edit') : t('This Shape Needs an Edit'), 'needsEditPart'),
    ...(said
      ? [
          item(
            isTurn ? t('Clear the Verdict on This Turn') : t('Clear the Verdict on This Shape'),
            'clearPartVerdict',
          ),
        ]
      : []),
  ];
}
