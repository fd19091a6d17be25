/**
 * An import against `cp`, in the same run, turn about, on one core: bytes read and written a second until the disk has them.
 * Both read what lies in the page cache. Usage: see scripts/bench.mjs; `CACHE CHECKPOINT ...`. It needs Linux.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WEIGHT_FORMATS, type WeightFormat } from '../../src/engine/engine';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../src/engine/onnx/import';
import { Bars, median, note, noteLoad } from './bars';
import { copyRate, flush, remember } from './copy';

const ROUNDS = 5;
/** Smaller ones are over before anything can be told. */
const LEAST_BYTES = 100e6;
const bars = new Bars();

/** Bytes a second that the import reads and writes. */
async function importRate(dir: string, weights: WeightFormat, cacheDir: string): Promise<number> {
  const checkpoint = await openCheckpoint(dir);
  flush(cacheDir);
  const start = performance.now();
  const model = await importCheckpoint(checkpoint, { weights, cacheDir });
  flush(model.dir);
  const seconds = (performance.now() - start) / 1000;
  const written = ['text.bin', 'vision.bin', 'embedding.bin'].map(
    (name) => statSync(join(model.dir, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  rmSync(model.dir, { recursive: true });
  const read = checkpoint.tensors.reduce((sum, { source }) => sum + source.length, 0);
  return (read + written.reduce((sum, size) => sum + size, 0)) / seconds;
}

async function measure(dir: string, cacheDir: string): Promise<void> {
  const { shards } = await openCheckpoint(dir);
  const [shard] = shards;
  if (shard === undefined || shard.size < LEAST_BYTES) return;
  console.log(`${dir}, import against cp, on one core, read from the page cache, written to the disk`);
  noteLoad();
  mkdirSync(cacheDir, { recursive: true });
  for (const { path } of shards) remember(path);
  const copies: number[] = [];
  const imports = new Map(WEIGHT_FORMATS.map((weights) => [weights, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [weights, rates] of imports) {
      copies.push(copyRate(shard.path, cacheDir));
      rates.push(await importRate(dir, weights, cacheDir));
    }
  }
  note('cp', median(copies) / 1e6, ' MB a second read and written');
  for (const [weights, rates] of imports) {
    note(`${weights} import`, median(rates) / 1e6, ' MB a second read and written');
    bars.least(`  ratio to cp`, median(rates) / median(copies), 0.7, '');
  }
}

const [cacheDir = '', ...checkpoints] = process.argv.slice(2);
// All threads of this process, and so the programs that it starts.
execFileSync('taskset', ['-a', '-c', '-p', '0', String(process.pid)], { stdio: 'ignore' });
for (const dir of checkpoints) await measure(dir, cacheDir);
if (bars.missed.length > 0) process.exitCode = 1;
