import { t } from '@vscode/l10n';
import { useState } from 'preact/hooks';
import type { Finding } from '../../../src/trace/finding';
import type { ViewFinding } from '../../../src/view/trace-view';
import { Icon } from '../../shared/icons';
import { formatCount } from '../model/numbers';

/** So many are listed until all are asked for. */
const FEW = 5;
/** No more are ever on the page at once. */
const MOST = 500;

/** What a screen reader says before a finding. */
const weight = (severity: Finding['severity']): string =>
  ({ error: t('Error:'), warning: t('Warning:'), information: t('Note:') })[severity];

/** What was found: what is wrong, and then what is worth knowing, in the order of the text. */
export function FindingList({ findings }: { readonly findings: readonly (Finding | ViewFinding)[] }) {
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const shown = findings.slice(0, all ? MOST : FEW);
  const rest = findings.length - shown.length;
  return (
    <ul class="findings" aria-label={t('Findings')}>
      {shown.map(({ severity, message, code, path }, i) => (
        <li key={i} class={severity} data-code={code}>
          <Icon name={severity} />
          <span>
            <span class="sr-only">{weight(severity)} </span>
            {path !== undefined && !message.startsWith(path) && <code>{path} </code>}
            {message}
          </span>
        </li>
      ))}
      {rest > 0 && (
        <li>
          {all ? (
            <span class="quiet">{t('and {0} more', formatCount(rest))}</span>
          ) : (
            <button type="button" class="link" onClick={() => setAll(true)}>
              {t('Show {0} more', formatCount(rest))}
            </button>
          )}
        </li>
      )}
    </ul>
  );
}
