/**
 * A random checkpoint of ViLaSR-7B's exact shape on the CPU: import against `cp`, then a short conversation about two images,
 * and the memory of all processes meanwhile. Usage: see scripts/bench-full-size.mjs.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, WeightFormat } from '../../src/engine/engine';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../src/engine/onnx/import';
import { openOnnxEngine } from '../../src/engine/onnx/onnx-engine';
import { engineProcesses } from '../helpers/engine-process';
import { Bars, note, noteLoad } from './bars';
import { copyRate, flush, forget } from './copy';
import { writeFullSizeCheckpoint } from './full-size-checkpoint';

const bars = new Bars();
const GB = 1e9;
/** `both` is their largest sum at one time. */
interface Peak {
  anonymous: number;
  mapped: number;
  both: number;
}

/** Looks at the memory of this process and the engine's twice a second: what is its own, and pages of files. */
function watchMemory(): { peak: Peak; stop(): void } {
  const peak: Peak = { anonymous: 0, mapped: 0, both: 0 };
  let engines: readonly number[] = [];
  let looked = 0;
  const look = () => {
    if (engines.length === 0 || looked++ % 20 === 0) engines = engineProcesses();
    let [anonymous, mapped] = [0, 0];
    for (const pid of [process.pid, ...engines]) {
      const status = readStatus(pid);
      anonymous += bytesOf(status, 'RssAnon') + bytesOf(status, 'RssShmem');
      mapped += bytesOf(status, 'RssFile');
    }
    peak.anonymous = Math.max(peak.anonymous, anonymous);
    peak.mapped = Math.max(peak.mapped, mapped);
    peak.both = Math.max(peak.both, anonymous + mapped);
  };
  const timer = setInterval(look, 500);
  return { peak, stop: () => clearInterval(timer) };
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

const bytesOf = (status: string, key: string): number =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;

const since = (start: number): number => (performance.now() - start) / 1000;

async function measureImport(dir: string, weights: WeightFormat, cacheDir: string): Promise<void> {
  const checkpoint = await openCheckpoint(dir);
  const [shard] = checkpoint.shards;
  // Both read from the disk.
  for (const { path } of checkpoint.shards) forget(path);
  const rate = copyRate(shard?.path ?? '', cacheDir);
  forget(shard?.path ?? '');
  const start = performance.now();
  const cpu = process.cpuUsage();
  const memory = watchMemory();
  const model = await importCheckpoint(checkpoint, { weights, cacheDir });
  flush(model.dir);
  const seconds = since(start);
  memory.stop();
  const { user, system } = process.cpuUsage(cpu);
  const read = checkpoint.shards.reduce((sum, { size }) => sum + size, 0);
  const files = ['text.bin', 'vision.bin', 'embedding.bin'].map(
    (name) => statSync(join(model.dir, name)).size,
  );
  const moved = read + files.reduce((sum, size) => sum + size, 0);
  note(`${weights} import`, seconds, ' s');
  note('  of the processor', (user + system) / 1e6, ' s');
  note('  read and written', moved / GB, ' GB');
  note('  memory of its own', memory.peak.anonymous / GB, ' GB');
  bars.most(`  ${weights} import beyond what cp takes to move as much`, seconds - moved / rate, 180, ' s');
  bars.least(`  ${weights} import, bytes moved a second against cp`, moved / seconds / rate, 0.7, '');
}

async function measureRun(dir: string, weights: WeightFormat, cacheDir: string): Promise<void> {
  const memory = watchMemory();
  const start = performance.now();
  const entry = process.env.VILASR_ENGINE ?? '';
  const options = { dir, weights, cacheDir, entry, maxPixels: 252 * 252, maxImages: 3 };
  const engine = await openOnnxEngine(options);
  note(`${weights}: opened in`, since(start), ' s');
  const image = (seed: number) => {
    const data = new Uint8Array(252 * 252 * 3);
    for (let i = 0; i < data.length; i++) data[i] = (i * 31) ^ (seed * 77);
    return { type: 'image', image: { width: 252, height: 252, data } } as const;
  };
  const messages: Message[] = [
    { role: 'user', parts: [image(1), { type: 'text', text: 'Where does the path end?' }] },
  ];
  for (let turn = 1; turn <= 2; turn++) {
    const asked = performance.now();
    let prefilled = asked;
    for await (const event of engine.generate({
      messages,
      sampling: { temperature: 0, topP: 1, seed: 0 },
      maxTokens: 8,
    })) {
      if (event.type === 'prefill' && event.done === event.total) {
        prefilled = performance.now();
        note(`  turn ${turn}: ${event.total - event.reused} new tokens read in`, since(asked), ' s');
      }
      if (event.type !== 'end') continue;
      note('  tokens a second', ((event.tokens ?? 0) - 1) / since(prefilled), '');
      messages.push({ role: 'assistant', text: event.text, tokens: event.ids ?? [] });
    }
    messages.push({ role: 'user', parts: [image(2), { type: 'text', text: 'Go on.' }] });
  }
  await engine.close();
  memory.stop();
  const { anonymous, mapped, both } = memory.peak;
  note('  most memory of its own', anonymous / GB, ' GB');
  note('  most pages of files', mapped / GB, ' GB');
  bars.most(`  ${weights}: most memory of both at one time`, both / GB, 20, ' GB');
}

const [folder = '', ...steps] = process.argv.slice(2);
const [dir, cacheDir] = [join(folder, 'ViLaSR-7B-random'), join(folder, 'models')];
if (!existsSync(join(dir, 'model.safetensors.index.json'))) await writeFullSizeCheckpoint(dir);
for (const weights of ['int8', 'int4'] as const) {
  noteLoad();
  if (steps.includes(`import-${weights}`)) await measureImport(dir, weights, cacheDir);
  if (steps.includes(`run-${weights}`)) await measureRun(dir, weights, cacheDir);
}
if (bars.missed.length > 0) process.exitCode = 1;
