import { deriveTurns } from '../trace/derive';
import { NearDuplicates } from './near-duplicates';
import type { ReflectionOptions } from './reflection';
import { type Score, type Scored, score as scoreOf } from './score';

/** Scores the traces of a file one after the other: those that say what one before them said are flagged. */
export class ScoresAmong {
  private readonly known = new NearDuplicates();
  private count = 0;

  score(scored: Scored, options: ReflectionOptions = {}): Score {
    const derived = deriveTurns(scored.inputs, scored.turns);
    const result = scoreOf(scored, options, derived);
    const first = this.known.add(this.count++, derived);
    return first === null ? result : { ...result, flags: [...result.flags, 'same-trace'] };
  }
}
