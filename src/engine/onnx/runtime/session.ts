import * as ort from 'onnxruntime-node';
import { EngineError, PROVIDERS, type Provider } from '../../engine';
import { whatIsMissing } from './missing-files';

export interface SessionOptions {
  /** Folder that the external data of the graph is relative to. */
  readonly dir: string;
  readonly provider: Provider;
  /**
   * `constant`: many short runs, so the weights are copied into the order that the kernels like best (int8 needs that)
   * and working memory is kept. `occasional`: a few large ones, so fp32 weights are read where they lie in the file,
   * which loads at once and takes no memory that the system could not use otherwise, and working memory is given back.
   */
  readonly use: 'constant' | 'occasional';
  /** What follows from weights alone is computed each time, and not once to be held as well. */
  readonly lazy?: boolean;
  /** Outputs that stay on the device. */
  readonly onDevice?: readonly string[];
}

/** The version of onnxruntime, and those of our providers that this build of it has, with their files. */
export function describeRuntime(): { version: string; providers: Provider[] } {
  const built = new Set(ort.listSupportedBackends().map(({ name }) => name));
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    providers: PROVIDERS.filter((provider) => built.has(provider) && whatIsMissing(provider) === null),
  };
}

/** Opens a session on a graph built in memory. Throws `bad-model`, or `out-of-memory` where that is the reason. */
export async function openSession(graph: Uint8Array, options: SessionOptions): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, {
      executionProviders: [options.provider],
      logSeverityLevel: 4,
      enableCpuMemArena: options.use === 'constant',
      // Nothing less keeps onnxruntime from folding constants. Our graphs need no other optimisation.
      graphOptimizationLevel: options.lazy === true ? 'disabled' : 'all',
      preferredOutputLocation: Object.fromEntries(
        (options.onDevice ?? []).map((name) => [name, 'gpu-buffer']),
      ),
      extra: {
        session: {
          model_external_initializers_file_folder_path: options.dir,
          // An operator that the provider lacks is an error now, not a slow and silent detour later.
          disable_cpu_ep_fallback: options.provider === 'cpu' ? '0' : '1',
          disable_prepacking: options.use === 'constant' ? '0' : '1',
        },
      },
    });
  } catch (error) {
    throw asEngineError(error, 'The model cannot be opened');
  }
}

/** Opens what belongs to something that is open already, which is closed if that fails. */
export async function orClose<T>(opening: Promise<T>, close: () => Promise<void> | void): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs a session; what goes wrong in it becomes an `EngineError`. */
export async function run(
  session: ort.InferenceSession,
  feeds: ort.InferenceSession.FeedsType,
  fetches: ort.InferenceSession.FetchesType,
): Promise<ort.InferenceSession.ReturnType> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    throw asEngineError(error, 'The model failed while it ran');
  }
}

/** What onnxruntime-node says of an output that is no tensor. */
const NO_TENSOR = /^Non tensor type is temporarily not supported/;

/**
 * Runs a session whose outputs all have buffers in `fetches`, and gives nothing else. onnxruntime-node would copy each of
 * them into a new array all the same: the whole cache, at every token. It does so one by one once the run is over, and
 * gives up at one that is no tensor. So the graph's first output, `unreadable`, is none.
 */
export async function runInPlace(
  session: ort.InferenceSession,
  feeds: ort.InferenceSession.FeedsType,
  fetches: Readonly<Record<string, ort.Tensor>>,
  unreadable: string,
): Promise<void> {
  try {
    await session.run(feeds, { ...fetches, [unreadable]: null });
  } catch (error) {
    if (error instanceof Error && NO_TENSOR.test(error.message)) return;
    throw asEngineError(error, 'The model failed while it ran');
  }
}

/** Allocates floats; throws `out-of-memory` with `what` it was for. */
export function allocate(length: number, what: string): Float32Array {
  try {
    return new Float32Array(length);
  } catch {
    const gigabytes = ((length * 4) / 2 ** 30).toFixed(1);
    throw new EngineError(
      'out-of-memory',
      `There is no memory for ${what} (${gigabytes} GB). Close other programs, use smaller or fewer images, or smaller weights (int8, int4).`,
    );
  }
}

/** A float output of a run, by name. */
export function floats(outputs: ort.InferenceSession.ReturnType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array))
    throw new EngineError('bad-model', `The graph gave no floats as ${name}.`);
  return data;
}

function asEngineError(error: unknown, what: string): EngineError {
  if (error instanceof EngineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /bad_alloc|out of memory|failed to allocate|cannot allocate/i.test(message)
    ? new EngineError(
        'out-of-memory',
        `${what}: out of memory. Use smaller or fewer images, or smaller weights (int8, int4). (${message})`,
        { cause: error },
      )
    : new EngineError('bad-model', `${what}: ${message}`, { cause: error });
}

/** A card that was lost, or whose memory ran out, may answer with nothing: all the same, or no numbers. */
export function requireNumbers(values: Float32Array): Float32Array {
  let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (Number.isFinite(sum) && least < most) return values;
  throw new EngineError('bad-model', 'the model gave no numbers');
}
