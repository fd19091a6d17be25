/** Turns events that are pushed into ones that are pulled: what is pushed waits until it is asked for. */
export class EventQueue<T> implements AsyncIterable<T> {
  private readonly waiting: T[] = [];
  private ended = false;
  private error: unknown;
  private wake: () => void = () => undefined;

  push(event: T): void {
    this.waiting.push(event);
    this.wake();
  }

  /** No more events come; after those that wait, the reader ends, or throws `error` if there is one. */
  end(error?: unknown): void {
    this.ended = true;
    this.error = error;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const event = this.waiting.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.ended) {
        if (this.error !== undefined) throw this.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
