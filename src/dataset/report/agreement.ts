import { VERDICTS, type Verdict } from '../../trace/verdict';
import type { VerdictEvent } from '../overlay/verdict-event';
import { cohensKappa } from './kappa';
import type { Disagreement, PairAgreement, Report, TracePlace } from './report';

/** Disagreements that are listed; a table of all has them too. */
export const MOST_DISAGREEMENTS = 1000;

/** Verdicts of two people or more on one state of a trace. */
interface JudgedState {
  /** What a verdict is pinned to: see `pinOf`. */
  readonly of: string;
  /** What each of them said last of it, in the order of their names. */
  readonly said: readonly VerdictEvent[];
}

/** Two verdicts of different people on the same state of a trace are a pair: how many there are, and how many say the same. */
export interface PairCount {
  readonly pairs: number;
  readonly agreed: number;
}

/**
 * The states of a trace on which several people said something: who judged what was edited since judged another trace than who
 * judged it after. Who cleared their verdict said nothing.
 *
 * @param events that were not taken back, the newest first: see `Verdicts.of`.
 */
export function judgedStates(events: readonly VerdictEvent[]): JudgedState[] {
  if (events.length < 2) return [];
  const states = new Map<string, Map<string, VerdictEvent>>();
  for (const event of events) {
    const state = states.get(event.of) ?? new Map<string, VerdictEvent>();
    states.set(event.of, state);
    if (!state.has(event.who)) state.set(event.who, event);
  }
  return [...states].flatMap(([of, people]) => {
    const said = [...people.values()].filter(({ verdict }) => verdict !== 'pending');
    return said.length < 2 ? [] : [{ of, said: said.sort((a, b) => (a.who < b.who ? -1 : 1)) }];
  });
}

/** Of the verdicts on one trace: see `judgedStates`. */
export function countPairs(events: readonly VerdictEvent[]): PairCount {
  let [pairs, agreed] = [0, 0];
  for (const { said } of judgedStates(events)) {
    for (const [a, b] of pairsOf(said)) {
      pairs++;
      if (a.verdict === b.verdict) agreed++;
    }
  }
  return { pairs, agreed };
}

/** How far reviewers agree, as the traces go by. */
export class AgreementTally {
  private readonly byPair = new Map<string, { a: string; b: string; table: number[][] }>();
  private readonly listed: Disagreement[] = [];
  private traces = 0;
  private disagreed = 0;

  /** @param pin of the trace as it is now. Gives whether all agreed on it; null where no two judged the same. */
  add(place: TracePlace, events: readonly VerdictEvent[], pin: string): boolean | null {
    const states = judgedStates(events);
    if (states.length === 0) return null;
    this.traces++;
    let agree = true;
    for (const { of, said } of states) {
      for (const [a, b] of pairsOf(said)) this.count(a, b);
      if (new Set(said.map(({ verdict }) => verdict)).size === 1) continue;
      agree = false;
      this.disagreed++;
      if (this.listed.length >= MOST_DISAGREEMENTS) continue;
      const words = said.map(({ who, verdict, reason }) => ({ who, verdict, reason: reason ?? null }));
      this.listed.push({ place, said: words, editedSince: of !== pin });
    }
    return agree;
  }

  get result(): Report['agreement'] {
    const reviewers = [...this.byPair.values()]
      .map(({ a, b, table }): PairAgreement => {
        const both = table.flat().reduce((sum, count) => sum + count, 0);
        const agreed = table.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
        return { a, b, both, agreed, kappa: cohensKappa(table) };
      })
      .sort((one, other) => other.both - one.both || (one.a + one.b < other.a + other.b ? -1 : 1));
    const sum = (of: 'both' | 'agreed') => reviewers.reduce((total, pair) => total + pair[of], 0);
    return {
      ...{ traces: this.traces, pairs: sum('both'), agreed: sum('agreed'), reviewers },
      ...{ disagreed: this.disagreed, disagreements: this.listed },
    };
  }

  private count(a: VerdictEvent, b: VerdictEvent): void {
    const key = JSON.stringify([a.who, b.who]);
    const pair = this.byPair.get(key) ?? {
      a: a.who,
      b: b.who,
      table: VERDICTS.map(() => VERDICTS.map(() => 0)),
    };
    this.byPair.set(key, pair);
    const row = pair.table[place(a.verdict)];
    if (row !== undefined) row[place(b.verdict)] = (row[place(b.verdict)] ?? 0) + 1;
  }
}

const place = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

/** Each two of those that are in the order of their names. */
function* pairsOf(said: readonly VerdictEvent[]): Generator<readonly [VerdictEvent, VerdictEvent]> {
  for (const [i, a] of said.entries()) for (const b of said.slice(i + 1)) yield [a, b];
}
