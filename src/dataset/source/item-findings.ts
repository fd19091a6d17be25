import { deriveTurns } from '../../trace/derive';
import { checkTrace } from '../../trace/edit/checks';
import type { Finding } from '../../trace/finding';
import type { Trace } from '../../trace/trace';
import type { DataItem, ItemFinding } from './data-source';

/**
 * All that is found of an item, that of its trace as a whole too. With `edited`, its trace as edits have made it, the turns
 * are those of this one. What has no place of its own in the file is where the item begins.
 */
export function itemFindings(item: DataItem, edited: Trace | null = null): readonly ItemFinding[] {
  const { trace, findings, line, byte } = item;
  const now = edited ?? trace;
  if (now === null) return findings;
  const place = ({ code, severity, message, turn, span }: Finding): ItemFinding => ({
    ...{ code, severity, message, line, byte },
    ...(turn !== undefined && { turn }),
    ...(span && { span }),
  });
  const checks = checkTrace(now).map(place);
  if (edited === null) return [...findings, ...checks];
  const { findings: derived } = deriveTurns(now.images.length, now.turns, now.run?.limits.maxImages);
  return [...findings.filter((finding) => !isOfText(finding)), ...derived.map(place), ...checks];
}

/** Whether it is about the text of a turn, which may be another after an edit. */
export const isOfText = ({ turn, span }: Pick<ItemFinding, 'turn' | 'span'>): boolean =>
  turn !== undefined && span !== undefined;
