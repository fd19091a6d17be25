import type { Listeners } from '../../shared/listeners';
import type { FindingCode, Severity } from '../../trace/finding';
import type { Span } from '../../trace/python-text';
import type { Trace } from '../../trace/trace';
import type { Counted } from './indexed-file';
import type { FileFault } from './scanner';

/**
 * What a data file holds. `traces`: lines of `vilasr.trace/1`. `sharegpt`: conversations with images, as upstream's
 * cold-start and reflective files and LLaMA-Factory have them. `results`: upstream's results.jsonl. `inference`: the folder
 * that upstream's inference writes, one folder a sample. `rollouts`: what verl dumps of its rollouts. `questions`: rows of
 * training and evaluation, without turns.
 */
export const DATA_FORMATS = ['traces', 'sharegpt', 'results', 'inference', 'rollouts', 'questions'] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** What can be wrong with an item of a data file besides what can be wrong with any trace. */
export type DataFindingCode =
  /** Its bytes are no UTF-8 text. */
  | 'not-utf8'
  /** It is too long to be read. */
  | 'too-long'
  /** Its file is not there, or cannot be read. */
  | 'unreadable'
  /** A message is not by whom it should be. */
  | 'wrong-role'
  /** The messages end with one to the model. */
  | 'unanswered'
  /** The images it has are not those that its messages show, or that its drawings give. */
  | 'image-count'
  /** No file is where an image should be. */
  | 'missing-image'
  /** The path of an image leads where it may not. */
  | 'refused-image'
  /** An earlier item has the same id. */
  | 'duplicate-id'
  /** The file cannot be read beyond this place. */
  | 'cut-short';

/** Something about an item that is not as it should be, and where in its file. */
export interface ItemFinding {
  readonly code: FindingCode | DataFindingCode;
  readonly severity: Severity;
  /** For people. */
  readonly message: string;
  /** The turn, counted from 0, and the range in its text. */
  readonly turn?: number;
  readonly span?: Span;
  /** The field of the item, as in `conversations[2].content`; absent where the item as a whole is meant. */
  readonly path?: string;
  /** 1-based line of the file. */
  readonly line: number;
  /** Byte of the file, counted from 0. */
  readonly byte: number;
}

/** An item of a data file. */
export interface DataItem {
  /** From 0. */
  readonly index: number;
  /** Absolute path of the file that it stands in. */
  readonly file: string;
  /** 1-based line in which it begins, and the byte of the file. */
  readonly line: number;
  readonly byte: number;
  /** Its JSON text, unchanged, without white space around it (a sample's own file is as it is); empty where it is no text. */
  readonly raw: string;
  /** SHA-256 of `raw` in UTF-8, hexadecimal: names the item, whatever its place. */
  readonly hash: string;
  /** Null where it is none. */
  readonly trace: Trace | null;
  readonly findings: readonly ItemFinding[];
}

/** A data file that is open: its items are read one at a time, whatever its size. */
export interface DataSource {
  /** Absolute. */
  readonly path: string;
  readonly format: DataFormat;
  /** Absolute path of what relative image paths start from. */
  readonly folder: string;
  readonly counts: Counted;
  /** Told as the index grows and when it is whole. */
  readonly counted: Listeners<Counted>;
  /** What keeps the rest of the file from being read; null if nothing, or nothing so far. */
  readonly fault: FileFault | null;
  /** Item number `index`, counted from 0; waits for the index to get there. Null if there is no such item. */
  item(index: number): Promise<DataItem | null>;
  /** The JSON text of an item as `DataItem.raw` has it, without reading it as one. */
  raw(index: number): Promise<string | null>;
  /** The id of the trace of an item that gives itself none. */
  fallbackId(index: number): string;
  /** The `hash` of item number `index`, without reading what it says; else as `item`. */
  hash(index: number): Promise<string | null>;
  /** How many items before `item` have the very same text: what tells items of one hash apart. */
  twinsBefore(item: DataItem): Promise<number>;
  close(): Promise<void>;
}
