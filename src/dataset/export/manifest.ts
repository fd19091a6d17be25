import type { ScoreMeans } from '../../score/score-sums';
import type { LeftOut, OverlayOutcome } from './edited-items';
import type { ExportFormat, ExportNote, ImageCounts, TrainerAdvice } from './export-target';
import type { NewFolder, WrittenFile } from './new-folder';
import type { VerdictRecord } from './verdict-tally';

export const MANIFEST = 'manifest.json';

/** Which overlay was applied. */
export interface OverlayRecord {
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  readonly events: number;
  /** What is wrong with its lines. */
  readonly problems: readonly string[];
}

/** What an export did. */
export interface ExportRecord {
  readonly for: ExportFormat;
  /** Name of the file that was read. */
  readonly source: string;
  readonly overlay: OverlayRecord | null;
  readonly outcome: OverlayOutcome;
  readonly verdicts: VerdictRecord;
  readonly profile: string | null;
  readonly read: number;
  readonly written: number;
  readonly edited: number;
  readonly images: Readonly<ImageCounts>;
  readonly scores: ScoreMeans;
  readonly advice: TrainerAdvice | null;
  readonly leftOut: readonly LeftOut[];
  /** How many items were not written, those too that are not named. */
  readonly leftOutCount: number;
  readonly notes: readonly ExportNote[];
}

interface NamedEvent {
  readonly id: string;
  readonly label: string;
  readonly who: string;
  readonly at: string;
  readonly reason: string;
}

/** `manifest.json` of a data set that was written. */
export interface Manifest {
  readonly format: 'vilasr.export/1';
  readonly for: ExportFormat;
  readonly source: string;
  readonly profile: string | null;
  readonly counts: {
    /** Items of the source. */
    readonly read: number;
    readonly written: number;
    /** Of those written, how many have edits. */
    readonly edited: number;
    readonly leftOut: number;
    readonly images: Readonly<ImageCounts>;
  };
  /** Means of what is written: see `docs/scores.md`. */
  readonly scores: Omit<ScoreMeans, 'flags'> & { readonly flags: Readonly<Record<string, number>> };
  /** Settings for the training; null where the form is for none. */
  readonly advice: TrainerAdvice | null;
  readonly overlay:
    | (OverlayRecord & { readonly applied: number; readonly notApplied: readonly NamedEvent[] })
    | null;
  readonly verdicts: VerdictRecord;
  /** Each that is not written and why; traces that nobody judged are only counted. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly ExportNote[];
  /** All files but this one. */
  readonly files: readonly WrittenFile[];
}

/** Writes what was done into the folder. The same data gives the same manifest: it holds no time. */
export async function writeManifest(folder: NewFolder, record: ExportRecord): Promise<Manifest> {
  const { overlay, outcome, verdicts, read, written, edited, images, leftOut, notes } = record;
  const notApplied = outcome.notApplied.map(({ event: { id, label, who, at }, reason }) => {
    return { id, label, who, at, reason };
  });
  const manifest: Manifest = {
    format: 'vilasr.export/1',
    for: record.for,
    source: record.source,
    profile: record.profile,
    counts: { read, written, edited, leftOut: record.leftOutCount, images },
    scores: { ...record.scores, flags: Object.fromEntries(record.scores.flags) },
    advice: record.advice,
    overlay: overlay === null ? null : { ...overlay, applied: outcome.applied, notApplied },
    verdicts,
    leftOut,
    notes,
    files: folder.files,
  };
  await folder.write(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
