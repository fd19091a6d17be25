import type { Writable } from 'node:stream';

/** What a command has to do with the world around it. */
export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Columns of the terminal that stderr is, or null if it is none: see `Progress`. */
  readonly columns: number | null;
  readonly workingFolder: string;
  /** The variables of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
}
