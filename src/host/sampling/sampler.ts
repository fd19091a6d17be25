import { SampleStopped } from '../../sample/sample-candidates';
import { Listeners } from '../../shared/listeners';
import type { ModelChoice } from '../model/model-choice';
import type { Runs } from '../run/runs';
import type { LimitSettings } from '../settings';
import type { DrawOrder } from './draw-set';
import type { Sampling } from './sampling';

export interface SamplerParts {
  readonly runs: Pick<Runs, 'beside'>;
  /** Draws what the set lacks; throws what keeps it from doing so. */
  readonly draw: (sampling: Sampling, order: DrawOrder) => Promise<void>;
  /** The model that is chosen now, its name for people, and where its loop stops. */
  readonly choice: () => {
    readonly model: ModelChoice;
    readonly name: string;
    readonly limits: LimitSettings;
  };
  /** In words of the user's language. */
  readonly openingMessage: string;
  /** What else to say where the set holds candidates of another run. */
  readonly otherRunAdvice: string;
}

interface Going {
  readonly abort: AbortController;
  readonly pause: AbortController;
  isStopped: boolean;
}

/** Lets samplings go on, pauses and stops them. One that rests holds neither the model nor its file. */
export class Sampler {
  /** Told of each that has come to rest. */
  readonly rested = new Listeners<Sampling>();
  private readonly going = new Map<Sampling, Going>();

  constructor(private readonly parts: SamplerParts) {}

  /** Begins, or goes on with what is missing, with the model that is chosen now. Resolves when it rests. */
  async goOn(sampling: Sampling): Promise<void> {
    if (sampling.isGoing) return;
    const { model, name, limits } = this.parts.choice();
    const [abort, pause] = [new AbortController(), new AbortController()];
    sampling.model = name;
    const going: Going = { abort, pause, isStopped: false };
    this.going.set(sampling, going);
    sampling.enter({ type: 'queued', ahead: 0 });
    const order = { model, limits, signal: abort.signal, pause: pause.signal };
    const work = async () => {
      sampling.enter({ type: 'opening', message: this.parts.openingMessage });
      await this.parts.draw(sampling, order);
    };
    try {
      await this.parts.runs.beside(model, work, abort, (ahead) => sampling.enter({ type: 'queued', ahead }));
      this.rest(sampling, { type: 'done' });
    } catch (error) {
      this.rest(sampling, this.why(error, going));
    }
  }

  /** Nothing new is begun from now on. One that waits for its turn rests at once. */
  pause(sampling: Sampling): void {
    const going = this.going.get(sampling);
    if (going === undefined || going.isStopped || going.pause.signal.aborted) return;
    const isDrawing = sampling.activity.type === 'running';
    going.pause.abort();
    if (isDrawing) sampling.enter({ type: 'pausing' });
    else going.abort.abort();
  }

  /** What is being drawn is given up; what is in the file stays. */
  stop(sampling: Sampling): void {
    const going = this.going.get(sampling);
    if (going === undefined) return;
    going.isStopped = true;
    sampling.enter({ type: 'stopping' });
    going.abort.abort();
  }

  private rest(sampling: Sampling, activity: Sampling['activity']): void {
    this.going.delete(sampling);
    sampling.enter(activity);
    this.rested.tell(sampling);
  }

  private why(error: unknown, { abort, pause, isStopped }: Going): Sampling['activity'] {
    const reason = error instanceof SampleStopped ? error.reason : null;
    if (isStopped) return { type: 'stopped' };
    if (reason === 'paused' || (abort.signal.aborted && pause.signal.aborted)) return { type: 'paused' };
    if (abort.signal.aborted) return { type: 'stopped' };
    const message = error instanceof Error ? error.message : String(error);
    const advice = reason === 'other-run' ? ` ${this.parts.otherRunAdvice}` : '';
    return { type: 'failed', message: message + advice };
  }
}
