import type { Handler, Handlers, MethodName, Params } from '../../protocol/contract';
import { type Computing, EngineError, type EngineErrorKind, type WeightFormat } from '../engine';
import { openCheckpoint } from './checkpoint';
import { DeviceError, type EngineContract, NotOpenError, NotSentError } from './engine-contract';
import { gigabytes } from './gigabytes';
import { chooseWeights, planMemory, requireMemory, type Workload, workloadOf } from './memory';
import { freeMemory } from './memory/free-memory';
import type { ModelSpec } from './model-spec';
import { openImport } from './open-import';
import { probe } from './probe/probe';
import { LocalModel } from './runtime/local-model';
import { describeRuntime } from './runtime/session';

/** The engine's process, seen from inside: the handlers of its contract, over one model. */
export function engineHandlers(): Handlers<EngineContract> {
  let model: LocalModel | null = null;
  const opened = (): LocalModel => {
    if (!model) throw new NotOpenError('no model is open');
    return model;
  };
  const arriving = new Map<string, Uint8Array>();

  return {
    open: oneAtATime(async (params, { signal, emit }) => {
      const { dir, weights, computing, cacheDir, maxPixels, maxImages, parallel } = params;
      if (model) return model.info;
      const checkpoint = await openCheckpoint(dir);
      const free = await freeMemory();
      const workload = workloadOf(checkpoint.spec, { maxPixels, maxImages });
      // How many conversations there are must not decide what they say.
      const format = weights ?? chooseWeights(checkpoint.spec, free, workload);
      requireMemory(checkpoint.spec, format, free, { ...workload, parallel });
      requireOnCard(checkpoint.spec, format, free, { ...workload, parallel, provider: computing.provider });
      const { imported, hold } = await openImport(checkpoint, {
        weights: format,
        cacheDir,
        signal,
        onProgress: emit,
      });
      emit({ phase: 'opening' });
      try {
        model = await onDevice(computing, () => LocalModel.open(imported, { computing, parallel }));
        return model.info;
      } catch (error) {
        await hold?.release();
        throw error;
      }
    }),

    runtime: describeRuntime,

    // Kilobytes on every system.
    memory: () => process.resourceUsage().maxRSS * 1024,

    probe: async ({ dir, ...options }) => probe((await openCheckpoint(dir)).spec, options),

    missing: (hashes) => hashes.filter((hash) => !opened().images.has(hash)),

    pixels: (part) => {
      const data = assemble(arriving, part);
      const { hash, width, height } = part.image;
      if (data) opened().images.add(hash, { width, height, data });
      return null;
    },

    generate: async (request, { signal, emit }) => {
      const speaker = opened();
      await onDevice(speaker.info, async () => {
        for await (const event of speaker.generate(request, signal)) emit(event);
      });
      return null;
    },
  };
}

/** What the processor has room for may need more with a graphics card: then that is given up, by a `DeviceError`. */
function requireOnCard(spec: ModelSpec, weights: WeightFormat, free: number, workload: Workload): void {
  const { total } = planMemory(spec, weights, workload);
  if (total <= free) return;
  throw new DeviceError(
    `with it this run would need about ${gigabytes(total)} of memory, but ${gigabytes(free)} are free`,
  );
}

/** Does work of which any failure but the request's own is the graphics card's, if the model is there: `DeviceError`. */
async function onDevice<T>({ provider }: Pick<Computing, 'provider'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ours = error instanceof NotSentError || (error instanceof EngineError && OURS.has(error.kind));
    if (provider === 'cpu' || ours) throw error;
    throw new DeviceError(error instanceof Error ? error.message : String(error));
  }
}

const OURS: ReadonlySet<EngineErrorKind> = new Set(['cancelled', 'bad-request', 'no-space']);

/** Adds a part to an image that is coming in; gives all its pixels with the last one. */
function assemble(
  arriving: Map<string, Uint8Array>,
  { image, offset, data }: Params<EngineContract, 'pixels'>,
): Uint8Array | null {
  const { hash, width, height } = image;
  const pixels = offset === 0 ? new Uint8Array(width * height * 3) : arriving.get(hash);
  if (!pixels || offset + data.length > pixels.length) {
    throw new EngineError('bad-request', `Pixels of the image ${hash} came out of order.`);
  }
  pixels.set(data, offset);
  if (offset + data.length < pixels.length) {
    arriving.set(hash, pixels);
    return null;
  }
  arriving.delete(hash);
  return pixels;
}

/** Runs a handler call after call: one waits until another that was cancelled has really stopped. */
function oneAtATime<M extends MethodName<EngineContract>>(
  handler: Handler<EngineContract, M>,
): Handler<EngineContract, M> {
  let last: Promise<unknown> = Promise.resolve();
  return (params, context) => {
    const next = last.then(() => handler(params, context));
    last = next.catch(() => undefined);
    return next;
  };
}
