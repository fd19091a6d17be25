import { Listeners } from '../../shared/listeners';
import type { Trace } from '../../trace/trace';
import type { Run, RunEvent } from '../run/run';
import { isCorrect } from '../run/run-summary';
import { endedLineage, goingLineage, limitsOf, titleOf, toView } from './shown';
import type { SourceEvent, SourceState, TraceSource } from './source';
import type { Subject } from './trace-images';

/** A run is neither edited nor judged. */
const UNTOUCHED = { edits: null, verdict: null, partVerdicts: [] } as const;

/** Shows a run of this window while it goes on, and when it has ended. */
export class RunSource implements TraceSource {
  readonly events = new Listeners<SourceEvent>();
  readonly revision = 0;
  readonly list = null;
  readonly index = 0;
  readonly canSave = true;
  readonly edits = null;
  readonly document = null;
  readonly verdicts = null;
  private readonly leave: () => void;

  constructor(readonly run: Run) {
    this.leave = run.events.add((event) => this.hear(event));
  }

  async state(): Promise<SourceState> {
    const { revision, run } = this;
    const { trace, speaking, state } = run;
    return {
      ...{ title: titleOf(trace), index: 0, count: 1, counting: false },
      shown: {
        ...UNTOUCHED,
        ...{ trace: toView(trace), key: trace.id, revision, findings: [] },
        ...{ speaking, correct: isCorrect(trace), run: state },
      },
    };
  }

  async select(): Promise<void> {}

  async subject(): Promise<Subject> {
    const { trace, hasEnded, request } = this.run;
    return {
      trace,
      lineage: hasEnded ? endedLineage(trace) : goingLineage(trace),
      limits: limitsOf(trace, request.limits.maxPixels),
      // The user chose these files for this run.
      locate: async (path) => path,
    };
  }

  dispose(): void {
    this.leave();
  }

  private hear(event: RunEvent): void {
    const { state } = this.run;
    if (event.type === 'sizes' || (event.type === 'state' && state.state === 'ended')) {
      this.events.tell({ type: 'changed' });
    } else this.events.tell(event.type === 'state' ? { type: 'run', state } : event);
  }
}

/** Shows a run that ended earlier, as it was kept. */
export class KeptSource implements TraceSource {
  readonly events = new Listeners<SourceEvent>();
  readonly revision = 0;
  readonly run = null;
  readonly list = null;
  readonly index = 0;
  readonly canSave = true;
  readonly edits = null;
  readonly document = null;
  readonly verdicts = null;

  constructor(private readonly trace: Trace) {}

  async state(): Promise<SourceState> {
    const { trace, revision } = this;
    return {
      ...{ title: titleOf(trace), index: 0, count: 1, counting: false },
      shown: {
        ...UNTOUCHED,
        ...{ trace: toView(trace), key: trace.id, revision, findings: [] },
        ...{ speaking: null, correct: isCorrect(trace), run: null },
      },
    };
  }

  async select(): Promise<void> {}

  async subject(): Promise<Subject> {
    const { trace } = this;
    return { trace, lineage: endedLineage(trace), limits: limitsOf(trace), locate: async (path) => path };
  }

  dispose(): void {}
}

/** Shows that there is nothing to show, and why. */
export class LostSource implements TraceSource {
  readonly events = new Listeners<SourceEvent>();
  readonly revision = 0;
  readonly run = null;
  readonly list = null;
  readonly index = 0;
  readonly canSave = false;
  readonly edits = null;
  readonly document = null;
  readonly verdicts = null;

  constructor(private readonly why: string) {}

  async state(): Promise<SourceState> {
    const finding = { code: 'lost', severity: 'warning' as const, message: this.why };
    return {
      ...{ title: '', index: 0, count: 0, counting: false },
      shown: {
        ...UNTOUCHED,
        ...{ trace: null, key: '', revision: this.revision, findings: [finding] },
        ...{ speaking: null, correct: null, run: null },
      },
    };
  }

  async select(): Promise<void> {}

  async subject(): Promise<null> {
    return null;
  }

  dispose(): void {}
}
