import { t } from '@vscode/l10n';
import { VirtualList } from '../../shared/virtual-list';
import { turnOfHeld } from '../model/selection';
import { isRunning } from '../model/state';
import type { TraceDocument } from '../model/trace-document';
import { useSelect } from '../store';
import { TurnCard } from './turn-card';

/** All turns of a trace. The turn in sight is the chosen one, or the one whose shape was clicked. */
export function TurnList({ document }: { readonly document: TraceDocument }) {
  const chosen = useSelect(({ choice }) => choice.turn);
  const held = useSelect((state) => turnOfHeld(state.held));
  const following = useSelect((state) => state.following && isRunning(state));
  const { turns } = document;
  return (
    <VirtualList
      label={t('Turns')}
      role="feed"
      class="turns"
      testId="turns"
      count={turns.length}
      estimate={220}
      current={held ?? chosen}
      followEnd={following}
      renderItem={(index) => {
        const turn = turns[index];
        return turn && <TurnCard key={index} document={document} turn={turn} />;
      }}
    />
  );
}
