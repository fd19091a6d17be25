/** A place from which on a data file cannot be read as what it is. */
export interface FileFault {
  /** 1-based. */
  readonly line: number;
  /** Byte of the file, counted from 0. */
  readonly byte: number;
  /** For people, a sentence. */
  readonly message: string;
}

/** Told of each item: its first byte in the file, one after its last, and the 1-based line in which it begins. */
export type OnItem = (start: number, end: number, line: number) => void;

/** Finds the items of a data file in its bytes, which it is given piece by piece. */
export interface ItemScanner {
  /** The next bytes of the file. False if there is no use in more of them. */
  push(piece: Uint8Array): boolean;
  /** The file has ended. The fault that ended the reading early, or null if there is none. */
  end(): FileFault | null;
}

/**
 * How items stand in a file. `any`: as the members of one JSON array, or one a line with blank lines between; which of the
 * two, the first character says. White space around an item is not part of it. `exact-lines`: every line is an item, a
 * blank one too, with its line feed.
 */
export type ItemForm = 'any' | 'exact-lines';
