import { basename } from 'node:path';
import { scoredTrace } from '../../score/scored-trace';
import { ScoresAmong } from '../../score/scores-among';
import type { Flag } from '../../trace/flag';
import type { QuestionType } from '../../trace/trace';
import { type EditedItem, EditedItems } from '../export/edited-items';
import { readOverlay } from '../export/read-overlay';
import { LineFile } from '../line-file';
import type { Overlay } from '../overlay/overlay';
import { pinOf } from '../overlay/pin';
import { requireOther } from '../require-other';
import type { DataFormat } from '../source/data-source';
import { openDataSource } from '../source/open-source';
import type { StartIndex } from '../source/start-index';
import { sourceOf } from '../table/item-row';
import { AgreementTally } from './agreement';
import { Breakdown } from './breakdown';
import type { Report, TracePlace } from './report';
import { type CsvRow, csvHead, csvRow } from './report-csv';
import { ReviewerTally } from './reviewers';
import { ScoreBins } from './score-bins';

/** Traces that are named for each reason. */
const EXAMPLES = 5;

export interface ReportOptions {
  readonly startIndex: StartIndex;
  /** What the file holds if it does not say: see `openDataSource`. */
  readonly otherwise: DataFormat | null;
  /** Absolute path of a table of all traces, a row each, that is written besides; null for none. */
  readonly csv: string | null;
  /** Of how many is null while they are being counted. */
  readonly onProgress: (done: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

/**
 * Goes through a data file once, with the saved edits and the verdicts beside it, and says what its review comes to. Memory
 * grows with the verdicts, not with the texts. Throws `DataError`; an `AbortError` on `signal`, and then no table is written.
 */
export async function makeReport(path: string, options: ReportOptions): Promise<Report> {
  const { startIndex, otherwise, csv, onProgress, signal } = options;
  if (csv !== null) await requireOther(path, csv);
  const source = await openDataSource(path, {
    startIndex,
    images: () => null,
    ...(otherwise !== null && { otherwise }),
  });
  let table: LineFile | null = null;
  try {
    const { overlay, record } = await readOverlay(path);
    const items = new EditedItems(source, overlay, 'all');
    const tally = new ReportTally(overlay);
    table = csv === null ? null : await LineFile.create(csv);
    await table?.add(csvHead());
    for await (const item of items) {
      signal.throwIfAborted();
      const row = tally.add(item);
      await table?.add(csvRow(row));
      onProgress(items.read, source.counts.counting ? null : source.counts.count);
    }
    signal.throwIfAborted();
    await table?.finish();
    return {
      ...{ file: basename(path), made: new Date().toISOString() },
      ...{ notTraces: items.leftOut.length, verdicts: items.verdicts.counts },
      fault: source.fault?.message ?? null,
      problems: [...(record?.problems ?? [])],
      ...tally.result,
    };
  } finally {
    await table?.discard();
    await source.close();
  }
}

/** What traces come to, as they go by. */
class ReportTally {
  private readonly scores = new ScoresAmong();
  private readonly bins = new ScoreBins();
  private readonly agreement = new AgreementTally();
  private readonly reviewers = new ReviewerTally();
  private readonly reasons = new Breakdown<string>();
  private readonly examples = new Map<string, TracePlace[]>();
  private readonly sources = new Breakdown<string>();
  private readonly types = new Breakdown<QuestionType>();
  private readonly flags = new Breakdown<Flag>();
  private traces = 0;
  private edited = 0;
  /** Traces of which somebody said something. */
  private spokenOf = 0;

  constructor(private readonly overlay: Overlay) {}

  add({ item, original, trace, edited: hasEdits, verdict: standing, said }: EditedItem): CsvRow {
    const { index, line, hash } = item;
    const place = { index, line, id: trace.id };
    const pin = hasEdits ? pinOf(hash, original, trace) : hash;
    const edited = pin !== hash;
    const verdict = standing?.verdict ?? 'pending';
    const source = sourceOf(trace);
    const score = this.scores.score(scoredTrace(trace));
    this.traces++;
    if (edited) this.edited++;
    if (said.length > 0) this.spokenOf++;
    this.bins.add(score, verdict);
    this.sources.add(source, verdict);
    this.types.add(trace.type, verdict);
    for (const flag of score.flags) this.flags.add(flag, verdict);
    this.reviewers.add(said);
    if (standing !== null && !standing.editedSince) {
      for (const reason of reasonsOf(standing.said.reason)) {
        this.reasons.add(reason, verdict);
        const examples = this.examples.get(reason) ?? [];
        this.examples.set(reason, examples);
        if (examples.length < EXAMPLES) examples.push(place);
      }
    }
    const agree = this.agreement.add(place, said, pin);
    return { place, trace, source, edited, verdict: standing, score, agree };
  }

  get result() {
    const { verdicts } = this.overlay;
    const spokenOf = verdicts.traces().filter((ref) => verdicts.of(ref).length > 0).length;
    return {
      ...{ traces: this.traces, edited: this.edited, orphans: spokenOf - this.spokenOf },
      reviewers: this.reviewers.result,
      reasons: this.reasons.result.map(({ name, counts }) => ({
        ...{ name, counts },
        examples: this.examples.get(name) ?? [],
      })),
      ...{ sources: this.sources.result, types: this.types.result, flags: this.flags.result },
      ...{ scores: this.bins.result, agreement: this.agreement.result },
    };
  }
}

/** Several reasons for one verdict stand side by side, parted by semicolons. */
function reasonsOf(text: string | undefined): Set<string> {
  const parts = (text ?? '').split(';').map((part) => part.trim());
  return new Set(parts.filter((part) => part !== ''));
}
