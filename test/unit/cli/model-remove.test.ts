import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { modelRemove } from '../../../src/cli/commands/model-remove';
import { main } from '../../../src/cli/main';
import { defaultCacheDir } from '../../../src/engine/onnx/cache-dir';
import { openCheckpoint } from '../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../src/engine/onnx/import';
import { listImports } from '../../../src/engine/onnx/import/list-imports';
import { tryLock } from '../../../src/shared/lock';
import { tinyCheckpoint } from '../../helpers/imports';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { memoryIo } from './memory-io';

beforeEach(async () => {
  vi.stubEnv('VILASR_CACHE', await temporaryFolder());
  return () => vi.unstubAllEnvs();
});

async function remove(...words: string[]) {
  const io = memoryIo();
  const exitCode = await main(['model', 'remove', ...words], io, [modelRemove]);
  return { exitCode, out: io.out(), err: io.err() };
}

/** What is left: source and format. */
const left = async () =>
  (await listImports(defaultCacheDir())).map(({ source, weights }) => `${source} ${weights}`);

describe('vilasr model remove', () => {
  it('goes on with the rest where one is busy, and says so of each', async () => {
    const { dir, checkpoint } = await tinyCheckpoint();
    for (const weights of ['fp32', 'int8', 'int4'] as const) await importCheckpoint(checkpoint, { weights });
    const busy = (await listImports(defaultCacheDir())).find(({ weights }) => weights === 'fp32');
    const lock = await tryLock(`${busy?.dir}.lock`);
    const { exitCode, out, err } = await remove('tiny');
    await lock?.release();
    expect(exitCode).toBe(2);
    expect(out).toMatch(/Removed tiny as int4: .*\nRemoved tiny as int8: /);
    expect(err).toContain('is being imported just now');
    expect(await left()).toEqual([`${dir} fp32`]);
  });

  describe('of a name that several checkpoints have', () => {
    async function twins() {
      const [one, two] = [await tinyCheckpoint(), await tinyCheckpoint({ seed: 2 })];
      for (const { checkpoint } of [one, two]) await importCheckpoint(checkpoint, { weights: 'int8' });
      return [one.dir, two.dir].sort();
    }

    it('asks which one is meant', async () => {
      const dirs = await twins();
      const { exitCode, out, err } = await remove('tiny');
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      for (const dir of dirs) expect(err).toContain(dir);
      expect(err).toContain('Give the folder of one, or --all');
      expect(await left()).toHaveLength(2);
    });

    it('takes the folder of one', async () => {
      const [one = '', two] = await twins();
      expect((await remove(one)).exitCode).toBe(0);
      expect(await left()).toEqual([`${two} int8`]);
    });

    it('takes all of that name, and no others, with --all', async () => {
      await twins();
      const other = join(await temporaryFolder(), 'other');
      await rename((await tinyCheckpoint()).dir, other);
      await importCheckpoint(await openCheckpoint(other), { weights: 'int8' });
      expect((await remove('tiny', '--all')).exitCode).toBe(0);
      expect(await left()).toEqual([`${other} int8`]);
      expect((await remove('--all')).exitCode).toBe(0);
      expect(await left()).toEqual([]);
    });
  });
});
