import { randomBytes } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { Sampling } from '../../engine/engine';
import { emptyTrace } from '../../reason/empty-trace';
import type { Question } from '../../reason/question';
import type { Job, ReasonEvent } from '../../reason/reason';
import { Listeners } from '../../shared/listeners';
import { withDerived } from '../../trace/derive';
import type { Size } from '../../trace/geometry';
import type { InputImage, Run as RunFacts, SpokenTurn, Trace } from '../../trace/trace';
import type { RunState } from '../../view/trace-view';
import type { ModelChoice } from '../model/model-choice';
import type { LimitSettings } from '../settings';

/** What is asked, of which model, and under which rules: all that a run needs. */
export interface RunRequest {
  readonly question: Question;
  /** Absolute paths of the pictures. */
  readonly files: readonly string[];
  /** Where the pictures come from, if from another file, as the frames of a video do. */
  readonly source: Trace['source'];
  readonly model: ModelChoice;
  readonly limits: LimitSettings;
  readonly sampling: Sampling;
  /** Turns that count as said: the run goes on after them. Left out where it begins at the beginning. */
  readonly given?: readonly SpokenTurn[];
  /** Sizes of the pictures in model space that the given turns are about, where they are known. */
  readonly sizes?: readonly (Size | null)[];
}

/** What happens in a run, in order; the run itself has it all already. */
export type RunEvent =
  /** It waits, opens its model, runs, or has ended. */
  | { readonly type: 'state' }
  /** The sizes of the input images are known. */
  | { readonly type: 'sizes' }
  | { readonly type: 'prefill'; readonly done: number; readonly total: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'turn'; readonly spoken: SpokenTurn };

/** One question that is asked in this window: what was said so far, while it goes on and when it is over. */
export class Run {
  readonly id: string;
  readonly job: Job;
  readonly events = new Listeners<RunEvent>();
  private readonly abort = new AbortController();
  private current: RunState = { state: 'queued', ahead: 0 };
  private said: string | null = null;
  private readonly turns: SpokenTurn[];
  private images: readonly InputImage[];
  private facts: RunFacts | null = null;
  private final: Trace | null = null;

  constructor(readonly request: RunRequest) {
    const { question, files, source, given = [], sizes = [] } = request;
    this.id = makeId(files[0] ?? '');
    const images = files.map((file, i) => ({ path: file, file, model: sizes[i] ?? null }));
    this.job = { id: this.id, question, images, source, given };
    this.turns = [...given];
    this.images = files.map((path) => ({ path, file: null, model: null }));
  }

  get state(): RunState {
    return this.current;
  }

  /** What was said so far in the turn that is being said; null between turns. */
  get speaking(): string | null {
    return this.said;
  }

  /** As far as it got; its `finish` is null until it has ended. */
  get trace(): Trace {
    if (this.final !== null) return this.final;
    const { images, turns, facts: run } = this;
    return withDerived({ ...emptyTrace(this.job, { finish: null, error: null }), images, turns, run });
  }

  get hasEnded(): boolean {
    return this.final !== null;
  }

  /** Aborted when somebody stops the run. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  stop(): void {
    this.abort.abort();
  }

  enter(state: Exclude<RunState, { state: 'ended' }>): void {
    if (this.final !== null || JSON.stringify(state) === JSON.stringify(this.current)) return;
    this.current = state;
    this.events.tell({ type: 'state' });
  }

  /** The model is open: what speaks is known. */
  begin(facts: RunFacts): void {
    this.facts = facts;
    this.enter({ state: 'running' });
  }

  /** The sizes of one input image are known. */
  measure(file: string, size: Pick<InputImage, 'file' | 'model'>): void {
    this.images = this.images.map((image) => (image.path === file ? { ...image, ...size } : image));
    if (this.images.every(({ model }) => model !== null)) this.events.tell({ type: 'sizes' });
  }

  /** Takes what the loop says. */
  hear(event: ReasonEvent): void {
    switch (event.type) {
      case 'prefill':
        this.events.tell({ type: 'prefill', done: event.done, total: event.total });
        return;
      case 'waiting':
        this.enter({ state: 'opening', message: event.why });
        return;
      case 'text':
        this.enter({ state: 'running' });
        this.said = (this.said ?? '') + event.text;
        this.events.tell({ type: 'text', text: event.text });
        return;
      case 'turn':
        this.said = null;
        this.turns.push(event.spoken);
        this.events.tell({ type: 'turn', spoken: event.spoken });
        return;
      case 'image':
      case 'finish':
        return;
    }
  }

  end(trace: Trace): void {
    this.said = null;
    this.final = trace;
    this.current = { state: 'ended' };
    this.events.tell({ type: 'state' });
  }
}

/** Names the first picture and the time; no two are the same. */
function makeId(file: string): string {
  return `${basename(file, extname(file))}-${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`;
}
