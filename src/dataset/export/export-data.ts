import { basename } from 'node:path';
import { score } from '../../score/score';
import { ScoreSums } from '../../score/score-sums';
import { scoredTrace } from '../../score/scored-trace';
import { DataError } from '../data-error';
import type { EditedItem, EditedItems } from './edited-items';
import {
  CannotExport,
  type ExportFormat,
  type ExportNote,
  type ExportTarget,
  type Prepared,
} from './export-target';
import { inOrder } from './in-order';
import { type Manifest, type OverlayRecord, writeManifest } from './manifest';
import type { NewFolder } from './new-folder';
import { describeCounts } from './verdict-tally';

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly folder: NewFolder;
  readonly target: ExportTarget;
  /** The overlay whose edits the items have; null if there is none. */
  readonly overlay: OverlayRecord | null;
  /** SHA-256 of the prompt profile, where its words are used. */
  readonly profile: string | null;
  /** Whether traces whose pictures are missing are left out; else they are an error. */
  readonly skipMissing: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number | null) => void;
}

/** Items that are prepared at once: while one waits for its images, others are drawn. */
const WIDTH = 4;

/**
 * Writes a new data set of `items` into a new folder, which has its name when all is written and was read again. Throws
 * `DataError`, `ImageError`, and what `signal` is aborted with; the caller then discards the folder.
 */
export async function exportData(items: EditedItems, options: ExportOptions): Promise<Manifest> {
  const { target, folder, signal, onProgress } = options;
  const notes: ExportNote[] = [];
  const prepare = async (edited: EditedItem) => {
    signal.throwIfAborted();
    return { edited, prepared: await prepareItem(edited, items, options) };
  };
  const scores = new ScoreSums();
  let editedCount = 0;
  try {
    for await (const { edited, prepared } of inOrder(items, WIDTH, prepare)) {
      signal.throwIfAborted();
      if (prepared !== null) {
        await prepared.write();
        scores.add(score(scoredTrace(edited.trace)));
        if (edited.edited) editedCount++;
        const { line } = edited.item;
        notes.push(...prepared.notes.map((note) => ({ line, id: edited.trace.id, note })));
      }
      const { count, counting } = items.source.counts;
      onProgress?.(items.read, counting ? null : count);
    }
    const { fault } = items.source;
    if (fault !== null)
      throw new DataError(`${items.source.path} cannot be read to its end: ${fault.message}`);
    if (scores.count === 0) throw new DataError(nothingLeft(items));
    signal.throwIfAborted();
    await target.finish();
  } finally {
    await target.close();
  }
  const manifest = await writeManifest(folder, {
    for: options.format,
    source: basename(items.source.path),
    overlay: options.overlay,
    outcome: items.outcome,
    verdicts: items.verdicts,
    profile: options.profile,
    read: items.read,
    written: scores.count,
    edited: editedCount,
    images: target.images,
    scores: scores.means,
    advice: target.advice,
    leftOut: items.leftOut.sort((a, b) => a.line - b.line),
    leftOutCount: items.leftOutCount,
    notes,
  });
  await folder.finish();
  return manifest;
}

/** Null for one that is left out. */
async function prepareItem(
  edited: EditedItem,
  { leftOut, source }: EditedItems,
  { target, skipMissing, signal }: ExportOptions,
): Promise<Prepared | null> {
  const { item, trace } = edited;
  try {
    return await target.prepare(edited, signal);
  } catch (error) {
    if (!(error instanceof CannotExport)) throw error;
    if (error.picture && !skipMissing) {
      throw new DataError(
        `${source.path}, line ${item.line}, ${trace.id}: ${error.message} Nothing was written. Put the image there, or leave such traces out with --skip-missing.`,
      );
    }
    leftOut.push({ line: item.line, id: trace.id, reason: error.message });
    return null;
  }
}

function nothingLeft({ source, leftOut, verdicts }: EditedItems): string {
  const [first] = leftOut;
  if (verdicts.exported === 'approved' && verdicts.counts.approved === 0) {
    const counts = describeCounts(verdicts);
    const there = counts === '' ? 'It has no traces.' : `Its traces are ${counts}.`;
    return `No trace of ${source.path} is approved. ${there} Approve some in VS Code, or export all.`;
  }
  const why = first === undefined ? 'It is empty.' : `Line ${first.line}: ${first.reason}`;
  return `Of ${source.path} nothing is left to be written. ${why}`;
}
