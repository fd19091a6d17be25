import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import { holdImport } from '../../../../../src/engine/onnx/import/hold';
import { listImports, removeImport } from '../../../../../src/engine/onnx/import/list-imports';
import { tinyFolder, writeFolder } from '../../../../helpers/checkpoint-folder';
import { engineError } from '../../../../helpers/engine-error';
import { tinyCheckpoint } from '../../../../helpers/imports';

async function imported() {
  const tiny = await tinyCheckpoint();
  const { dir } = await importCheckpoint(tiny.checkpoint, { weights: 'int8', cacheDir: tiny.cacheDir });
  return { ...tiny, dir, source: tiny.dir };
}

/** What a process writes that holds an import. */
const holdOf = (dir: string, pid: number | undefined) =>
  writeFile(`${dir}.run-${pid}-0`, JSON.stringify({ pid, host: hostname(), id: 'x' }));

describe('an import that is held', () => {
  it('is not removed until all have let it go', async () => {
    const { dir, cacheDir } = await imported();
    const holds = [await holdImport(dir, undefined), await holdImport(dir, undefined)];
    for (const hold of holds) {
      expect(await engineError(removeImport({ dir }))).toMatchObject({
        kind: 'bad-request',
        message: expect.stringContaining(`runs in process ${process.pid}`),
      });
      await hold?.release();
    }
    await removeImport({ dir });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('by several processes names them', async () => {
    const { dir } = await imported();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void other.kill());
    await holdOf(dir, other.pid);
    await holdImport(dir, undefined);
    const { message } = await engineError(removeImport({ dir }));
    expect(message).toContain('the processes');
    expect(message).toContain(String(other.pid));
    expect(message).toContain(String(process.pid));
  });

  it('by a process that computes, and touches nothing meanwhile, is not removed', async () => {
    const { dir } = await imported();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void other.kill());
    await holdOf(dir, other.pid);
    const minutesAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(`${dir}.run-${other.pid}-0`, minutesAgo, minutesAgo);
    expect((await engineError(removeImport({ dir }))).message).toContain(`process ${other.pid}`);
  });

  it('is not made anew where it is damaged', async () => {
    const { dir, source, cacheDir } = await imported();
    const hold = await holdImport(dir, undefined);
    await rm(join(dir, 'manifest.json'));
    const again = async () => importCheckpoint(await openCheckpoint(source), { weights: 'int8', cacheDir });
    expect((await engineError(again())).message).toContain(`while process ${process.pid} runs it`);
    await hold?.release();
    expect((await again()).dir).toBe(dir);
  });

  it('by a process that has died is removed', async () => {
    const { dir, cacheDir } = await imported();
    const other = spawn(process.execPath, ['-e', '']);
    await once(other, 'exit');
    await holdOf(dir, other.pid);
    await removeImport({ dir });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it('is left by an import that replaces it, until the next time', async () => {
    const { dir, source, cacheDir } = await imported();
    const hold = await holdImport(dir, undefined);
    const again = async (seed: number) => {
      await writeFolder(source, tinyFolder({ seed }));
      await importCheckpoint(await openCheckpoint(source), { weights: 'int8', cacheDir });
      return (await listImports(cacheDir)).map((one) => one.dir);
    };
    expect(await again(3)).toContain(dir);
    await hold?.release();
    expect(await again(4)).toHaveLength(1);
  });
});
