import { Listeners } from '../../shared/listeners';
import type { Sampling } from './sampling';

/** View type of the panels that show samplings. */
export const SAMPLING_VIEW = 'vilasr.sampling';

/** The samplings of this window, for those who show them: the one that was begun last comes first. */
export class Samplings {
  /** Told when one is added, or has changed. */
  readonly changed = new Listeners<void>();
  private readonly list: Sampling[] = [];

  get all(): readonly Sampling[] {
    return this.list;
  }

  /** The one that writes this set; null if there is none. */
  find(out: string): Sampling | null {
    return this.list.find(({ plan }) => plan.out === out) ?? null;
  }

  /** Puts one first, in the place of another one that rests and wrote the same set. */
  add(sampling: Sampling): void {
    this.forget(sampling.plan.out);
    this.list.unshift(sampling);
    sampling.changed.add(() => this.changed.tell());
    this.changed.tell();
  }

  /** Takes one out that rests; its set stays. */
  forget(out: string): void {
    const place = this.list.findIndex(({ plan, isGoing }) => plan.out === out && !isGoing);
    if (place < 0) return;
    this.list.splice(place, 1);
    this.changed.tell();
  }
}
