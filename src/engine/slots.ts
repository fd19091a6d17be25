import { cancelled } from './engine';

/** So many may work at once; the others wait, and go first come, first served. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** How many are served before one who comes now, if all slots are taken; else 0. */
  get ahead(): number {
    return this.free > 0 ? 0 : this.waiting.length + 1;
  }

  /** Resolves when there is room, with what gives it back (once). An abort ends the wait with `cancelled`. */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw cancelled();
    if (this.free > 0) this.free -= 1;
    else await this.inLine(signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }

  private inLine(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        reject(cancelled());
      };
      this.waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
