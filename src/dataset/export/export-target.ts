import type { EditedItem } from './edited-items';

export const EXPORT_FORMATS = ['traces', 'llamafactory', 'huggingface', 'easyr1', 'verl'] as const;
/** What a data set is written for. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Whether a form has the words that are said to the model, which then are those of a prompt profile. */
export const saysPrompts = (format: ExportFormat): boolean => format !== 'traces';

/** Whether a form has its pictures as files, which can be links. */
export const hasImageFiles = (format: ExportFormat): boolean =>
  format === 'traces' || format === 'llamafactory';

export const IMAGE_MODES = ['copy', 'link'] as const;
/** How pictures that stay as they are get into the new data set. */
export type ImageMode = (typeof IMAGE_MODES)[number];

/** Something about a trace that was written, for people. */
export interface ExportNote {
  readonly line: number;
  readonly id: string;
  readonly note: string;
}

/** How many images went in, and how. */
export interface ImageCounts {
  copied: number;
  linked: number;
  resized: number;
  drawn: number;
}

/** Settings with which a trainer (LLaMA-Factory's names) neither shrinks an image of the data set nor cuts a sample short. */
export interface TrainerAdvice {
  /** Pixels of the largest image. */
  readonly image_max_pixels: number;
  /** Tokens of the longest sample, at most: those of its images, and as many of its text as that has bytes in UTF-8. */
  readonly cutoff_len: number;
}

/** What an item became, before it is written. Several are prepared at once, and written in their order. */
export interface Prepared {
  readonly notes: readonly string[];
  write(): Promise<void>;
}

/** Writes traces in one form. */
export interface ExportTarget {
  readonly images: Readonly<ImageCounts>;
  /** What a trainer should be set to; null where nobody trains on this form. Known when all traces are written. */
  readonly advice: TrainerAdvice | null;
  /** Throws `CannotExport` where this trace cannot be written, and `DataError` where nothing more can be. */
  prepare(item: EditedItem, signal: AbortSignal): Promise<Prepared>;
  /** All traces are written: writes what belongs to them all, and proves it by reading it again. Throws `DataError`. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** A trace that cannot be written in this form. `message` says why, for people. */
export class CannotExport extends Error {
  override readonly name = 'CannotExport';

  constructor(
    message: string,
    /** Whether a picture is at fault: then the data set would lose a trace that others hold to be whole. */
    readonly picture = false,
  ) {
    super(message);
  }
}
