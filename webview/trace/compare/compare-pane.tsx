import { t } from '@vscode/l10n';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { IconButton } from '../../shared/icon-button';
import { alignTurns, type ComparedRow, candidatesOf, comparedWith, differenceWord } from '../model/compare';
import { formatCount } from '../model/numbers';
import { CandidateStrip } from '../review/candidate-strip';
import { useSelect, useStore } from '../store';
import { ColumnHead } from './column-head';
import { COMPARE_ID, endCompare } from './commands';
import { CompareRow } from './compare-row';
import type { Column } from './use-compared';

/** Rows that are on the page at first, and more each time they are asked for. */
const ROWS = 40;

/** Several answers to one question, a column each, turn beside turn. */
export function ComparePane({ columns }: { readonly columns: readonly Column[] }) {
  const store = useStore();
  const reviewing = useSelect(({ review }) => review.open);
  const desk = useSelect(({ review }) => review.desk);
  const index = useSelect(({ view }) => view?.index ?? null);
  const isReading = useSelect(({ view }) => view?.counting ?? false);
  const candidates = candidatesOf(index, desk);
  const [most, setMost] = useState(ROWS);
  useAmong();
  useEscape();

  const documents = columns.flatMap(({ compared }) => compared?.document ?? []);
  const isWhole = documents.length === columns.length;
  const rows = useMemo(() => alignTurns(documents), [...documents, documents.length]);
  const first = isWhole ? (rows.find(({ differs }) => differs.length > 0) ?? null) : null;
  const shown = rows.slice(0, most);
  return (
    <section class="column compare-column" id={COMPARE_ID} aria-label={t('Comparison')} data-testid="compare">
      <div class="bar compare-bar">
        <h2>{t('Comparison')}</h2>
        <p role="status" class="quiet" data-testid="first-difference">
          {candidates?.length === 1 && (isReading ? noneSoFar() : noOther())}
          {isWhole && documents.length > 1 && <FirstDifference row={first} />}
        </p>
        <IconButton
          icon="close"
          label={t('End Comparison')}
          onClick={() => endCompare(store)}
          testId="end-compare"
        />
      </div>
      {!reviewing && <CandidateStrip candidates={candidates ?? []} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is longer than its place, and is scrolled by keys. */}
      <section class="compare-scroll" aria-label={t('Turns side by side')} tabIndex={0}>
        <table class="compare-table">
          <thead>
            <tr>
              <th scope="col" class="compare-turn">
                {t('Turn')}
              </th>
              {columns.map((column) => (
                <ColumnHead key={column.index} column={column} columns={columns} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <CompareRow key={row.turn} row={row} columns={columns} isFirst={row === first} />
            ))}
          </tbody>
        </table>
        {rows.length > shown.length && (
          <button type="button" class="link more" onClick={() => setMost(most + ROWS)}>
            {t('Show more turns ({0} left)', formatCount(rows.length - shown.length))}
          </button>
        )}
      </section>
    </section>
  );
}

const noneSoFar = () => t('The file is being read: there is no other answer to this question so far.');
const noOther = () => t('There is no other answer to this question in the file.');

/** Where they part, which a click leads to; null where they do not. */
function FirstDifference({ row }: { readonly row: ComparedRow | null }) {
  const { dispatch } = useStore();
  if (row === null) return <>{t('They say the same.')}</>;
  const { turn, differs } = row;
  return (
    <>
      {t('First difference:')}{' '}
      <button type="button" class="link" onClick={() => dispatch({ type: 'choose-turn', turn })}>
        {t('turn {0} ({1})', turn + 1, differs.map(differenceWord).join(', '))}
      </button>
    </>
  );
}

/** Another question has other answers: what is compared follows the trace that is shown. */
function useAmong(): void {
  const { dispatch } = useStore();
  const shown = useSelect(({ view }) => view?.index ?? null);
  const desk = useSelect(({ review }) => review.desk);
  const among = useSelect(({ compare }) => compare.among);
  useEffect(() => {
    const candidates = candidatesOf(shown, desk);
    if (shown === null || candidates === null) return;
    const next = comparedWith(shown, candidates, among);
    if (String(next) !== String(among)) dispatch({ type: 'compare', compare: { among: next } });
  }, [dispatch, shown, desk, among]);
}

/** Escape ends it, unless it means something to what has the focus. */
function useEscape(): void {
  const store = useStore();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      endCompare(store);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [store]);
}
