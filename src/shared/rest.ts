import { setTimeout as sleep } from 'node:timers/promises';

/** Work in the background that now and then stands still for a while, so that what a person waits for comes first. */
export class Rest {
  private until = 0;

  /** Milliseconds of the rest that are left; 0 where there is none. */
  get left(): number {
    return Math.max(0, this.until - performance.now());
  }

  /** Begins a rest of so many milliseconds, or makes the one that is going on as long. */
  begin(milliseconds: number): void {
    this.until = Math.max(this.until, performance.now() + milliseconds);
  }

  /** Resolves when there is none. */
  async over(): Promise<void> {
    for (let { left } = this; left > 0; left = this.left) await sleep(left);
  }
}
