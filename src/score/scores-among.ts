import { readTurns } from '../trace/derive';
import { likenessOf, NearDuplicates } from './near-duplicates';
import type { ReflectionOptions } from './reflection';
import { type Score, type Scored, score as scoreOf } from './score';

/** A score of a trace by itself, and by what others are known to say the same. */
export interface ScoredAlone {
  readonly score: Score;
  /** See `likenessOf`. */
  readonly likeness: number;
}

export function scoreAlone(scored: Scored, options: ReflectionOptions = {}): ScoredAlone {
  const read = readTurns(scored.inputs, scored.turns);
  return { score: scoreOf(scored, options, read), likeness: likenessOf(read) };
}

/** The scores of the traces of a file, one after the other: those that say what one before them said are flagged. */
export class ScoresAmong {
  private readonly known = new NearDuplicates();

  score(scored: Scored, options: ReflectionOptions = {}): Score {
    return this.add(scoreAlone(scored, options));
  }

  add({ score, likeness }: ScoredAlone): Score {
    return this.known.add(likeness) ? { ...score, flags: [...score.flags, 'same-trace'] } : score;
  }
}
