import type { DataSource, ItemFinding } from '../../dataset/source/data-source';
import { isOfText } from '../../dataset/source/item-findings';
import type { ViewFinding } from '../../view/trace-view';

/** More findings than anyone reads; the rest is counted. */
const MOST_FINDINGS = 500;

/** The findings of an item for its view, which finds those in the texts of turns by itself. */
export function toViewFindings(findings: readonly ItemFinding[], line: number): ViewFinding[] {
  const all = findings.filter((finding) => !isOfText(finding));
  const shown = all.slice(0, MOST_FINDINGS).map((finding): ViewFinding => {
    const { code, severity, message, turn, path } = finding;
    const place = finding.line === line ? `byte ${finding.byte}` : `line ${finding.line}`;
    return {
      ...{ code, severity, message: `${message} (${place})`, path },
      ...(turn !== undefined && { turn }),
    };
  });
  const rest = all.length - shown.length;
  if (rest === 0) return shown;
  return [...shown, { code: 'more', severity: 'warning', message: `There are ${rest} more findings.` }];
}

/** What keeps a file from being read beyond item number `index`, if that is the last one that was found. */
export function faultAfter(
  { fault, counts }: Pick<DataSource, 'fault' | 'counts'>,
  index: number,
): ViewFinding[] {
  if (fault === null || index < counts.count - 1) return [];
  const message = `The file cannot be read beyond line ${fault.line} (byte ${fault.byte}): ${fault.message}`;
  return [{ code: 'cut-short', severity: 'error', message }];
}
