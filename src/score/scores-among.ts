import { readTurns } from '../trace/derive';
import { NearDuplicates } from './near-duplicates';
import type { ReflectionOptions } from './reflection';
import { type Score, type Scored, score as scoreOf } from './score';

/** Scores the traces of a file one after the other: those that say what one before them said are flagged. */
export class ScoresAmong {
  private readonly known = new NearDuplicates();
  private count = 0;

  score(scored: Scored, options: ReflectionOptions = {}): Score {
    const read = readTurns(scored.inputs, scored.turns);
    const result = scoreOf(scored, options, read);
    const first = this.known.add(this.count++, read);
    return first === null ? result : { ...result, flags: [...result.flags, 'same-trace'] };
  }
}
