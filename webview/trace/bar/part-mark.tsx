import type { PartPlace, PartVerdictView } from '../../../src/view/verdict';
import { Icon } from '../../shared/icons';
import { partVerdictOf, partWords } from '../model/part-verdicts';
import { useSelect } from '../store';
import { VERDICT_ICONS } from './verdict-bar';

/** What was said of a turn or a shape alone; nothing where nothing was. `short` leaves the word to the tooltip. */
export function PartMark({ turn, shape, short = false }: PartPlace & { readonly short?: boolean }) {
  const verdict = useSelect((state) => partVerdictOf(state, { turn, shape }));
  return verdict && <PartMarkOf verdict={verdict} short={short} />;
}

export function PartMarkOf({
  verdict,
  short = false,
}: {
  readonly verdict: PartVerdictView;
  readonly short?: boolean;
}) {
  const { word, source } = partWords(verdict);
  return (
    <span
      class={`tag part-mark judged ${verdict.verdict}`}
      title={`${word} · ${source}`}
      data-testid={`part-mark-${verdict.turn + 1}${verdict.shape === null ? '' : `-${verdict.shape + 1}`}`}
    >
      <Icon name={VERDICT_ICONS[verdict.verdict]} />
      <span class={short ? 'sr-only' : ''}>{word}</span>
    </span>
  );
}
