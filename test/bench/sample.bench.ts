/**
 * Eight candidates of one question together against one after another, on the same checkpoint, turn about; prints ratios,
 * of which more than 1 means that together is faster. Usage: see scripts/bench-sample.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type FoundQuestion, readQuestions } from '../../src/dataset/read-questions';
import { openTraceFile } from '../../src/dataset/trace-file';
import type { Engine, GenerateRequest, WeightFormat } from '../../src/engine/engine';
import { openOnnxEngine } from '../../src/engine/onnx/onnx-engine';
import { startPixelService } from '../../src/image/child-pixel-service';
import { defaultProfile } from '../../src/reason/default-profile';
import { readProfile } from '../../src/reason/profile';
import { sampleCandidates } from '../../src/sample/sample-candidates';
import { writeRandomCheckpoint } from './random-checkpoint';

const CANDIDATES = 8;
/** Rounds of a measurement: this many, and more within so many milliseconds, of which the best counts. */
const ROUNDS = { least: 3, most: 20, within: 20_000 };
const MAX_TOKENS = 64;

/** Tokens of the replies, and the seconds from the last prompt that was in to the last reply's end. */
interface Decode {
  readonly tokens: number;
  readonly seconds: number;
}

/** Asks an engine, and keeps what it was asked at first. */
class Recorder implements Engine {
  readonly first: GenerateRequest[] = [];

  constructor(private readonly inner: Engine) {}

  get info() {
    return this.inner.info;
  }

  generate(request: GenerateRequest, signal?: AbortSignal) {
    const isFirst = !request.messages.some(({ role }) => role === 'assistant');
    if (isFirst) this.first.push(request);
    return this.inner.generate(request, signal);
  }

  close() {
    return this.inner.close();
  }
}

async function decode(engine: Engine, requests: readonly GenerateRequest[]): Promise<Decode> {
  let [tokens, ready, ended] = [0, 0, 0];
  const run = async (request: GenerateRequest) => {
    for await (const event of engine.generate(request)) {
      if (event.type === 'prefill' && event.done === event.total) ready = performance.now();
      if (event.type !== 'end') continue;
      tokens += event.tokens ?? 0;
      ended = performance.now();
    }
  };
  await Promise.all(requests.map(run));
  return { tokens, seconds: (ended - ready) / 1000 };
}

async function decodeInTurn(engine: Engine, requests: readonly GenerateRequest[]): Promise<Decode> {
  let all: Decode = { tokens: 0, seconds: 0 };
  for (const request of requests) {
    const { tokens, seconds } = await decode(engine, [request]);
    all = { tokens: all.tokens + tokens, seconds: all.seconds + seconds };
  }
  return all;
}

const pixels = startPixelService(process.env.VILASR_PIXELS ?? '');

/** Seconds for all candidates of a question, turns, pictures and file included. */
async function sample(
  engine: Engine,
  question: FoundQuestion,
  file: string,
  parallel: number,
): Promise<number> {
  const out = await openTraceFile(file);
  const began = performance.now();
  await sampleCandidates([question], out, {
    ...{ questionFile: file, engine, pixels, parallel },
    plan: { candidates: CANDIDATES, sampling: { temperature: 1, topP: 1, seed: 5 } },
    profile: engine.info.profile === null ? defaultProfile : readProfile(engine.info.profile, 'the profile'),
    limitsOf: () => ({
      ...{ maxTurns: 20, maxImages: 45, maxTokens: MAX_TOKENS },
      ...{ minPixels: engine.info.images.minPixels, maxPixels: 448 * 28 * 28 },
    }),
    signal: new AbortController().signal,
    onCandidate: () => {},
  });
  const seconds = (performance.now() - began) / 1000;
  await out.close();
  await rm(file);
  return seconds;
}

async function rounds(measureOnce: () => Promise<void>): Promise<void> {
  const end = performance.now() + ROUNDS.within;
  for (let round = 0; round < ROUNDS.most; round++) {
    if (round >= ROUNDS.least && performance.now() > end) return;
    await measureOnce();
  }
}

const best = (values: readonly number[]) => Math.min(...values);
const print = (label: string, text: string) => console.log(`  ${label.padEnd(12)} ${text}`);

async function measure(
  dir: string,
  weights: WeightFormat,
  question: FoundQuestion,
  folder: string,
): Promise<void> {
  const open = async (parallel: number) =>
    new Recorder(
      await openOnnxEngine({
        ...{ dir, weights, parallel, provider: 'cpu', cacheDir: join(folder, 'models') },
        entry: process.env.VILASR_ENGINE ?? '',
      }),
    );
  const [one, many] = [await open(1), await open(CANDIDATES)];
  const seconds = { one: [] as number[], many: [] as number[] };
  const perToken = { one: [] as number[], many: [] as number[] };
  let tokens = 0;
  await rounds(async () => {
    const file = join(folder, 'set.traces.jsonl');
    seconds.one.push(await sample(one, question, file, 1));
    seconds.many.push(await sample(many, question, file, CANDIDATES));
  });
  const requests = one.first.slice(0, CANDIDATES);
  await rounds(async () => {
    const [alone, together] = [await decodeInTurn(one, requests), await decode(many, requests)];
    perToken.one.push(alone.seconds / alone.tokens);
    perToken.many.push(together.seconds / together.tokens);
    tokens = together.tokens;
  });
  await one.close();
  await many.close();
  const rates = [1 / best(perToken.one), 1 / best(perToken.many)] as const;
  const times = [best(seconds.one), best(seconds.many)] as const;
  console.log(`${basename(dir)}, ${weights}, ${tokens} tokens`);
  print(
    'decode',
    `${rates[0].toFixed(0)} tokens/s one after another, ${rates[1].toFixed(0)} together: ratio ${(rates[1] / rates[0]).toFixed(2)}`,
  );
  print(
    'end to end',
    `${times[0].toFixed(2)} s one after another, ${times[1].toFixed(2)} s together: ratio ${(times[0] / times[1]).toFixed(2)}`,
  );
}

const [questionFile = '', ...named] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'vilasr-bench-'));
try {
  const [question] = await readQuestions(questionFile, folder, 1);
  if (!question) throw new Error('There is no question.');
  const random = join(folder, 'random-200m');
  if (named.length === 0) await writeRandomCheckpoint(random);
  const checkpoints = named.length > 0 ? named : [join('media', 'model'), random];
  for (const checkpoint of checkpoints) {
    for (const weights of ['fp32', 'int8'] as const) await measure(checkpoint, weights, question, folder);
  }
} finally {
  await pixels.close();
  await rm(folder, { recursive: true, force: true });
}
