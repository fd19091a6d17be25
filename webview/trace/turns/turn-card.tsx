import { t } from '@vscode/l10n';
import { memo } from 'preact/compat';
import { useMemo } from 'preact/hooks';
import { PartMark } from '../bar/part-mark';
import { MarkList } from '../edit/mark-list';
import { TurnForm } from '../edit/turn-form';
import { TurnTools } from '../edit/turn-tools';
import { countTokens } from '../model/counts';
import { findMentions } from '../model/mentions';
import { formatSeconds } from '../model/numbers';
import { describeFinish } from '../model/run-words';
import { cutSections, proseSpans } from '../model/sections';
import { isRunning } from '../model/state';
import { type TraceDocument, wasSeen } from '../model/trace-document';
import type { TurnView } from '../model/turn-view';
import { describeImage } from '../model/words';
import { useSelect, useStore } from '../store';
import { FindingList } from './finding-list';
import { TurnText } from './turn-text';

interface TurnCardProps {
  readonly document: TraceDocument;
  readonly turn: TurnView;
}

/** One turn: its text, what is wrong with it, and the images that came of it. */
export const TurnCard = memo(
  ({ document, turn }: TurnCardProps) => {
    const { dispatch } = useStore();
    const chosen = useSelect(({ choice }) => choice.turn === turn.number);
    const running = useSelect(isRunning);
    const edits = useSelect((state) => state.edits);
    const marks = useMemo(
      () => edits?.marks.filter((mark) => mark.turn === turn.number) ?? [],
      [edits, turn.number],
    );
    const draft = useSelect(({ draft }) =>
      draft?.kind === 'turn' && draft.turn === turn.number ? draft : null,
    );
    const sections = useMemo(() => {
      const names = document.labels.namesIn(turn, document.turns);
      return cutSections(turn, findMentions(turn.text, proseSpans(turn), names), marks);
    }, [turn, marks]);
    const facts = [
      turn.finish === null ? '' : describeFinish(turn.finish),
      turn.tokens === null ? '' : countTokens(turn.tokens),
      turn.seconds === null ? '' : formatSeconds(turn.seconds),
    ].filter((fact) => fact !== '');
    return (
      <article
        class={`turn ${chosen ? 'chosen' : ''}`}
        aria-label={t('Turn {0}', turn.number + 1)}
        aria-posinset={turn.number + 1}
        aria-setsize={document.turns.length}
        aria-busy={turn.finish === null}
        data-testid={`turn-${turn.number + 1}`}
      >
        <header class="turn-head">
          <button
            type="button"
            class="turn-name"
            aria-current={chosen ? 'step' : undefined}
            onClick={() => dispatch({ type: 'choose-turn', turn: turn.number })}
          >
            {t('Turn {0}', turn.number + 1)}
          </button>
          {turn.parsed.action !== null && <span class="action">{turn.parsed.action}</span>}
          {turn.finish !== null && !turn.parsed.wellFormed && (
            <span
              class="tag ill-formed"
              title={t('Upstream’s format rule does not hold for this turn: a reward for format is 0.')}
            >
              {t('ill-formed')}
            </span>
          )}
          <PartMark turn={turn.number} shape={null} />
          <span class="facts">{turn.finish === null ? t('speaking…') : facts.join(' · ')}</span>
          {draft === null && <TurnTools turn={turn} count={document.turns.length} />}
        </header>
        {draft === null ? (
          <>
            <TurnText turn={turn} sections={sections} />
            {!isCutOff(turn) && <FindingList findings={turn.findings} />}
            <MarkList marks={marks} />
          </>
        ) : (
          <TurnForm document={document} draft={draft} />
        )}
        {turn.images.length > 0 && (
          <footer class="turn-images">
            {turn.images.map((image) => (
              <ImageLink key={image.number} number={image.number} title={describeImage(image)} />
            ))}
            {!running && turn.images.some((image) => !wasSeen(document, image)) && (
              <span class="quiet">{t('not shown to the model')}</span>
            )}
          </footer>
        )}
      </article>
    );
  },
  (before, after) =>
    before.turn === after.turn &&
    before.document.labels === after.document.labels &&
    isLast(before) === isLast(after) &&
    before.document.turns.length === after.document.turns.length,
);

/** A turn that was cut off from outside is not to blame for how it ends. */
const isCutOff = ({ finish }: TurnView): boolean => finish === 'cancelled' || finish === 'failed';

const isLast = ({ document, turn }: TurnCardProps): boolean => turn.number === document.turns.length - 1;

function ImageLink({ number, title }: { readonly number: number; readonly title: string }) {
  const { dispatch } = useStore();
  const chosen = useSelect(({ choice }) => choice.image === number);
  return (
    <button
      type="button"
      class={`image-link ${chosen ? 'chosen' : ''}`}
      aria-label={title}
      aria-pressed={chosen}
      title={title}
      onClick={() => dispatch({ type: 'choose-image', image: number })}
    >
      {t('Image {0}', number)}
    </button>
  );
}
