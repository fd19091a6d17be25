import { t } from '@vscode/l10n';
import { useEffect } from 'preact/hooks';
import type { ListState } from '../../../src/view/trace-list';
import { TextField } from '../../shared/fields';
import { IconButton } from '../../shared/icon-button';
import { Button } from '../../shared/toolkit';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { useLiveList } from '../list/live-list';
import { formatCount } from '../model/numbers';
import { ALL_PENDING, progressOf, ratePerHour } from '../model/review';
import { showTrace } from '../show-trace';
import { useSelect, useStore } from '../store';
import { CandidateStrip } from './candidate-strip';
import { COMMENT_ID, toggleReview } from './commands';
import { KeySheet } from './key-sheet';
import { ScoreLine } from './score-line';
import { SliceMenu } from './slice-menu';

/** What a review needs beside the trace: how far one is, why a verdict is given, and the other answers to the question. */
export function ReviewBar() {
  const open = useSelect(({ review, view }) => review.open && view !== null);
  return open ? <OpenReviewBar /> : null;
}

function OpenReviewBar() {
  const store = useStore();
  const { dispatch } = store;
  const { desk, comment, keys } = useSelect(({ review }) => review);
  const query = useSelect(({ list }) => list.query);
  const { state, isCurrent, problem } = useLiveList();
  const reading = state?.reading ?? false;
  useEffect(() => dispatch({ type: 'review', review: { reading } }), [reading]);
  useFirst(isCurrent ? state : null);
  const focusStage = () => document.querySelector<HTMLElement>('[data-testid="stage"]')?.focus();
  return (
    <section class="review" aria-label={t('Review')} data-testid="review">
      <div class="bar review-bar">
        <Progress state={state} problem={problem} />
        <SliceMenu query={query} />
        <TextField
          class="review-comment"
          id={COMMENT_ID}
          label={t('Comment')}
          hint={t('Comment for the verdict to come')}
          value={comment}
          onCommit={(typed) => dispatch({ type: 'review', review: { comment: typed } })}
          onEnter={focusStage}
        />
        <IconButton
          icon="keys"
          label={t('Show Keys of the Review')}
          pressed={keys}
          onClick={() => dispatch({ type: 'review', review: { keys: !keys } })}
          testId="show-keys"
        />
        <IconButton
          icon="close"
          label={t('End Review')}
          onClick={() => toggleReview(store)}
          testId="end-review"
        />
        <Reasons reasons={desk?.reasons ?? []} />
      </div>
      {state !== null && !state.reading && state.count === 0 && <NothingLeft state={state} />}
      {desk !== null && <ScoreLine score={desk.score} flags={desk.flags} />}
      <CandidateStrip candidates={desk?.candidates ?? []} />
      {keys && <KeySheet reasons={desk?.reasons ?? []} onClose={focusStage} />}
    </section>
  );
}

/** A review begins with the first trace of the list, unless what is shown is one of them. */
function useFirst(list: ListState | null): void {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const begins = useSelect(({ review }) => review.begins);
  useEffect(() => {
    if (!begins || list === null || (list.count === 0 && list.reading)) return;
    store.dispatch({ type: 'review', review: { begins: false } });
    if (list.count === 0 || list.place !== null) return;
    host.rows(0, 1).then(
      ([first]) => first && showTrace(store, host, editor, first.index),
      () => {},
    );
  }, [begins, list]);
}

function Progress({ state, problem }: { readonly state: ListState | null; readonly problem: string | null }) {
  const judged = useSelect(({ review }) => review.judged);
  if (problem !== null) {
    return (
      <p class="error" role="alert">
        {problem}
      </p>
    );
  }
  if (state === null) return null;
  const { done, total } = progressOf(state.facets.verdict);
  const rate = ratePerHour(judged);
  return (
    <p class="review-progress" data-testid="review-progress">
      <progress max={Math.max(1, total)} value={done} aria-label={t('Judged')} />
      <span>
        {t('{0} of {1} judged', formatCount(done), formatCount(total))}
        {state.reading && '…'}
        {rate !== null && ` · ${t('{0} an hour', formatCount(rate))}`}
        <Agreement {...state.agreement} />
      </span>
    </p>
  );
}

/** How far people agree who judged the same traces of the file; nothing where no two did. */
function Agreement({ pairs, agreed }: ListState['agreement']) {
  if (pairs === 0) return null;
  const all = t(
    'Of {0} pairs of verdicts on the same trace {1} agree',
    formatCount(pairs),
    formatCount(agreed),
  );
  return (
    <span title={all} data-testid="agreement">
      {` · ${t('{0} % agreement', Math.round((agreed / pairs) * 100))}`}
    </span>
  );
}

/** The list has come to its end, or never had anything. */
function NothingLeft({ state }: { readonly state: ListState }) {
  const { dispatch } = useStore();
  const query = useSelect(({ list }) => list.query);
  const { done } = progressOf(state.facets.verdict);
  const others = query.filters.correct.length > 0 || query.filters.revisions.length > 0;
  return (
    <p class="bar quiet" role="status" data-testid="nothing-left">
      {done > 0 ? t('Nothing is left in this list.') : t('No trace is like what is to be reviewed.')}
      {others && (
        <Button
          look="secondary"
          testId="all-pending"
          onClick={() => {
            dispatch({ type: 'list', list: { query: { ...ALL_PENDING, slice: query.slice } } });
            dispatch({ type: 'review', review: { begins: true } });
          }}
        >
          {t('Review All That Are Pending')}
        </Button>
      )}
    </p>
  );
}

/** Reasons for the verdict to come, each with its digit. */
function Reasons({ reasons }: { readonly reasons: readonly string[] }) {
  const { dispatch } = useStore();
  const chosen = useSelect(({ review }) => review.reasons);
  if (reasons.length === 0) return null;
  return (
    <fieldset class="group reasons" aria-label={t('Reasons')}>
      {reasons.map((reason, i) => (
        <button
          key={reason}
          type="button"
          class="chip"
          aria-pressed={chosen.includes(reason)}
          data-testid={`reason-${i + 1}`}
          onClick={() => dispatch({ type: 'reason', number: i + 1 })}
        >
          <kbd>{i + 1}</kbd> {reason}
        </button>
      ))}
    </fieldset>
  );
}
