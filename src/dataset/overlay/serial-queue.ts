/** Carries out one piece of work after the other. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** Does `work` when all before it is done, however that ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const outcome = this.last.then(work);
    this.last = outcome.catch(() => undefined);
    return outcome;
  }
}
