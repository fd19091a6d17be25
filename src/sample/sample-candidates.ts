import { dirname } from 'node:path';
import { pathFrom } from '../dataset/path-from';
import type { FoundQuestion } from '../dataset/read-questions';
import type { TraceFile } from '../dataset/trace-file';
import type { Engine } from '../engine/engine';
import type { PixelService } from '../image/pixel-service';
import { profileHash } from '../reason/profile';
import type { Job } from '../reason/reason';
import type { Trace } from '../trace/trace';
import { askQuestion } from './ask-question';
import { type Candidate, candidatesOf } from './candidate';
import { type PlannedSet, recordPlan } from './plan-record';
import { isCandidate } from './recorded-plan';
import { runDifferences } from './run-differences';
import { SideBySide } from './side-by-side';
import { addToTally, EMPTY_TALLY, type Tally } from './tally';

export interface SampleSetup extends PlannedSet {
  readonly engine: Engine;
  readonly pixels: PixelService;
  /** As many as the engine serves at once: see `underWay`. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Once it is aborted no candidate is begun any more, and those under way are drawn to their ends. */
  readonly pause?: AbortSignal;
  /** Told the id of each candidate that is begun. */
  readonly onBegin?: (id: string) => void;
  /** Told of each candidate once it is on disk, and of those that were there before. */
  readonly onCandidate: (trace: Trace, tally: Tally, isNew: boolean) => void;
}

/** Why sampling stops before its end. Every candidate that was told of is in the file; the same call goes on from there. */
export class SampleStopped extends Error {
  override readonly name = 'SampleStopped';

  constructor(
    readonly reason: 'cancelled' | 'paused' | 'no-engine' | 'engine-breaks' | 'other-run' | 'no-set',
    message: string,
  ) {
    super(message);
  }
}

/** Candidates on which the engine broke, one after another, before sampling stops: then it isn't the questions. */
const MOST_BREAKS = 3;

/**
 * Draws the candidates that `file` does not hold yet, writes the plan down beside it (`recordPlan`), and appends each as it ends, flushed, so that none is lost and none is
 * drawn twice, whatever stops it. One on which the engine breaks each time is recorded as failed. Throws `SampleStopped`, and
 * `DataError` where the file cannot be written.
 */
export async function sampleCandidates(
  questions: readonly FoundQuestion[],
  file: TraceFile,
  setup: SampleSetup,
): Promise<Tally> {
  const set = new SampleSet(file, setup);
  const waiting = await set.missing(questions);
  await recordPlan(file.path, questions, setup);
  const work = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await set.draw(next.value);
  };
  const workers = Array.from({ length: underWay(setup) }, () => work());
  // All that is under way comes to its end before the first failure is told.
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return set.tally;
}

/** Of a server so many candidates at once have one more beside them. */
const SPARE = 8;

/** Candidates that are under way at once. While one looks and draws, another takes its place with a server, which keeps to its number. */
function underWay({ parallel, engine }: SampleSetup): number {
  if (parallel <= 1) return 1;
  return engine.info.provider === 'endpoint' ? parallel + Math.ceil(parallel / SPARE) : parallel;
}

const broken = ({ error }: Trace): string =>
  `The engine broke on ${MOST_BREAKS} candidates, one after another. The last time: ${error ?? ''}`;

class SampleSet {
  tally = EMPTY_TALLY;
  private breaks = 0;
  private readonly others = new SideBySide();
  /** What others wait for who stop because one did. */
  private stopped: SampleStopped | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: TraceFile,
    private readonly setup: SampleSetup,
  ) {}

  /**
   * The candidates that the file does not hold; those that it does are counted. Throws `SampleStopped` if another run made them,
   * and where the file is no set.
   */
  async missing(questions: readonly FoundQuestion[]): Promise<Iterator<Candidate, undefined>> {
    const planned = new Map([...candidatesOf(questions, this.setup.plan)].map((one) => [one.id, one]));
    let [ofSets, others] = [0, 0];
    for await (const trace of this.file.traces()) {
      const candidate = planned.get(trace.id);
      if (candidate !== undefined || isCandidate(trace)) ofSets++;
      else others++;
      if (candidate === undefined) continue;
      this.requireSameRun(trace, candidate);
      planned.delete(trace.id);
      this.count(trace, false);
    }
    if (others > 0 && ofSets === 0) {
      const what = `${this.file.path} is no set of candidates: it holds ${others} other traces.`;
      throw new SampleStopped('no-set', `${what} Nothing was added to it. Choose another trace file.`);
    }
    return planned.values();
  }

  async draw(candidate: Candidate): Promise<void> {
    if (this.stopped !== null) throw this.stopped;
    const { engine, pixels, profile, limitsOf, signal, pause, onBegin } = this.setup;
    if (signal.aborted) throw this.stop('cancelled', 'Cancelled.');
    if (pause?.aborted) throw this.stop('paused', 'Paused.');
    onBegin?.(candidate.id);
    const options = {
      ...{ engine, pixels, profile, signal, sampling: candidate.sampling, drawing: true },
      limits: limitsOf(candidate.question),
    };
    const others = engine.info.provider === 'endpoint' ? null : this.others;
    const { trace, failure } = await askQuestion(this.jobOf(candidate), options, others);
    if (trace.finish === 'cancelled') throw this.stop('cancelled', 'Cancelled.');
    if (failure === 'no-engine') throw this.stop('no-engine', `${candidate.id}: ${trace.error ?? ''}`);
    // What ends the sampling is not to be held against those that were under way beside it.
    if (failure === 'broke' && this.stopped !== null) throw this.stopped;
    this.breaks = failure === 'broke' ? this.breaks + 1 : 0;
    const ends = this.breaks === MOST_BREAKS ? this.stop('engine-breaks', broken(trace)) : null;
    await this.append(trace);
    if (ends !== null) throw ends;
  }

  private stop(reason: SampleStopped['reason'], message: string): SampleStopped {
    this.stopped ??= new SampleStopped(reason, message);
    return this.stopped;
  }

  /** One line after the other, however many candidates end at once. */
  private append(trace: Trace): Promise<void> {
    const written = this.writing.then(() => this.file.append(trace));
    this.writing = written.catch(() => {});
    return written.then(() => this.count(trace, true));
  }

  private count(trace: Trace, isNew: boolean): void {
    this.tally = addToTally(this.tally, trace);
    this.setup.onCandidate(trace, this.tally, isNew);
  }

  private jobOf({ id, number, question }: Candidate): Job {
    const { questionFile, plan } = this.setup;
    const folder = dirname(this.file.path);
    const { line, gridSize, images } = question;
    return {
      id,
      question: question.question,
      images: images.map((image) => ({ path: pathFrom(folder, image), file: image })),
      source: {
        ...{ questions: pathFrom(folder, questionFile), line, gridSize },
        sample: { question: question.id, candidate: number, of: plan.candidates, seed: plan.sampling.seed },
      },
    };
  }

  private requireSameRun(trace: Trace, { id, question, sampling }: Candidate): void {
    const { engine, profile, limitsOf } = this.setup;
    const { model, hash, weights } = engine.info;
    const expected = { model, hash, weights, profile: profileHash(profile), limits: limitsOf(question) };
    const differs = runDifferences(trace, question.question, { ...expected, sampling, drawing: true });
    if (differs.length === 0) return;
    throw new SampleStopped(
      'other-run',
      `${this.file.path} holds candidates of another run (different ${differs.join(', ')}, seen at ${id}).`,
    );
  }
}
