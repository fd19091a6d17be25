import { setImmediate as queueOfEvents } from 'node:timers/promises';

interface Joined<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns at something that does one thing at a time. Jobs come first, one after another; while there are none, whatever
 * waits to be done together is done together.
 */
export class Turns<Item, Answer> {
  private readonly jobs: (() => Promise<void>)[] = [];
  private readonly joined: Joined<Item, Answer>[] = [];
  private working = false;

  /**
   * `together` answers at most so many items, in their order. If it throws, each is done again by itself: so only one that
   * fails alone is answered with how it failed.
   */
  constructor(
    private readonly together: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  /** Does a job while nothing else is done. */
  alone<T>(job: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.jobs.push(() => job().then(resolve, reject));
      void this.work();
    });
  }

  /** Waits until the item is done, together with others that wait then. */
  join(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.joined.push({ item, resolve, reject });
      void this.work();
    });
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    while (this.jobs.length + this.joined.length > 0) {
      // Those who were answered just now come back with what they want next; cancels and new requests come in.
      await queueOfEvents();
      const job = this.jobs.shift();
      await (job ? job() : this.doTogether());
    }
    this.working = false;
  }

  private async doTogether(joined = this.joined.splice(0, this.most)): Promise<void> {
    try {
      const answers = await this.together(joined.map(({ item }) => item));
      for (const [i, answer] of answers.entries()) joined[i]?.resolve(answer);
    } catch (error) {
      if (joined.length === 1) joined[0]?.reject(error);
      else for (const one of joined) await this.doTogether([one]);
    }
  }
}
