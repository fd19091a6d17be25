/** Work that goes on side by side, and work that wants nothing beside it: that waits for the others, and new ones for it. */
export class SideBySide {
  private readonly going = new Set<Promise<unknown>>();
  private alones: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.waiting > 0) await this.alones;
    const run = work();
    this.going.add(run);
    try {
      return await run;
    } finally {
      this.going.delete(run);
    }
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    const run = this.alones
      .then(() => Promise.allSettled(this.going))
      .then(work)
      .finally(() => {
        this.waiting--;
      });
    this.alones = run.catch(() => {});
    return run;
  }
}
