import { t } from '@vscode/l10n';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ProgressRing } from '../../shared/toolkit';
import {
  type ComparedRow,
  differenceWord,
  type OwnPiece,
  ownDrawings,
  ownPieces,
  saidIn,
} from '../model/compare';
import { formatCount } from '../model/numbers';
import type { TurnView } from '../model/turn-view';
import { useSelect, useStore } from '../store';
import type { Column } from './use-compared';

interface CompareRowProps {
  readonly row: ComparedRow;
  readonly columns: readonly Column[];
  /** Whether it is the first in which they differ. */
  readonly isFirst: boolean;
}

/** One turn of each of them. */
export function CompareRow({ row, columns, isFirst }: CompareRowProps) {
  const { dispatch } = useStore();
  const { turn, differs } = row;
  const chosen = useSelect(({ choice }) => choice.turn === turn);
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <tr
      ref={element}
      class={`${chosen ? 'chosen' : ''} ${isFirst ? 'first-difference' : ''}`}
      data-testid={`compare-turn-${turn + 1}`}
    >
      <th scope="row" class="compare-turn">
        <button
          type="button"
          class="turn-name"
          aria-label={t('Turn {0}', turn + 1)}
          aria-current={chosen ? 'step' : undefined}
          onClick={() => dispatch({ type: 'choose-turn', turn })}
        >
          {turn + 1}
        </button>
        {differs.length > 0 && (
          <span class="differs">
            {isFirst ? t('first differs:') : t('differs:')} {differs.map(differenceWord).join(', ')}
          </span>
        )}
      </th>
      {columns.map((column) => (
        <Cell key={column.index} column={column} columns={columns} turn={turn} />
      ))}
    </tr>
  );
}

interface CellProps {
  readonly column: Column;
  readonly columns: readonly Column[];
  readonly turn: number;
}

const turnOf = ({ compared }: Column, turn: number): TurnView | null =>
  compared?.document.turns[turn] ?? null;

function Cell({ column, columns, turn }: CellProps) {
  const { shown, compared, failure } = column;
  const view = turnOf(column, turn);
  // Each is compared with the one that is shown, and that with all others.
  const others = columns
    .filter((one) => one !== column && (shown || one.shown))
    .flatMap((one) => turnOf(one, turn) ?? []);
  if (view !== null) {
    return (
      <td class={shown ? 'shown' : ''}>
        <TurnWords turn={view} others={others} />
      </td>
    );
  }
  return (
    <td class={`missing ${shown ? 'shown' : ''}`}>
      {compared !== null && <span class="quiet">{t('no turn {0}', turn + 1)}</span>}
      {compared === null && failure === null && turn === 0 && <ProgressRing label={t('Reading the trace')} />}
    </td>
  );
}

/** So many characters are on the page at first: words of longer texts are not compared beyond. */
const WINDOW = 6_000;

function TurnWords({ turn, others }: { readonly turn: TurnView; readonly others: readonly TurnView[] }) {
  const [end, setEnd] = useState(WINDOW);
  const text = saidIn(turn);
  const texts = others.map(saidIn);
  const pieces = useMemo(
    () =>
      ownPieces(
        text.slice(0, end),
        texts.map((one) => one.slice(0, end)),
      ),
    [text, end, ...texts, texts.length],
  );
  const drawings = ownDrawings(turn, others);
  const { action, answer, wellFormed } = turn.parsed;
  const isOwn = (read: (turn: TurnView) => string | null) =>
    others.some((other) => read(other) !== read(turn));
  return (
    <>
      <p class="compared-action">
        {action !== null && <span class="action">{action}</span>}
        {!wellFormed && <span class="tag ill-formed">{t('ill-formed')}</span>}
      </p>
      <p class="think">
        {pieces.map((piece, i) => (
          <Words key={i} piece={piece} />
        ))}
      </p>
      {text.length > end && (
        <button type="button" class="link" onClick={() => setEnd(end + WINDOW)}>
          {t('Show more ({0} characters left)', formatCount(text.length - end))}
        </button>
      )}
      {drawings.length > 0 && (
        <ul class="compared-drawings" aria-label={t('Drawings')}>
          {drawings.map((piece, i) => (
            <li key={i}>
              <Words piece={piece} />
            </li>
          ))}
        </ul>
      )}
      {answer !== null && (
        <p class="answer">
          <span class="quiet">{t('Answer:')}</span>{' '}
          <Words piece={{ text: answer, own: isOwn(({ parsed }) => parsed.answer) }} />
        </p>
      )}
    </>
  );
}

/** Words, marked where they are this text's own. */
function Words({ piece: { text, own } }: { readonly piece: OwnPiece }) {
  return own ? <mark class="own-words">{text}</mark> : <span>{text}</span>;
}
