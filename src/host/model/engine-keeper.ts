import { type Computing, type Engine, EngineError } from '../../engine/engine';
import type { PromptProfile } from '../../reason/profile';
import { Listeners } from '../../shared/listeners';

/** A model that is ready to speak, and the words to speak to it in. */
export interface OpenModel {
  readonly engine: Engine;
  readonly profile: PromptProfile;
}

/** How to open one model. */
export interface ModelOpener {
  /** Which model, however it is opened and its weights are held. */
  readonly name: string;
  /** Two that have the same key take each other's place. */
  readonly key: string;
  open(onProgress: (message: string) => void, signal: AbortSignal): Promise<OpenModel>;
}

/** `idle` is ready; `unloaded` takes no memory, and the next run opens it. */
export type ModelState = 'unloaded' | 'opening' | 'idle' | 'running';

export interface UseOptions {
  readonly signal: AbortSignal;
  /** Told in words what opening is doing, for example importing the model. */
  readonly onProgress: (message: string) => void;
}

/** A model, from when it is opened to when it is closed. */
interface Held {
  readonly name: string;
  readonly key: string;
  readonly model: Promise<OpenModel>;
  readonly progress: Listeners<string>;
  opened: OpenModel | null;
  users: number;
}

/** Keeps at most one model open: from its first use on, until nobody has used it for a while or another one is used. */
export class EngineKeeper {
  readonly changed = new Listeners<void>();
  private held: Held | null = null;
  private idleTimer: NodeJS.Timeout | undefined;
  private readonly closing = new Set<Promise<void>>();

  /** @param idleLimit how long an idle model is kept, in milliseconds, asked each time; infinite for ever. */
  constructor(private readonly idleLimit: () => number) {}

  get state(): ModelState {
    if (this.held === null) return 'unloaded';
    if (!this.held.opened) return 'opening';
    return this.held.users > 0 ? 'running' : 'idle';
  }

  /** The state of one model, which may not be the one that is held. */
  stateOf({ name }: Pick<ModelOpener, 'name'>): ModelState {
    return this.held?.name === name ? this.state : 'unloaded';
  }

  /** What one model computes on and why, if it is the one that is open, and on this machine. */
  computingOf({ name }: Pick<ModelOpener, 'name'>): Computing | null {
    const info = this.held?.name === name ? this.held.opened?.engine.info : undefined;
    if (!info || info.provider === 'endpoint' || info.provider === 'scripted') return null;
    const { provider, attention, why } = info;
    return attention === null || why === null ? null : { provider, attention, why };
  }

  /**
   * Does `work` with the model open. Several may use the same one at the same time; one that another user has open is
   * closed under them, so the caller lets models wait for one another. Throws what opening throws (`EngineError`, …), and
   * what `work` throws.
   */
  async use<T>(
    opener: ModelOpener,
    { signal, onProgress }: UseOptions,
    work: (model: OpenModel) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      clearTimeout(this.idleTimer);
      // Two models may not fit in memory together.
      while (this.held !== null && this.held.key !== opener.key) await this.unload();
      const held = this.held ?? this.open(opener, signal);
      held.users++;
      const leave = held.progress.add(onProgress);
      this.changed.tell();
      try {
        const model = await held.model.catch((error: unknown) => {
          // Who cancels while the model opens for several takes it from all of them: the others open it again.
          if (isCancelled(error) && !signal.aborted) return null;
          throw error;
        });
        if (model !== null) return await work(model);
      } finally {
        leave();
        held.users--;
        if (this.held === held) this.watchIdle();
        this.changed.tell();
      }
    }
  }

  /** Closes the model, if there is one, whoever uses it. */
  async unload(): Promise<void> {
    const { held } = this;
    this.held = null;
    clearTimeout(this.idleTimer);
    if (held !== null) {
      const closed = held.model.then(({ engine }) => engine.close()).catch(() => undefined);
      this.closing.add(closed);
      void closed.finally(() => this.closing.delete(closed));
      this.changed.tell();
    }
    await Promise.all(this.closing);
  }

  private open(opener: ModelOpener, signal: AbortSignal): Held {
    const progress = new Listeners<string>();
    const held: Held = {
      name: opener.name,
      key: opener.key,
      // A moment later: then whoever wants to hear of it listens.
      model: Promise.resolve().then(() => opener.open((message) => progress.tell(message), signal)),
      progress,
      opened: null,
      users: 0,
    };
    this.held = held;
    held.model.then(
      (model) => {
        held.opened = model;
        this.changed.tell();
      },
      () => {
        if (this.held === held) this.held = null;
        this.changed.tell();
      },
    );
    return held;
  }

  private watchIdle(): void {
    clearTimeout(this.idleTimer);
    const limit = this.idleLimit();
    if (this.held === null || this.held.users > 0 || !Number.isFinite(limit)) return;
    this.idleTimer = setTimeout(() => void this.unload(), limit);
    this.idleTimer.unref();
  }
}

const isCancelled = (error: unknown): boolean => error instanceof EngineError && error.kind === 'cancelled';
