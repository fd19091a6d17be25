import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../helpers/bundle';
import { tinyFolder, writeFolder } from '../../helpers/checkpoint-folder';
import { dataFiles } from '../../helpers/imports';
import { randomNumbers } from '../../helpers/random';

const RANDOM_KILLS = process.env.VILASR_LONG === '1' ? 200 : 10;

const resultSchema = v.object({
  dir: v.string(),
  hash: v.string(),
  seen: v.array(v.picklist(['waiting', 'repairing', 'verifying', 'converting'])),
});
type Result = v.InferOutput<typeof resultSchema>;

let root = '';
let program = '';
let checkpoint = '';
/** Files of an import that nothing disturbed, by format. */
const whole: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vilasr-kill-'));
  program = await bundle(join(import.meta.dirname, '..', '..', 'fixtures', 'import-program.ts'), root);
  checkpoint = join(root, 'model');
  // The embedding and the head are 10 MB each, ten pieces, so that a kill can hit the middle of a tensor.
  const wide = { hidden_size: 256, vocab_size: 20_000 };
  const vision_config = {
    depth: 1,
    hidden_size: 8,
    num_heads: 2,
    intermediate_size: 12,
    out_hidden_size: 256,
    fullatt_block_indexes: [],
  };
  const rope_scaling = { type: 'mrope', mrope_section: [32, 16, 16] };
  await writeFolder(
    checkpoint,
    tinyFolder({ dtype: 'BF16', config: { ...wide, vision_config, rope_scaling } }),
  );
  for (const format of ['fp32', 'int8']) {
    const { dir } = await finish(join(root, `whole-${format}`), format);
    whole[format] = await dataFiles(dir);
  }
});
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** A process that imports into `cacheDir` and may kill itself at its `killAt`-th progress event. */
function start(cacheDir: string, format: string, killAt = 0): ChildProcess {
  return spawn(process.execPath, [program, checkpoint, cacheDir, format, String(killAt)], { stdio: 'pipe' });
}

/** What `child` printed; throws what it complained of, or that it was killed. */
async function resultOf(child: ChildProcess): Promise<Result> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => out.push(piece));
  child.stderr?.on('data', (piece: Buffer) => err.push(piece));
  await once(child, 'close');
  if (child.exitCode !== 0)
    throw new Error(`ended with ${child.signalCode ?? child.exitCode}: ${Buffer.concat(err)}`);
  return v.parse(resultSchema, JSON.parse(Buffer.concat(out).toString()));
}

const finish = (cacheDir: string, format: string): Promise<Result> => resultOf(start(cacheDir, format));

const count = ({ seen }: Result, phase: Result['seen'][number]) => seen.filter((one) => one === phase).length;

describe('an import whose process is killed', () => {
  it.each([
    ['fp32', 1],
    ['fp32', 6],
    ['int8', 14],
    ['int8', 17],
    ['int8', 25],
    ['fp32', 40],
  ])(
    'as %s at its step %i is finished by the next one, to the byte, without doing finished tensors again',
    async (format, killAt) => {
      const cacheDir = join(root, `step-${format}-${killAt}`);
      const killed = start(cacheDir, format, killAt);
      await once(killed, 'exit');
      expect(killed.signalCode).toBe('SIGKILL');
      const left = await readdir(cacheDir);
      const partial = left.find((name) => name.endsWith('.partial')) ?? '';
      expect(left.filter((name) => name !== partial && !/\.(lock|stale)$/.test(name))).toEqual([]);
      const journal = await readFile(join(cacheDir, partial, 'journal.jsonl'), 'utf8');
      const finished = journal.split('\n').length - 1;
      expect(finished).toBeLessThanOrEqual(killAt);
      // The embedding and the head take ten pieces each.
      expect(finished).toBeGreaterThanOrEqual(killAt - 18);

      const result = await finish(cacheDir, format);
      expect(await dataFiles(result.dir)).toEqual(whole[format]);
      expect(count(result, 'verifying')).toBe(finished);
      expect(await readdir(cacheDir)).toHaveLength(1);
    },
  );

  it('at any moment, again and again, ends with the same bytes', async () => {
    const random = randomNumbers(23);
    const cacheDir = join(root, 'random');
    const begin = performance.now();
    await finish(join(root, 'timed'), 'int8');
    const duration = performance.now() - begin;
    let interrupted = 0;
    // On a busy machine all of the first kills may come before there is anything to interrupt.
    for (let round = 0; round < RANDOM_KILLS || (interrupted === 0 && round < 100); round++) {
      const child = start(cacheDir, 'int8');
      const exited = once(child, 'exit');
      await Promise.race([exited, sleep(random() * duration)]);
      child.kill('SIGKILL');
      await exited;
      const left = await readdir(cacheDir).catch(() => []);
      const finished = left.find((name) => !/\.(partial|lock|stale)$/.test(name));
      if (left.some((name) => name.endsWith('.partial'))) interrupted++;
      if (finished !== undefined) {
        expect(await dataFiles(join(cacheDir, finished))).toEqual(whole.int8);
        await rm(cacheDir, { recursive: true });
      }
    }
    const result = await finish(cacheDir, 'int8');
    expect(interrupted).toBeGreaterThan(0);
    expect(await dataFiles(result.dir)).toEqual(whole.int8);
    expect(await readdir(cacheDir)).toHaveLength(1);
  });
});

describe('two processes that import the same model at once', () => {
  it('both get it, converted once, with nothing broken', async () => {
    const cacheDir = join(root, 'two');
    const results = await Promise.all([
      finish(cacheDir, 'int8'),
      finish(cacheDir, 'int8'),
      finish(cacheDir, 'int8'),
    ]);
    expect(new Set(results.map(({ dir }) => dir)).size).toBe(1);
    expect(results.filter((result) => count(result, 'converting') > 0)).toHaveLength(1);
    expect(await dataFiles(results[0]?.dir ?? '')).toEqual(whole.int8);
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('do not depend on each other: the one that waits goes on when the other is killed', async () => {
    const cacheDir = join(root, 'heir');
    const [, result] = await Promise.all([
      once(start(cacheDir, 'fp32', 30), 'exit'),
      finish(cacheDir, 'fp32'),
    ]);
    expect(await dataFiles(result.dir)).toEqual(whole.fp32);
    expect(await readdir(cacheDir)).toHaveLength(1);
  });
});
