import { t } from '@vscode/l10n';
import type { Verdict } from '../../src/trace/verdict';
import type { VerdictCommand } from '../../src/view/verdict';
import type { Store } from '../shared/store';
import type { Editor } from './edit/editor';
import { explain } from './explain';
import type { Host } from './host';
import type { Action } from './model/actions';
import type { AppState } from './model/state';
import { verdictWord } from './model/verdict-words';

type TraceStore = Store<AppState, Action>;

const VERDICT_OF: Readonly<Record<Exclude<VerdictCommand, 'undoVerdict'>, Verdict>> = {
  approve: 'approved',
  reject: 'rejected',
  needsEdit: 'needs-edit',
  clearVerdict: 'pending',
};

/**
 * Says what the user thinks of the trace that is shown, or takes it back. What moved by keys is sent before. What counts then
 * is said to screen readers; the view stays at the trace.
 */
export async function judge(
  store: TraceStore,
  host: Host,
  editor: Editor,
  command: VerdictCommand,
): Promise<void> {
  await editor.flush();
  const { document, verdict } = store.state;
  if (document === null || verdict === null) return;
  const { revision } = document;
  try {
    if (command === 'undoVerdict') await host.undoVerdict(revision);
    else if (!(await host.judge(revision, VERDICT_OF[command]))) return;
    store.dispatch({ type: 'say', text: announce(store.state) });
    store.dispatch({ type: 'notice', notice: null });
  } catch (error) {
    store.dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  }
}

/** What counts now, in words. */
function announce({ verdict }: AppState): string {
  if (verdict === null) return '';
  return verdict.said === null ? t('Not judged') : verdictWord(verdict.verdict);
}
