import { showsAll, WHOLE_LIST } from '../../../src/view/trace-list';
import type { ReviewCommand } from '../../../src/view/verdict';
import type { Store } from '../../shared/store';
import { stepCompared, toggleCompare } from '../compare/commands';
import type { Editor } from '../edit/editor';
import type { Host } from '../host';
import type { Action } from '../model/actions';
import { QUEUE } from '../model/review';
import type { AppState } from '../model/state';
import { showTrace, stepTrace } from '../show-trace';

type TraceStore = Store<AppState, Action>;

/** The element in which a comment is written. */
export const COMMENT_ID = 'review-comment';

/** What the commands of a review do; but for those that begin it and a comparison they do nothing outside of one. */
export function reviewCommands(
  store: TraceStore,
  host: Host,
  editor: Editor,
): Readonly<Record<ReviewCommand, () => void>> {
  const within = (work: () => void) => () => {
    if (store.state.review.open) work();
  };
  return {
    review: () => toggleReview(store),
    skip: within(() => void stepTrace(store, host, editor, 1)),
    comment: within(() => document.getElementById(COMMENT_ID)?.focus()),
    nextCandidate: () => void stepCandidate(store, host, editor, 1),
    previousCandidate: () => void stepCandidate(store, host, editor, -1),
    compare: () => toggleCompare(store),
    showReviewKeys: within(() => store.dispatch({ type: 'review', review: { keys: true } })),
  };
}

/**
 * Begins a review of the list, as it is filtered, or else of what is worth it; or ends it. What cannot be judged has none. No
 * filter stays behind in a list that is not to be seen.
 */
export function toggleReview({ state, dispatch }: TraceStore): void {
  const { review, list, verdict } = state;
  if (verdict === null && !review.open) return;
  const open = !review.open;
  dispatch({ type: 'review', review: { open, begins: open, keys: false } });
  const { sort } = list.query;
  if (open && showsAll(list.query)) dispatch({ type: 'list', list: { query: { ...QUEUE, sort } } });
  if (!open && !list.open) dispatch({ type: 'list', list: { query: WHOLE_LIST } });
}

/** Another answer to the question; while some are compared, another of those. */
async function stepCandidate(store: TraceStore, host: Host, editor: Editor, by: 1 | -1): Promise<void> {
  const { review, view, compare } = store.state;
  if (compare.open) return stepCompared(store, host, editor, by);
  if (!review.open) return;
  const candidates = review.desk?.candidates ?? [];
  const place = candidates.findIndex(({ index }) => index === view?.index);
  const next = place < 0 ? undefined : candidates[place + by];
  if (next !== undefined) await showTrace(store, host, editor, next.index);
}
