import { t } from '@vscode/l10n';
import type { Verdict } from '../../../src/trace/verdict';
import type { SaidVerdict, ViewVerdict } from '../../../src/view/verdict';

export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case 'approved':
      return t('Approved');
    case 'rejected':
      return t('Rejected');
    case 'needs-edit':
      return t('Needs edit');
    case 'pending':
      return t('Pending');
  }
}

/** What counts, in a word. */
export function standingWord({ verdict, said }: ViewVerdict): string {
  return said === null ? t('Not judged') : verdictWord(verdict);
}

/** Where what counts comes from: who said it, and why; or why it counts no more. Empty if nobody said anything. */
export function standingSource({ said, editedSince }: ViewVerdict): string {
  if (said === null) return '';
  if (editedSince) return editedWord(said);
  const why = whySaid(said);
  return why === '' ? said.who : t('{0}: {1}', said.who, why);
}

/** What somebody else said, in short. */
export function describeOther(said: SaidVerdict): string {
  const word = verdictWord(said.verdict);
  const why = whySaid(said);
  return t('{0}: {1}', said.who, why === '' ? word : `${word} (${why})`);
}

/** The reason and the comment; empty if there is neither. */
const whySaid = ({ reason, comment }: SaidVerdict): string =>
  [reason, comment].filter((one) => one !== null).join(' – ');

function editedWord({ verdict, who }: SaidVerdict): string {
  switch (verdict) {
    case 'approved':
      return t('edited since {0} approved it', who);
    case 'rejected':
      return t('edited since {0} rejected it', who);
    default:
      return t('edited since {0} sent it back', who);
  }
}
