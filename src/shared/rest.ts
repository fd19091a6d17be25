import { setTimeout as sleep } from 'node:timers/promises';

/** No rests in a row last longer, and work of so long comes after them, in milliseconds: it shall come to its end. */
const LONGEST = 20_000;
const WORK = 1000;

/** Work in the background that now and then stands still for a while, so that what a person waits for comes first. */
export class Rest {
  private from = 0;
  private until = 0;
  /** No rest begins before. */
  private next = 0;

  /** Milliseconds of the rest that are left; 0 where there is none. */
  get left(): number {
    return Math.max(0, this.until - performance.now());
  }

  /** Begins a rest of so many milliseconds, or makes the one that is going on as long. */
  begin(milliseconds: number): void {
    const now = performance.now();
    if (now < this.next) return;
    if (now >= this.until) this.from = now;
    this.until = Math.min(Math.max(this.until, now + milliseconds), this.from + LONGEST);
    if (this.until === this.from + LONGEST) this.next = this.until + WORK;
  }

  /** Resolves when there is none. */
  async over(): Promise<void> {
    for (let { left } = this; left > 0; left = this.left) await sleep(left);
  }
}
