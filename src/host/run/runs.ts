import { randomUUID } from 'node:crypto';
import { Listeners } from '../../shared/listeners';
import type { Trace } from '../../trace/trace';
import { engineKey, type ModelChoice } from '../model/model-choice';
import { Run, type RunRequest } from './run';
import { type Lane, RunQueue } from './run-queue';
import type { RunStore } from './run-store';

/** Something that waits in the queue: a run, or another use of the model. */
interface Entry {
  readonly lane: Lane;
  work(): Promise<void>;
}

/** Runs of one local model are one after another; a server takes several at the same time. */
function laneOf(model: ModelChoice): Lane {
  return { name: engineKey(model), width: model.source === 'server' ? model.server.parallel : 1 };
}

/** The runs of this window: starts them, one after another or side by side, and keeps those that have ended. */
export class Runs {
  /** Told when a run is added, ends, or gets on. */
  readonly changed = new Listeners<void>();
  readonly ended = new Listeners<{ readonly run: Run; readonly trace: Trace }>();
  /** Told why a run could not be kept. */
  readonly lost = new Listeners<unknown>();
  private readonly queue: RunQueue<Entry>;
  private readonly going = new Map<string, Run>();
  private readonly waiting = new Map<Run, Entry>();
  /** Work beside the runs that is to be stopped with them. */
  private readonly others = new Map<Promise<unknown>, AbortController>();
  private readonly places = new Map<Entry, (ahead: number) => void>();

  /** @param carryOut must not reject. */
  constructor(
    private readonly carryOut: (run: Run) => Promise<Trace>,
    private readonly store: RunStore,
  ) {
    this.queue = new RunQueue(
      ({ lane }) => lane,
      (entry) => entry.work(),
      () => this.showPlaces(),
    );
  }

  /** Those that have not ended, in the order in which they were asked. */
  get active(): readonly Run[] {
    return [...this.going.values()];
  }

  /** Whether a run, or other work with a model, goes on or waits. */
  get isBusy(): boolean {
    return this.going.size > 0 || this.others.size > 0;
  }

  find(id: string): Run | null {
    return this.going.get(id) ?? null;
  }

  start(request: RunRequest): Run {
    const run = new Run(request);
    this.going.set(run.id, run);
    run.events.add(({ type }) => {
      if (type === 'state' || type === 'turn') this.changed.tell();
    });
    const entry: Entry = { lane: laneOf(request.model), work: () => this.finish(run) };
    this.waiting.set(run, entry);
    // One that waits ends at once when it is stopped; one that is under way ends by itself.
    run.signal.addEventListener('abort', () => {
      if (this.queue.remove(entry)) void this.finish(run);
    });
    this.queue.add(entry);
    return run;
  }

  /**
   * Does `work` when its turn comes and nothing else goes on, so that it may open and close models. Rejects with the
   * signal's reason when that is aborted before.
   */
  alone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.inLane({ name: `alone ${randomUUID()}`, width: 1 }, work, signal);
  }

  /**
   * Does `work` with a model when its turn comes, as a run does; `stopAll` aborts it and waits for its end. Rejects with the
   * reason when it is aborted before.
   *
   * @param onPlace is told how many entries are before it while it waits.
   */
  beside<T>(
    model: ModelChoice,
    work: () => Promise<T>,
    abort: AbortController,
    onPlace: (ahead: number) => void,
  ): Promise<T> {
    const done = this.inLane(laneOf(model), work, abort.signal, onPlace);
    this.others.set(done, abort);
    this.changed.tell();
    const leave = () => {
      this.others.delete(done);
      this.changed.tell();
    };
    done.then(leave, leave);
    return done;
  }

  private inLane<T>(
    lane: Lane,
    work: () => Promise<T>,
    signal: AbortSignal,
    onPlace: (ahead: number) => void = () => {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        lane,
        work: () => {
          this.places.delete(entry);
          return work().then(resolve, reject);
        },
      };
      signal.addEventListener('abort', () => {
        if (!this.queue.remove(entry)) return;
        this.places.delete(entry);
        reject(signal.reason);
      });
      this.places.set(entry, onPlace);
      this.queue.add(entry);
    });
  }

  /** Stops all runs, and work beside them, and resolves when what came of them is kept. */
  async stopAll(): Promise<void> {
    const others = [...this.others.keys()];
    for (const abort of this.others.values()) abort.abort();
    const ends = this.active.map(
      (run) =>
        new Promise<void>((resolve) => {
          const leave = this.changed.add(() => {
            if (this.going.has(run.id)) return;
            leave();
            resolve();
          });
        }),
    );
    for (const run of this.active) run.stop();
    await Promise.all(ends);
    await Promise.allSettled(others);
  }

  private async finish(run: Run): Promise<void> {
    this.waiting.delete(run);
    const trace = await this.carryOut(run);
    try {
      await this.store.append(trace);
    } catch (error) {
      this.lost.tell(error);
    }
    this.going.delete(run.id);
    run.end(trace);
    this.ended.tell({ run, trace });
    this.changed.tell();
  }

  private showPlaces(): void {
    for (const [run, entry] of this.waiting) {
      const ahead = this.queue.ahead(entry);
      if (ahead !== null) run.enter({ state: 'queued', ahead });
    }
    for (const [entry, onPlace] of this.places) {
      const ahead = this.queue.ahead(entry);
      if (ahead !== null) onPlace(ahead);
    }
    this.changed.tell();
  }
}
