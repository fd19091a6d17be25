import { t } from '@vscode/l10n';
import type { VerdictCommand } from '../../../src/view/verdict';
import { IconButton } from '../../shared/icon-button';
import { Icon, type IconName } from '../../shared/icons';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { judge } from '../judge';
import { describeOther, standingSource, standingWord } from '../model/verdict-words';
import { useSelect, useStore } from '../store';

/** A picture for each verdict, none like another. */
export const VERDICT_ICONS = {
  approved: 'right',
  rejected: 'wrong',
  'needs-edit': 'edit',
  pending: 'pending',
} as const;

/** What was said of a trace of a data file, by whom and when, and buttons to say something else. */
export function VerdictBar() {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const verdict = useSelect((state) => state.verdict);
  if (verdict === null) return null;
  const { said, others, editedSince } = verdict;
  const holds = (one: string) => !editedSince && said?.verdict === one;
  const source = standingSource(verdict);
  const all = others.map(describeOther).join(' · ');
  const button = (command: VerdictCommand, icon: IconName, label: string, more: object) => (
    <IconButton
      icon={icon}
      label={label}
      onClick={() => void judge(store, host, editor, command)}
      testId={command}
      {...more}
    />
  );
  return (
    <div class="group judging" role="toolbar" aria-label={t('Verdict')}>
      <p class={`judged ${verdict.verdict}`} data-testid="judged">
        <Icon name={VERDICT_ICONS[verdict.verdict]} />
        <strong>{standingWord(verdict)}</strong>
        {said !== null && (
          <>
            <span class="judge" title={source}>
              {source}
            </span>
            <time class="judged-at" dateTime={said.at}>
              {when(said.at)}
            </time>
          </>
        )}
        {all !== '' && (
          <span class="judge others" title={all} data-testid="other-verdicts">
            {all}
          </span>
        )}
      </p>
      {button('approve', 'right', t('Approve'), { pressed: holds('approved') })}
      {button('reject', 'wrong', t('Reject'), { pressed: holds('rejected') })}
      {button('needsEdit', 'edit', t('Needs Edit'), { pressed: holds('needs-edit') })}
      {button('clearVerdict', 'pending', t('Clear Verdict'), {
        disabled: said === null || said.verdict === 'pending',
      })}
    </div>
  );
}

/** A moment in the language of the page, short. */
const when = (at: string): string =>
  new Date(at).toLocaleString(document.documentElement.lang || 'en', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
