import { basename } from 'node:path';
import { type Pace, Rate } from '../../sample/rate';
import { CRITERIA, whyNot } from '../../sample/select';
import { addToTally, EMPTY_TALLY, type Tally } from '../../sample/tally';
import { Listeners } from '../../shared/listeners';
import type { Trace } from '../../trace/trace';
import { isGoing, MOST_NEWEST, type SampledCandidate, type SamplingActivity } from '../../view/sampling-view';
import type { SetPlan } from './set-plan';

/** What is there of a set that is being sampled, or was: the host's own state, whoever looks at it. */
export class Sampling {
  /** Told whenever something of it has changed. */
  readonly changed = new Listeners<void>();
  private current: SamplingActivity = { type: 'stopped' };
  private counts: Tally = EMPTY_TALLY;
  private all: number | null = null;
  private failures = 0;
  private rate: Rate | null = null;
  private readonly begun = new Set<string>();
  private readonly drawn: SampledCandidate[] = [];

  constructor(
    readonly plan: SetPlan,
    /** The model's name for people; another one may be chosen before it goes on. */
    public model: string,
  ) {}

  get name(): string {
    return basename(this.plan.out);
  }

  get activity(): SamplingActivity {
    return this.current;
  }

  get isGoing(): boolean {
    return isGoing(this.current);
  }

  /** Of the candidates that are there. */
  get tally(): Tally {
    return this.counts;
  }

  /** Candidates of the whole plan; null while that is not known. */
  get total(): number | null {
    return this.all;
  }

  get failed(): number {
    return this.failures;
  }

  /** Ids of the candidates that are being drawn. */
  get running(): readonly string[] {
    return [...this.begun];
  }

  /** Drawn since it began or went on, the newest first. */
  get newest(): readonly SampledCandidate[] {
    return this.drawn;
  }

  /** Null unless it is drawing, and has drawn something since it began to. */
  get pace(): Pace | null {
    const { rate, all, counts } = this;
    const isDrawing = this.current.type === 'running' || this.current.type === 'pausing';
    return rate === null || all === null || !isDrawing ? null : rate.pace(all - counts.candidates);
  }

  enter(activity: SamplingActivity): void {
    this.current = activity;
    if (!this.isGoing) {
      this.begun.clear();
      this.rate = null;
    }
    this.changed.tell();
  }

  /** It begins, or goes on: what is in the file is counted anew. */
  begin(total: number): void {
    this.all = total;
    this.counts = EMPTY_TALLY;
    this.failures = 0;
    this.rate = new Rate();
    this.enter({ type: 'running' });
  }

  /** A candidate is being drawn from now on. */
  take(id: string): void {
    this.begun.add(id);
    this.changed.tell();
  }

  /** A candidate is in the file; `isNew` if it was drawn just now. */
  count(trace: Trace, tally: Tally, isNew: boolean): void {
    this.counts = tally;
    if (!isNew) return;
    this.begun.delete(trace.id);
    this.rate?.add();
    if (trace.finish === 'failed') this.failures++;
    this.drawn.unshift(candidateOf(trace));
    this.drawn.splice(MOST_NEWEST);
    this.changed.tell();
  }

  /** What a look at the file found of a set that nobody went on with. One that was overtaken by what was drawn says nothing. */
  look({ tally, failed, total }: { tally: Tally; failed: number; total: number }): void {
    if (this.isGoing || this.all !== null) return;
    this.counts = tally;
    this.failures = failed;
    this.all = total;
    if (tally.candidates === total && this.current.type === 'stopped') this.current = { type: 'done' };
    this.changed.tell();
  }
}

/** A candidate as a line says it. It is right, and kept, as the tally counts it. */
export function candidateOf(trace: Trace): SampledCandidate {
  const { right, kept } = addToTally(EMPTY_TALLY, trace);
  const { id, question, finish, answer, turns, run, error } = trace;
  return {
    ...{ id, question, answer, turns: turns.length, seconds: run?.seconds ?? null },
    outcome:
      finish === 'failed' ? 'failed' : right === 1 ? 'right' : answer === null ? 'unanswered' : 'wrong',
    leftOut: kept === 1 ? null : whyNot(trace, CRITERIA.reflective),
    error: finish === 'failed' ? error : null,
  };
}
