import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import { listImports, removeImport } from '../../../../../src/engine/onnx/import/list-imports';
import { tryLock } from '../../../../../src/shared/lock';
import { tinyFolder, writeFolder } from '../../../../helpers/checkpoint-folder';
import { engineError } from '../../../../helpers/engine-error';
import { tinyCheckpoint } from '../../../../helpers/imports';

describe('listImports', () => {
  it('finds none where there is no folder', async () => {
    const { cacheDir } = await tinyCheckpoint();
    expect(await listImports(cacheDir)).toEqual([]);
  });

  it('says of each import what it is of, in which format, and what it takes', async () => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    const int8 = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    const fp32 = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await mkdir(join(cacheDir, 'somebody-elses'));
    const found = await listImports(cacheDir);
    expect(found.map(({ bytes, ...rest }) => rest)).toEqual([
      { dir: fp32.dir, name: 'tiny', state: 'whole', weights: 'fp32', source: dir },
      { dir: int8.dir, name: 'tiny', state: 'whole', weights: 'int8', source: dir },
    ]);
    expect(found[0]?.bytes).toBeGreaterThan(checkpoint.parameters * 4);
  });

  it('tells what is not finished and what is damaged from what is whole', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const int8 = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    const int4 = await importCheckpoint(checkpoint, { weights: 'int4', cacheDir });
    await rename(int8.dir, `${int8.dir}.partial`);
    await writeFile(join(int4.dir, 'text.bin'), 'short');
    expect((await listImports(cacheDir)).map(({ weights, state }) => [weights, state])).toEqual([
      ['int4', 'damaged'],
      ['int8', 'partial'],
    ]);
  });

  it('calls a checkpoint in a cache of the Hub by the name that it has there', async () => {
    const { cacheDir } = await tinyCheckpoint();
    const dir = join(cacheDir, '..', 'models--some-org--Some-Model', 'snapshots', '0123abcd');
    await writeFolder(dir, tinyFolder());
    const checkpoint = await openCheckpoint(dir);
    expect(checkpoint.name).toBe('Some-Model');
    await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    expect(await listImports(cacheDir)).toMatchObject([{ name: 'Some-Model', source: dir }]);
  });
});

describe('removeImport', () => {
  it('takes one import away and nothing else', async () => {
    const { dir, cacheDir, checkpoint } = await tinyCheckpoint();
    await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    await importCheckpoint(checkpoint, { weights: 'int4', cacheDir });
    const before = await readFile(join(dir, 'model.safetensors'));
    const [int4, int8] = await listImports(cacheDir);
    if (int4 === undefined) throw new Error('there is none');
    await removeImport(int4);
    expect(await listImports(cacheDir)).toEqual([int8]);
    expect(await readFile(join(dir, 'model.safetensors'))).toEqual(before);
    expect(await readdir(cacheDir)).toHaveLength(1);
    await importCheckpoint(checkpoint, { weights: 'int4', cacheDir });
    expect(await listImports(cacheDir)).toHaveLength(2);
  });

  it('leaves an import alone that is being made', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const { dir } = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir });
    await rename(dir, `${dir}.partial`);
    const lock = await tryLock(`${dir}.lock`);
    const [partial] = await listImports(cacheDir);
    if (partial === undefined) throw new Error('there is none');
    expect(await engineError(removeImport(partial))).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('is being imported just now'),
    });
    await lock?.release();
    await removeImport(partial);
    expect(await listImports(cacheDir)).toEqual([]);
    await rm(cacheDir, { recursive: true });
  });
});
