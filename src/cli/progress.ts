import type { Io } from './io';

/** Between two paints of the line, in milliseconds. */
const INTERVAL = 100;

/** One line on the terminal that is written over again and again, and is gone in the end. Nothing without a terminal. */
export class Progress {
  private shown = false;
  private paintedAt = 0;

  constructor(private readonly io: Pick<Io, 'stderr' | 'columns'>) {}

  /** Shows `text`, unless the line was painted a moment ago. */
  show(text: string): void {
    const { columns, stderr } = this.io;
    const now = Date.now();
    if (columns === null || now - this.paintedAt < INTERVAL) return;
    this.paintedAt = now;
    this.shown = true;
    stderr.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
  }

  /** Takes the line away, so that others can write where it was. */
  clear(): void {
    if (!this.shown) return;
    this.shown = false;
    this.paintedAt = 0;
    this.io.stderr.write('\r\u001b[K');
  }
}

/** `37 %` */
export function percent(done: number, total: number): string {
  return `${total > 0 ? Math.floor((done / total) * 100) : 100} %`;
}
