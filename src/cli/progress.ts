import type { Io } from './io';

/** Between two paints of the line on a terminal, in milliseconds. */
const INTERVAL = 100;
/** Between two lines where there is no terminal, and before the first. */
const PLAIN_INTERVAL = 30_000;

/**
 * How far the work is, on stderr. On a terminal it is one line that is written over again and again, and is gone in the
 * end. Elsewhere, as in a log, it is a line now and then, and none for work that is soon done.
 */
export class Progress {
  private shown = false;
  private writtenAt: number;

  constructor(private readonly io: Pick<Io, 'stderr' | 'columns'>) {
    this.writtenAt = io.columns === null ? Date.now() : 0;
  }

  /** Shows `text`, unless something was shown a moment ago. */
  show(text: string): void {
    const { columns, stderr } = this.io;
    const now = Date.now();
    if (now - this.writtenAt < (columns === null ? PLAIN_INTERVAL : INTERVAL)) return;
    this.writtenAt = now;
    if (columns === null) {
      stderr.write(`${text}\n`);
      return;
    }
    this.shown = true;
    stderr.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
  }

  /** Whether a person is watching. */
  get onTerminal(): boolean {
    return this.io.columns !== null;
  }

  /** Writes a line that stays. */
  note(text: string): void {
    this.clear();
    this.io.stderr.write(`${text}\n`);
  }

  /** Takes the line away, so that others can write where it was. */
  clear(): void {
    if (!this.shown) return;
    this.shown = false;
    this.writtenAt = 0;
    this.io.stderr.write('\r\u001b[K');
  }
}

/** `37 %` */
export function percent(done: number, total: number): string {
  return `${total > 0 ? Math.floor((done / total) * 100) : 100} %`;
}
