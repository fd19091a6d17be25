import { FLAGS, type Flag } from '../trace/flag';
import type { Score } from './score';

/** What many scores come to. Means are of those that have the score; null where none has. */
export interface ScoreMeans {
  readonly count: number;
  /** How many have a right answer to be measured by. */
  readonly judged: number;
  readonly accuracy: number | null;
  readonly format: number | null;
  readonly reflection: number | null;
  readonly reward: number | null;
  readonly upstream: {
    readonly accuracy: number | null;
    readonly format: number | null;
    readonly reflection: number | null;
    readonly overall: number | null;
  };
  /** Per trace. `equation5` is a share. */
  readonly turns: number | null;
  readonly boxes: number | null;
  readonly lines: number | null;
  readonly revisions: number | null;
  readonly tracking: number | null;
  readonly equation5: number | null;
  /** How many have each flag. */
  readonly flags: ReadonlyMap<Flag, number>;
}

/** Adds scores up, one after the other, in bounded memory. */
export class ScoreSums {
  count = 0;
  private judged = 0;
  private readonly sums = {
    ...{ format: 0, reflection: 0, turns: 0, boxes: 0, lines: 0, revisions: 0, tracking: 0, equation5: 0 },
    ...{ accuracy: 0, reward: 0, theirAccuracy: 0, theirFormat: 0, theirReflection: 0, overall: 0 },
  };
  private readonly flags = new Map<Flag, number>();

  add({ accuracy, format, reflection, reward, upstream, behaviour, flags }: Score): void {
    this.count++;
    const { sums } = this;
    sums.format += format;
    sums.reflection += reflection;
    sums.turns += behaviour.turns;
    sums.boxes += behaviour.boxes;
    sums.lines += behaviour.lines;
    sums.revisions += behaviour.revisions;
    sums.tracking += behaviour.tracking;
    sums.equation5 += Number(behaviour.equation5);
    for (const flag of flags) this.flags.set(flag, (this.flags.get(flag) ?? 0) + 1);
    if (accuracy === null || reward === null || upstream === null) return;
    this.judged++;
    sums.accuracy += accuracy;
    sums.reward += reward;
    sums.theirAccuracy += upstream.accuracy;
    sums.theirFormat += upstream.format;
    sums.theirReflection += upstream.reflection;
    sums.overall += upstream.overall;
  }

  get means(): ScoreMeans {
    const { count, judged } = this;
    const mean = (name: keyof typeof this.sums, of: number) => (of === 0 ? null : this.sums[name] / of);
    return {
      ...{ count, judged },
      accuracy: mean('accuracy', judged),
      format: mean('format', count),
      reflection: mean('reflection', count),
      reward: mean('reward', judged),
      upstream: {
        accuracy: mean('theirAccuracy', judged),
        format: mean('theirFormat', judged),
        reflection: mean('theirReflection', judged),
        overall: mean('overall', judged),
      },
      turns: mean('turns', count),
      boxes: mean('boxes', count),
      lines: mean('lines', count),
      revisions: mean('revisions', count),
      tracking: mean('tracking', count),
      equation5: mean('equation5', count),
      flags: new Map(
        FLAGS.flatMap((flag) => (this.flags.has(flag) ? [[flag, this.flags.get(flag) ?? 0]] : [])),
      ),
    };
  }
}
