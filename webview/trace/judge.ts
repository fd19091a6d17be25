import { t } from '@vscode/l10n';
import type { Verdict } from '../../src/trace/verdict';
import type { PartCommand, PartPlace, VerdictCommand } from '../../src/view/verdict';
import { explain } from '../shared/explain';
import type { Store } from '../shared/store';
import type { Editor } from './edit/editor';
import type { Host } from './host';
import type { Action } from './model/actions';
import { chosenPart, partVerdictOf } from './model/part-verdicts';
import { whyOf } from './model/review';
import type { AppState } from './model/state';
import { verdictWord } from './model/verdict-words';
import { lookAhead, showTrace } from './show-trace';

type TraceStore = Store<AppState, Action>;

const VERDICT_OF: Readonly<Record<Exclude<VerdictCommand, 'undoVerdict'>, Verdict>> = {
  approve: 'approved',
  reject: 'rejected',
  needsEdit: 'needs-edit',
  clearVerdict: 'pending',
};

const PART_VERDICT_OF: Readonly<Record<PartCommand, Verdict>> = {
  approvePart: 'approved',
  rejectPart: 'rejected',
  needsEditPart: 'needs-edit',
  clearPartVerdict: 'pending',
};

const busy = new WeakSet<TraceStore>();

/**
 * Says what the user thinks of the trace that is shown, or takes it back. What moved by keys is sent before. What counts then
 * is said to screen readers. The view stays at the trace, but in a review: there a verdict leads to the next one, and to take
 * one back is to go back. A command that comes before the one before it is done is none: its trace was not seen.
 */
export async function judge(
  store: TraceStore,
  host: Host,
  editor: Editor,
  command: VerdictCommand,
): Promise<void> {
  await alone(store, async () => {
    await editor.flush();
    if (command === 'undoVerdict') await takeBack(store, host, editor);
    else await say(store, host, command);
  });
}

/** Says what the user thinks of a part of the trace alone, if not of another of the one that is chosen; the view stays there. */
export async function judgePart(
  store: TraceStore,
  host: Host,
  editor: Editor,
  command: PartCommand,
  part = chosenPart(store.state),
): Promise<void> {
  await alone(store, async () => {
    if (store.state.verdict === null) return;
    if (part === null) throw new Error(t('Choose a turn, or one shape, to judge it alone.'));
    await editor.flush();
    await sayOfPart(store, host, command, part);
  });
}

async function alone(store: TraceStore, work: () => Promise<void>): Promise<void> {
  if (busy.has(store)) return;
  busy.add(store);
  try {
    await work();
  } catch (error) {
    store.dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  } finally {
    busy.delete(store);
  }
}

async function sayOfPart(
  store: TraceStore,
  host: Host,
  command: PartCommand,
  part: PartPlace,
): Promise<void> {
  const { document, review } = store.state;
  if (document === null) return;
  const before = partVerdictOf(store.state, part)?.said?.at;
  const verdict = PART_VERDICT_OF[command];
  if (!(await host.judge(document.revision, verdict, review.open ? whyOf(review) : null, part))) return;
  const isNew = partVerdictOf(store.state, part)?.said?.at !== before;
  noteSaid(store, document.key, isNew, true);
  store.dispatch({ type: 'notice', notice: null });
  const what = part.shape === null ? t('Turn {0}', part.turn + 1) : t('Shape');
  store.dispatch({ type: 'say', text: t('{0}: {1}', what, verdictWord(verdict)) });
}

/** In a review what was said can be taken back later, and what it was said with is used up. */
function noteSaid({ state, dispatch }: TraceStore, key: string, isNew: boolean, part: boolean): void {
  const { review, view } = state;
  if (!review.open || view === null) return;
  const last = { index: view.index, key, at: Date.now(), part };
  const said = isNew ? { judged: [...review.judged, last] } : {};
  dispatch({ type: 'review', review: { ...said, reasons: [], comment: '' } });
}

async function say(store: TraceStore, host: Host, command: keyof typeof VERDICT_OF): Promise<void> {
  const { document, verdict, review } = store.state;
  if (document === null || verdict === null) return;
  // Who is fast may judge before the desk is known.
  const desk = review.open && command !== 'clearVerdict' ? (review.desk ?? (await host.desk())) : null;
  if (desk?.advance === true) {
    await sayAndGoOn(store, host, VERDICT_OF[command]);
    return;
  }
  const why = review.open ? whyOf(review) : null;
  if (!(await host.judge(document.revision, VERDICT_OF[command], why))) return;
  // Who says again what counts already says nothing that could be taken back.
  noteSaid(store, document.key, store.state.verdict?.said?.at !== verdict.said?.at, false);
  store.dispatch({ type: 'notice', notice: null });
  store.dispatch({ type: 'say', text: announce(store.state.verdict) });
}

/** All in one question to the host: who reviews waits for the next trace after each verdict. */
async function sayAndGoOn(store: TraceStore, host: Host, said: Verdict): Promise<void> {
  const { document, verdict: before, review, asking } = store.state;
  if (document === null || asking !== null) return;
  store.dispatch({ type: 'asking', what: t('Opening…') });
  try {
    const { verdict, next } = await host.judgeAndGoOn(document.revision, said, whyOf(review));
    noteSaid(store, document.key, verdict?.said?.at !== before?.said?.at, false);
    store.dispatch({ type: 'notice', notice: null });
    store.dispatch({ type: 'say', text: announce(verdict) });
    if (next !== null) {
      store.dispatch({ type: 'show', view: next });
      void lookAhead(host, 1);
      return;
    }
  } finally {
    store.dispatch({ type: 'asking', what: null });
  }
  const text = store.state.review.reading
    ? t('That was the last trace of the list that was read so far. Skip leads on from it.')
    : t('That was the last trace of the list.');
  store.dispatch({ type: 'notice', notice: { kind: 'done', text } });
}

async function takeBack(store: TraceStore, host: Host, editor: Editor): Promise<void> {
  const { review } = store.state;
  const last = review.open ? review.judged.at(-1) : undefined;
  if (last !== undefined) {
    // Whatever comes of it: one that cannot be taken back is not in the way of those before.
    store.dispatch({ type: 'review', review: { judged: review.judged.slice(0, -1) } });
    await showTrace(store, host, editor, last.index);
    if (store.state.document?.key !== last.key) {
      throw new Error(t('The trace that was judged last is not where it was: its verdict stands.'));
    }
  }
  const { document, verdict } = store.state;
  if (document === null || verdict === null) return;
  const before = store.state.partVerdicts;
  await host.undoVerdict(document.revision);
  const wasOfPart = JSON.stringify(store.state.partVerdicts) !== JSON.stringify(before);
  const text = wasOfPart ? t('The verdict on a part is taken back') : announce(store.state.verdict);
  store.dispatch({ type: 'say', text });
  store.dispatch({ type: 'notice', notice: null });
}

/** What counts now, in words. */
function announce(verdict: AppState['verdict']): string {
  if (verdict === null) return '';
  return verdict.said === null ? t('Not judged') : verdictWord(verdict.verdict);
}
