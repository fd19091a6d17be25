import { createHash } from 'node:crypto';
import type { Severity } from '../../trace/finding';
import type { DataFormat, DataSource, ItemFinding } from './data-source';
import { itemFindings } from './item-findings';

/** A finding of a whole data file or of one of its items. */
export interface CheckedFinding extends ItemFinding {
  /** Absolute path of the file that it is in. */
  readonly file: string;
  /** Number of the item, counted from 0; null for the file as a whole. */
  readonly item: number | null;
  /** The id of its trace; null if it gives none. */
  readonly id: string | null;
}

/** What a check came to. */
export interface CheckSummary {
  readonly format: DataFormat;
  readonly items: number;
  /** How many items have nothing wrong: no finding, or none but of information. */
  readonly clean: number;
  readonly findings: number;
  /** How many there are of each code, the most frequent first. */
  readonly codes: readonly {
    readonly code: ItemFinding['code'];
    readonly severity: Severity;
    readonly count: number;
  }[];
}

/**
 * Reads a data file from first to last and tells `onFinding`, which is waited for, of all that is found. Holds one item at
 * a time, and a number for each id. Throws the reason of `signal` when it is aborted.
 */
export async function checkSource(
  source: DataSource,
  onFinding: (finding: CheckedFinding) => Promise<void> | void,
  { signal, onItem }: { readonly signal: AbortSignal; readonly onItem?: (index: number) => void },
): Promise<CheckSummary> {
  const codes = new Map<string, { code: ItemFinding['code']; severity: Severity; count: number }>();
  const ids = new Map<number, number>();
  let [items, clean, findings] = [0, 0, 0];
  const tell = async (finding: CheckedFinding) => {
    findings++;
    const key = `${finding.code} ${finding.severity}`;
    const known = codes.get(key) ?? { code: finding.code, severity: finding.severity, count: 0 };
    codes.set(key, { ...known, count: known.count + 1 });
    await onFinding(finding);
  };
  for (; ; items++) {
    signal.throwIfAborted();
    const item = await source.item(items);
    if (item === null) break;
    const id = item.trace?.id ?? null;
    const all = [...itemFindings(item)];
    const first = id === null ? undefined : firstOf(ids, id, items);
    if (first !== undefined && id !== null) {
      const message = `The id ${JSON.stringify(id)} is that of item ${first + 1} too.`;
      all.push({ code: 'duplicate-id', severity: 'warning', message, line: item.line, byte: item.byte });
    }
    for (const finding of all) await tell({ ...finding, file: item.file, item: items, id });
    if (all.every(({ severity }) => severity === 'information')) clean++;
    onItem?.(items);
  }
  const { fault } = source;
  if (fault !== null) {
    await tell({ code: 'cut-short', severity: 'error', ...fault, file: source.path, item: null, id: null });
  }
  const sorted = [...codes.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  return { format: source.format, items, clean, findings, codes: sorted };
}

/** The first item of this id, if `index` is not it. An id counts by 48 bits of its hash: a million of them are apart. */
function firstOf(ids: Map<number, number>, id: string, index: number): number | undefined {
  const key = createHash('sha256').update(id).digest().readUIntBE(0, 6);
  const first = ids.get(key);
  if (first === undefined) ids.set(key, index);
  return first;
}
