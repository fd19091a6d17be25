import { t } from '@vscode/l10n';
import type { Change } from '../../../src/trace/edit/change';
import { mergeTurns } from '../../../src/trace/edit/merge-turns';
import { duplicateTurn, insertTurn, moveTurn, removeTurn } from '../../../src/trace/edit/turn-changes';
import { hasAnswerTags } from '../../../src/trace/format-rule';
import type { Trace } from '../../../src/trace/trace';
import { IconButton } from '../../shared/icon-button';
import { Menu, type MenuItem } from '../../shared/menu';
import { continueFrom } from '../commands';
import { useHost } from '../host';
import { EMPTY_TURN, openDraft } from '../model/draft';
import { partVerdictOf } from '../model/part-verdicts';
import { isRunning } from '../model/state';
import type { TurnView } from '../model/turn-view';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { partItems } from './part-items';

interface TurnToolsProps {
  readonly turn: TurnView;
  /** How many turns there are. */
  readonly count: number;
}

/** What can be done with a turn: write it anew, give it another place, or let the model go on from it. */
export function TurnTools({ turn: { number, text }, count }: TurnToolsProps) {
  const store = useStore();
  const { dispatch } = store;
  const editor = useEditor();
  const host = useHost();
  const editable = useSelect((state) => state.edits !== null);
  // Why not is said at the top, in Restricted Mode; what answers ends the trace.
  const canContinue =
    useSelect((state) => !isRunning(state) && state.view?.abilities.cannotRun === null) &&
    !hasAnswerTags(text);
  const part = { turn: number, shape: null };
  // The menu names what can be cleared.
  useSelect((state) => partVerdictOf(state, part));
  if (!editable && !canContinue) return null;
  /** Does it, and chooses the turn that it is about then. */
  const item = (
    label: string,
    build: (trace: Trace) => readonly Change[],
    chosen: number,
    write = false,
  ): MenuItem => ({
    label,
    onChoose: async () => {
      if (!(await editor.edit(label, build))) return;
      dispatch({ type: 'choose-turn', turn: Math.max(chosen, 0) });
      if (write) dispatch({ type: 'draft', draft: openDraft(chosen, EMPTY_TURN) });
    },
  });
  const last = number === count - 1;
  const edits = [
    ...(number === 0
      ? [item(t('Insert Turn Before'), (trace) => insertTurn(trace, 0, EMPTY_TURN), 0, true)]
      : []),
    item(t('Insert Turn After'), (trace) => insertTurn(trace, number + 1, EMPTY_TURN), number + 1, true),
    item(t('Duplicate Turn'), (trace) => duplicateTurn(trace, number), number + 1),
    ...(number > 0
      ? [item(t('Move Turn Up'), (trace) => moveTurn(trace, number, number - 1), number - 1)]
      : []),
    ...(last
      ? []
      : [
          item(t('Move Turn Down'), (trace) => moveTurn(trace, number, number + 1), number + 1),
          item(t('Merge with Next Turn'), (trace) => mergeTurns(trace, number), number),
        ]),
    item(t('Delete Turn'), (trace) => removeTurn(trace, number), last ? number - 1 : number),
  ];
  const goOn = {
    label: t('Continue from Here'),
    onChoose: () => void continueFrom(store, host, editor, number),
  };
  const items = [
    ...(canContinue ? [goOn] : []),
    ...(editable ? edits : []),
    ...partItems(store, host, editor, part),
  ];
  return (
    <span class="group turn-tools">
      {editable && (
        <IconButton
          icon="edit"
          label={t('Edit Turn {0}', number + 1)}
          onClick={() => {
            dispatch({ type: 'choose-turn', turn: number });
            dispatch({ type: 'draft', draft: openDraft(number, text) });
          }}
        />
      )}
      <Menu label={t('More for Turn {0}', number + 1)} icon="more" compact items={items} />
    </span>
  );
}
