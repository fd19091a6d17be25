/**
 * The engine against PyTorch and transformers, on the CPU, on the same checkpoint, in the same run, turn about; prints
 * ratios, of which more than 1 means that the engine is faster. Usage: see scripts/bench.mjs.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  type Engine,
  type GenerateEvent,
  type Message,
  type Part,
  WEIGHT_FORMATS,
  type WeightFormat,
} from '../../src/engine/engine';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import { openOnnxEngine } from '../../src/engine/onnx/onnx-engine';
import type { RgbImage, Size } from '../../src/trace/geometry';
import { engineProcesses } from '../helpers/engine-process';
import { Bars } from './bars';
import { Peer } from './peer';

const rounds = 3;
const promptWords = 150;
const replyTokens = 32;
const picture = { width: 448, height: 336 };
const bars = new Bars();
const greedy = { temperature: 0, topP: 1, seed: 0 };

interface Timing {
  /** Tokens that were run before the reply, and the seconds for them, images included. */
  readonly prefill: { readonly tokens: number; readonly seconds: number };
  readonly decode: { readonly tokens: number; readonly seconds: number };
  /** Seconds to the first piece of text or the end. */
  readonly first: number;
  readonly reply: Extract<GenerateEvent, { type: 'end' }>;
}

async function time(engine: Engine, messages: readonly Message[], maxTokens: number): Promise<Timing> {
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  let prefill = { tokens: 0, seconds: 0 };
  let first: number | null = null;
  for await (const event of engine.generate({ messages, sampling: greedy, maxTokens })) {
    if (event.type === 'prefill') prefill = { tokens: event.total - event.reused, seconds: since() };
    else first ??= since();
    if (event.type !== 'end') continue;
    const tokens = Math.max((event.tokens ?? 0) - 1, 1);
    return {
      prefill,
      decode: { tokens, seconds: since() - prefill.seconds },
      first: first ?? since(),
      reply: event,
    };
  }
  throw new Error('The reply did not end.');
}

let drawn = 0;
/** A picture like no other. */
function image({ width, height }: Size): RgbImage {
  drawn++;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * 31) ^ (drawn * 77);
  return { width, height, data };
}
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
/** A text like no other, so that nothing of it is in a cache. */
const words = (count: number, seed: number) =>
  Array.from(
    { length: count },
    (_, i) => `${String.fromCharCode(97 + ((i * seed) % 26))}${(i * seed) % 97}`,
  ).join(' ');

/** Anonymous memory of a process, in bytes. */
function memory(pid: number): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

const best = (values: readonly number[]) => Math.min(...values);
const print = (label: string, text: string) => console.log(`  ${label.padEnd(34)} ${text}`);

async function compare(engine: Engine, pid: number, peer: Peer): Promise<void> {
  const ours = { prefill: [] as number[], decode: [] as number[], image: [] as number[] };
  const theirs = { prefill: [] as number[], decode: [] as number[], image: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const text = await time(
      engine,
      [user({ type: 'text', text: words(promptWords, round + 3) })],
      replyTokens,
    );
    ours.prefill.push(text.prefill.seconds / text.prefill.tokens);
    ours.decode.push(text.decode.seconds / text.decode.tokens);
    const { tokens } = text.prefill;
    theirs.prefill.push((await peer.time({ op: 'prefill', tokens })) / tokens);
    theirs.decode.push((await peer.time({ op: 'decode', tokens: replyTokens })) / replyTokens);

    const seen = await time(engine, [user({ type: 'image', image: image(picture) })], 1);
    ours.image.push(seen.prefill.seconds);
    const encoded = await peer.time({ op: 'image', ...picture });
    theirs.image.push(encoded + (await peer.time({ op: 'prefill', tokens: seen.prefill.tokens })));
  }
  for (const [what, unit] of [
    ['prefill', 'tokens/s'],
    ['decode', 'tokens/s'],
    ['image', 'images/s'],
  ] as const) {
    const [a, b] = [best(ours[what]), best(theirs[what])];
    print(what, `${(1 / a).toFixed(1)} ${unit}, PyTorch ${(1 / b).toFixed(1)}: ratio ${(b / a).toFixed(2)}`);
  }
  const [a, b] = [memory(pid), await peer.memory()];
  print(
    'anonymous memory',
    `${(a / 1e6).toFixed(0)} MB, PyTorch ${(b / 1e6).toFixed(0)} MB: ratio ${(a / b).toFixed(2)}`,
  );
}

/** Time to the first token, turn by turn, of a conversation in which every turn brings an image. */
async function turns(engine: Engine): Promise<void> {
  const messages: Message[] = [];
  const firsts: string[] = [];
  for (let turn = 1; turn <= 8; turn++) {
    messages.push(
      user({ type: 'image', image: image({ width: 252, height: 252 }) }, { type: 'text', text: 'Go on.' }),
    );
    const { first, prefill, reply } = await time(engine, messages, 24);
    messages.push({ role: 'assistant', text: reply.text, tokens: reply.ids ?? [] });
    firsts.push(`${(first * 1000).toFixed(0)} ms (${prefill.tokens} new)`);
  }
  print('first token of turns 1..8', firsts.join(', '));
}

async function measure(
  checkpoint: string,
  weights: WeightFormat,
  peer: Peer,
  cacheDir: string,
): Promise<void> {
  const open = () =>
    openOnnxEngine({
      ...{ dir: checkpoint, weights, provider: 'cpu', cacheDir },
      entry: process.env.VILASR_ENGINE ?? '',
    });
  await (await open()).close();
  console.log(`${checkpoint}, ${weights}`);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const start = performance.now();
  const engine = await open();
  const { first } = await time(engine, [user({ type: 'text', text: 'Hello' })], 2);
  print(
    'cold start to first token',
    `${((performance.now() - start) / 1000).toFixed(2)} s (${first.toFixed(2)} s of it after opening)`,
  );
  // Before the event loop is watched: looking for processes blocks it.
  const [pid = 0] = engineProcesses();
  delay.enable();
  await compare(engine, pid, peer);
  await turns(engine);
  delay.disable();
  const ms = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(0)} ms`;
  print('gaps of this event loop', `${ms(delay.max)} at most, 99.9 % within ${ms(delay.percentile(99.9))}`);
  await engine.close();
}

/** From so many numbers on, weights lie in memory and not in a cache, and what a token takes is to read them. */
const LARGE = 1e8;

/** Tokens a second of each format of weights, turn about, against those of fp32; with a bar for `int8` of a large model. */
async function formats(checkpoint: string, cacheDir: string): Promise<void> {
  const entry = process.env.VILASR_ENGINE ?? '';
  console.log(`${checkpoint}, formats against one another`);
  const engines = new Map<WeightFormat, Engine>();
  for (const weights of WEIGHT_FORMATS)
    engines.set(
      weights,
      await openOnnxEngine({ dir: checkpoint, weights, provider: 'cpu', cacheDir, entry }),
    );
  const seconds = new Map<WeightFormat, Record<'prefill' | 'decode', number[]>>();
  for (let round = 0; round < rounds + 2; round++) {
    for (const [weights, engine] of engines) {
      const all = seconds.get(weights) ?? { prefill: [], decode: [] };
      const text = words(promptWords, round + 3);
      const { prefill, decode } = await time(engine, [user({ type: 'text', text })], replyTokens);
      all.prefill.push(prefill.seconds / prefill.tokens);
      all.decode.push(decode.seconds / decode.tokens);
      seconds.set(weights, all);
    }
  }
  for (const engine of engines.values()) await engine.close();
  const fp32 = seconds.get('fp32');
  for (const [weights, all] of seconds) {
    const speeds = (['prefill', 'decode'] as const).map((what) => {
      const [a, b] = [best(all[what]), best(fp32?.[what] ?? [])];
      return `${what} ${(1 / a).toFixed(1)} tokens/s, ratio to fp32 ${(b / a).toFixed(2)}`;
    });
    print(weights, speeds.join('; '));
  }
  if ((await openCheckpoint(checkpoint)).parameters < LARGE) return;
  const [a, b] = [best(seconds.get('int8')?.decode ?? []), best(fp32?.decode ?? [])];
  bars.least('int8 decode, ratio to fp32', b / a, 1.3, '');
}

const [python = '', cacheDir = '', ...checkpoints] = process.argv.slice(2);
for (const checkpoint of checkpoints) {
  const peer = await Peer.start(python, checkpoint, availableParallelism());
  for (const weights of ['fp32', 'int8'] as const) await measure(checkpoint, weights, peer, cacheDir);
  peer.stop();
  await formats(checkpoint, cacheDir);
}
if (bars.missed.length > 0) process.exitCode = 1;
