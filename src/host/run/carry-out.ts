import { EngineError, type EngineInfo } from '../../engine/engine';
import type { PixelService } from '../../image/pixel-service';
import { CallError } from '../../protocol/call-error';
import { emptyTrace } from '../../reason/empty-trace';
import { profileHash } from '../../reason/profile';
import { reason } from '../../reason/reason';
import type { RunLimits, Trace } from '../../trace/trace';
import type { EngineKeeper, ModelOpener, OpenModel } from '../model/engine-keeper';
import type { LimitSettings } from '../settings';
import type { Run } from './run';

/** What a run needs of the house. */
export interface RunParts {
  readonly keeper: EngineKeeper;
  readonly openerOf: (request: Run['request']) => ModelOpener;
  readonly pixels: PixelService;
  /** In words of the user's language. */
  readonly openingMessage: string;
}

/** The smallest size an image can have: enough to see whether it can be read. */
const PROBE = { factor: 28, minPixels: 784, maxPixels: 784 };

/** Asks the run's question. Whatever happens, a trace comes of it, which says how it ended; throws nothing. */
export async function carryOut(
  run: Run,
  { keeper, openerOf, pixels, openingMessage }: RunParts,
): Promise<Trace> {
  const { signal, request } = run;
  try {
    run.enter({ state: 'opening', message: openingMessage });
    // A model may take minutes to import: what it cannot be asked is found out before.
    requireFewImages(request);
    for (const file of request.files) {
      if (signal.aborted) throw new EngineError('cancelled', 'Cancelled before the model spoke.');
      await pixels.load(file, PROBE);
    }
    const onProgress = (message: string) => run.enter({ state: 'opening', message });
    return await keeper.use(openerOf(request), { signal, onProgress }, (model) => ask(run, model, pixels));
  } catch (error) {
    const isCancelled = signal.aborted && isCancel(error);
    const message = error instanceof Error ? error.message : String(error);
    const { images } = run.trace;
    return {
      ...emptyTrace(run.job, { finish: isCancelled ? 'cancelled' : 'failed', error: message }),
      images,
    };
  }
}

/** The loop would refuse them too, but only once the model is open. */
function requireFewImages({ files, limits: { maxImages } }: Run['request']): void {
  if (files.length <= maxImages) return;
  throw new RangeError(
    `The question has ${files.length} images; the limit is ${maxImages}. Ask about fewer, or raise "vilasr.limits.maxImages" in the settings.`,
  );
}

async function ask(run: Run, { engine, profile }: OpenModel, pixels: PixelService): Promise<Trace> {
  const { request, job, signal } = run;
  const limits = runLimits(request.limits, engine.info);
  const { model, hash, provider, weights } = engine.info;
  run.begin({
    ...{ model, hash, provider, weights, limits, sampling: request.sampling, drawing: true },
    profile: profileHash(profile),
    startedAt: new Date().toISOString(),
    seconds: 0,
  });
  return reason(job, {
    ...{ engine, profile, limits, signal, sampling: request.sampling, drawing: true },
    pixels: measuring(pixels, run),
    onEvent: (event) => run.hear(event),
  });
}

/** Lets the run know the sizes of its pictures as they are loaded. */
function measuring(pixels: PixelService, run: Run): PixelService {
  return {
    ...pixels,
    load: async (path, limits) => {
      const loaded = await pixels.load(path, limits);
      const { width, height } = loaded.image;
      run.measure(path, { file: loaded.file, model: { width, height } });
      return loaded;
    },
  };
}

/** The limits that were set, within what the model's image processor allows. */
export function runLimits(settings: LimitSettings, { images }: Pick<EngineInfo, 'images'>): RunLimits {
  const maxPixels = Math.max(images.factor ** 2, Math.min(settings.maxPixels, images.maxPixels));
  return { ...settings, maxPixels, minPixels: Math.min(images.minPixels, maxPixels) };
}

function isCancel(error: unknown): boolean {
  return (error instanceof EngineError || error instanceof CallError) && error.kind === 'cancelled';
}
