import { type Computing, EngineError, type WeightFormat } from '../../engine';
import { firstLine } from '../computing';
import { type LocalEngine, openOnnxEngine } from '../onnx-engine';
import type { BenchProgress, BenchStep } from './bench-progress';
import { type Figures, NO_FIGURES, type ProviderBench } from './bench-report';
import { type At, pictureSize, Speedometer } from './speed';

/** Tokens of the short and of the long prompt, as far as the model's context and the time allow. */
const SHORT = 512;
const LONG = 4096;
/** Seconds after which a measurement ends with what there is, and for the long prompt. */
const MOST_SECONDS = 15;
const MOST_LONG = 60;
/** Replies that are said at once where the provider computes them together. */
const TOGETHER = 8;
/** Tokens that are said, in each reply. */
const SAID = 48;
/** Tokens of the reply that providers are compared by. */
const REPLY = 32;

interface Place {
  readonly dir: string;
  readonly cacheDir: string;
  readonly entry: string;
  readonly weights: WeightFormat | null;
  readonly computing: Computing;
  readonly isImported: boolean;
  /** Makes words fit for a report. */
  readonly clean: (words: string) => string;
}

const MEASURED: Readonly<Record<BenchStep, string>> = {
  reading: 'how fast it reads',
  speaking: 'how fast it speaks',
  together: 'several replies together',
  seeing: 'pictures',
  long: 'a long prompt',
};

type Growing = { -readonly [K in keyof Figures]: Figures[K] };
type Step = <T>(name: BenchStep, work: () => Promise<T>) => Promise<T>;

/** Opens a model on one provider and measures it. How that fails is part of what it gives; throws `cancelled` alone. */
export async function benchProvider(
  place: Place,
  onProgress: (progress: BenchProgress) => void,
  signal: AbortSignal,
): Promise<ProviderBench> {
  const { provider, attention } = place.computing;
  const figures: Growing = { ...NO_FIGURES };
  let { weights } = place;
  let engine: LocalEngine | null = null;
  try {
    const opened = await open(place, figures, onProgress, signal);
    engine = opened.engine;
    weights = engine.info.weights;
    const { info } = engine;
    const step: Step = async (name, work) => {
      onProgress({ phase: 'measuring', provider, step: name });
      const found = await work();
      // A card that fails is given up for the processor: what was measured then is not the card's.
      if (opened.engine.info.provider !== provider)
        throw new EngineError('crashed', `${opened.engine.info.why}, while measuring ${MEASURED[name]}`);
      return found;
    };
    await measure(new Speedometer(engine, signal), info, opened.parallel, figures, step);
    figures.memory = await engine.peakMemory();
    return { provider, attention, weights, state: 'measured', why: null, figures };
  } catch (error) {
    if (signal.aborted || !(error instanceof EngineError)) throw error;
    const why = place.clean(firstLine(error.message));
    return { provider, attention, weights, state: 'failed', why, figures };
  } finally {
    await engine?.close();
  }
}

async function open(
  { dir, cacheDir, entry, weights, computing, isImported }: Place,
  figures: Growing,
  onProgress: (progress: BenchProgress) => void,
  signal: AbortSignal,
): Promise<{ engine: LocalEngine; parallel: number }> {
  const { provider } = computing;
  const began = performance.now();
  let imported = began;
  const attempt = async (parallel: number) => {
    const engine = await openOnnxEngine({
      ...{ dir, cacheDir, entry, computing, parallel, signal, maxImages: 1, weights: weights ?? undefined },
      onProgress: (step) => {
        if (step.phase === 'opening') imported = performance.now();
        onProgress({ phase: 'opening', provider, step });
      },
    });
    return { engine, parallel };
  };
  // A card is measured by what a conversation alone computes with: several would be for decomposed attention.
  const opened = await attempt(provider === 'cpu' ? TOGETHER : 1).catch((error: unknown) => {
    if (error instanceof EngineError && error.kind === 'no-space') return attempt(1);
    throw error;
  });
  const { info } = opened.engine;
  if (info.provider !== provider) {
    await opened.engine.close();
    throw new EngineError('crashed', `${info.why}, while the model was opened`);
  }
  figures.open = (performance.now() - imported) / 1000;
  figures.import = isImported ? null : (imported - began) / 1000;
  return opened;
}

async function measure(
  meter: Speedometer,
  { contextLength, images }: LocalEngine['info'],
  parallel: number,
  figures: Growing,
  step: Step,
): Promise<void> {
  const context = contextLength ?? LONG;
  const rate = await step('reading', () => meter.warmUp());
  const short = Math.floor(Math.min(SHORT, context / 4, rate * MOST_SECONDS));
  const prompt = meter.prompt(short, 1);
  const first = await step('reading', () => meter.read(prompt, MOST_SECONDS));
  const again = await step('reading', () => meter.read(meter.prompt(short, 2), MOST_SECONDS));
  figures.prefill = first.tokens / first.seconds > again.tokens / again.seconds ? first : again;

  const speak = async (name: BenchStep, messages: typeof prompt, count: number): Promise<At | null> => {
    const wanted = { tokens: SAID * count, count, mostSeconds: MOST_SECONDS };
    return step(name, () => meter.speak(messages, wanted));
  };
  figures.decode = await speak('speaking', prompt, 1);
  if (parallel > 1) {
    const together = await speak('together', prompt, parallel);
    figures.together = together && { ...together, count: parallel };
  }

  const size = pictureSize(images);
  figures.image = { ...(await step('seeing', () => meter.see(size))), ...size };
  figures.reply = await step('seeing', () => meter.reply(size, REPLY));

  const { tokens, seconds } = figures.prefill;
  const long = Math.floor(Math.min(LONG, 0.9 * context, (tokens / seconds) * MOST_LONG));
  if (long < 2 * short) return;
  const longer = meter.prompt(long, 4);
  const read = await step('long', () => meter.read(longer, MOST_LONG));
  figures.longPrefill = read;
  if (read.whole) figures.longDecode = await speak('long', longer, 1);
}
