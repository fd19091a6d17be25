import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Computing, EngineError, type Provider, type WeightFormat } from '../../engine';
import { whyNotHere } from '../../expert-providers';
import { defaultCacheDir } from '../cache-dir';
import { checkModel } from '../check-model';
import { checkpointName } from '../checkpoint/checkpoint-name';
import { type TriedCard, tryCard } from '../choose-provider';
import { firstLine, onCpu } from '../computing';
import { askRuntime } from '../onnx-engine';
import { chooseComputing } from '../probe/report';
import type { BenchProgress } from './bench-progress';
import { benchProvider } from './bench-provider';
import { type BenchReport, type CardTrial, NO_FIGURES, type ProviderBench } from './bench-report';
import { takenByVulkan, VULKAN_TALK } from './graphics-cards';
import { hidePaths } from './hide-paths';
import { describeMachine } from './machine';

export interface BenchOptions {
  /** The checkpoint folder. */
  readonly dir: string;
  /** What the report calls the model; what people call the checkpoint unless given. */
  readonly name?: string | undefined;
  /** See `BenchReport.program`. */
  readonly program: string;
  /** The only provider that is measured; the processor, and WebGPU where that computes right, if null. */
  readonly provider: Provider | null;
  /** As in a run, if null. */
  readonly weights: WeightFormat | null;
  readonly onProgress: (progress: BenchProgress) => void;
  readonly signal: AbortSignal;
  /** Folder of imported models, and the engine's program: see `OpenOptions`. */
  readonly cacheDir?: string;
  readonly entry?: string;
}

/** What is no processor. */
type CardProvider = Exclude<Provider, 'cpu'>;

/** A card that is so many times slower than the processor must be software: it is measured only if it is asked for. */
const HOPELESS = 10;

/**
 * Measures how fast a model is on this machine, on each provider that computes it right, with the engine that runs use: in
 * seconds for a small model, in some minutes for a large one. How a provider fails is part of the report. Throws
 * `EngineError`: `bad-model` if the folder is none, `cancelled`.
 */
export async function benchModel(options: BenchOptions): Promise<BenchReport> {
  const { dir, program, provider: only, onProgress, signal } = options;
  const { cacheDir = defaultCacheDir(), entry = join(__dirname, 'engine.js') } = options;
  const clean = (words: string) => hidePaths(words, [dir, cacheDir, tmpdir(), homedir()]);
  onProgress({ phase: 'machine' });
  const { model, formats, usual: format, problem } = await checkModel(dir, { cacheDir });
  if (model === null || formats === null) {
    throw new EngineError('bad-model', problem ?? `${dir} holds no model that can be run.`);
  }
  const [machine, runtime] = await Promise.all([describeMachine(signal), askRuntime(entry, signal)]);

  const isMeasured = (provider: Provider) => only === null || only === provider;
  const cardProvider = only === null || only === 'cpu' ? 'webgpu' : only;
  let card: TriedCard | null = null;
  let stderr = '';
  if (only !== 'cpu') {
    onProgress({ phase: 'card' });
    const onStderr = (text: string) => {
      stderr += text;
    };
    const nowhere = whyNotHere(cardProvider);
    const trial = {
      ...{ dir, entry, provider: cardProvider, timed: true, thorough: true, several: false },
      ...{ env: VULKAN_TALK, onStderr },
    };
    card = nowhere === null ? await tryCard(trial, signal) : { failure: nowhere };
  }

  const weights = options.weights ?? format;
  const providers: ProviderBench[] = [];
  const measure = async (computing: Computing) => {
    const isImported =
      (weights !== null && formats[weights].imported) ||
      providers.some(({ figures }) => figures.open !== null);
    const place = { dir, cacheDir, entry, weights, computing, isImported, clean };
    providers.push(await benchProvider(place, onProgress, signal));
  };
  if (isMeasured('cpu')) await measure(onCpu('it is measured'));
  if (card !== null) {
    const computing = onCard(card, cardProvider, only !== null);
    if (typeof computing === 'string') providers.push(skipped(cardProvider, clean(computing)));
    else await measure(computing);
  }

  const { parameters, bytes, numbers, contextLength } = model;
  return {
    ...{ program, machine, runtime, providers },
    model: { name: options.name ?? checkpointName(dir), parameters, bytes, numbers, contextLength },
    card: card && trialOf(card, takenByVulkan(stderr), clean),
    // Only by WebGPU does a run compute unasked.
    usual: card && cardProvider === 'webgpu' ? usualOf(card, clean) : null,
  };
}

/** How to compute on the card that was tried, or why that is not measured. */
function onCard(card: TriedCard, provider: CardProvider, isWanted: boolean): Computing | string {
  if ('failure' in card) return card.failure;
  const { milliseconds } = card.report;
  const computing = chooseComputing(provider, card.report);
  if (computing.provider === 'cpu') return computing.why;
  if (isWanted || milliseconds === null || milliseconds.card <= HOPELESS * milliseconds.cpu) return computing;
  return `it is more than ${HOPELESS} times slower than the processor; it is measured if it is asked for alone`;
}

const skipped = (provider: CardProvider, why: string): ProviderBench => ({
  ...{ provider, attention: null, weights: null, state: 'skipped', why, figures: NO_FIGURES },
});

/** What a run computes on unless something else is asked for. */
function usualOf(card: TriedCard, clean: (words: string) => string): Computing {
  const usual = 'failure' in card ? onCpu(card.failure) : chooseComputing('auto', card.report);
  return { ...usual, why: clean(usual.why) };
}

function trialOf(card: TriedCard, taken: string | null, clean: (words: string) => string): CardTrial {
  if ('failure' in card) return { taken, found: null, failure: clean(card.failure) };
  const { report } = card;
  const words = (finding: string | null) => finding && clean(firstLine(finding));
  const found = {
    ...report,
    missing: words(report.missing),
    products: words(report.products),
    fused: words(report.fused),
    decomposed: words(report.decomposed),
  };
  return { taken, found, failure: null };
}
