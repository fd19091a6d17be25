import type { Trace } from '../../trace/trace';

/** An item of a data file, as far as it matters to who writes it elsewhere. */
export interface SourceItem {
  /** From 0. */
  readonly index: number;
  /** 1-based line in which it begins. */
  readonly line: number;
  /** Its JSON text, unchanged. */
  readonly raw: string;
  /** SHA-256 of `raw` in UTF-8, without white space around it, hexadecimal. */
  readonly hash: string;
  /** Null where it is none. */
  readonly trace: Trace | null;
  readonly findings: readonly { readonly severity: string; readonly message: string }[];
}

/** A data file whose items are read one at a time, in whatever form it has them. */
export interface ItemSource {
  /** Absolute. */
  readonly path: string;
  /** `traces` if `raw` is the line of a trace file. */
  readonly format: string;
  /** How many items are known, and whether there may be more. */
  readonly counts: { readonly count: number; readonly counting: boolean };
  /** What keeps the rest of the file from being read; null if nothing. */
  readonly fault: { readonly message: string } | null;
  /** Null if there is no such item. */
  item(index: number): Promise<SourceItem | null>;
  close(): Promise<void>;
}
