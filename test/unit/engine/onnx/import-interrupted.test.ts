import { appendFile, cp, open, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint, isImported } from '../../../../src/engine/onnx/import';
import type { ImportedModel } from '../../../../src/engine/onnx/imported-model';
import { engineError } from '../../../helpers/engine-error';
import { dataFiles, progressRecorder, tinyCheckpoint } from '../../../helpers/imports';

describe('importCheckpoint, interrupted', () => {
  it('stops at a cancel and goes on behind the last finished tensor', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const whole = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir: `${cacheDir}-whole` });
    const controller = new AbortController();
    let chunks = 0;
    const cancelled = importCheckpoint(checkpoint, {
      weights: 'int8',
      cacheDir,
      signal: controller.signal,
      onProgress: () => {
        if (++chunks === 10) controller.abort();
      },
    });
    expect((await engineError(cancelled)).kind).toBe('cancelled');
    expect(chunks).toBe(10);

    const { seen, onProgress } = progressRecorder();
    const model = await importCheckpoint(checkpoint, { weights: 'int8', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'verifying')).toHaveLength(10);
    expect(seen.filter(({ phase }) => phase === 'converting')).toHaveLength(checkpoint.tensors.length - 10);
    expect(await dataFiles(model.dir)).toEqual(await dataFiles(whole.dir));
    expect(model.hash).toBe(whole.hash);
  });

  it('does again what was damaged meanwhile, and nothing else', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const whole = await dataFiles(model.dir);
    await rename(model.dir, `${model.dir}.partial`);
    await flip(join(`${model.dir}.partial`, 'text.bin'), model.tensors.get('model.norm.weight')?.offset ?? 0);
    await appendFile(join(`${model.dir}.partial`, 'journal.jsonl'), '{"step":"model.nor');
    const { seen, onProgress } = progressRecorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'converting')).toHaveLength(1);
    expect(await dataFiles(model.dir)).toEqual(whole);
  });

  it.each<[string, (model: ImportedModel) => Promise<void>, RegExp]>([
    ['a changed byte', ({ dir }) => flip(join(dir, 'text.bin'), 5), /text\.bin was written to/],
    [
      'a shortened file',
      ({ dir }) => writeFile(join(dir, 'text.bin'), 'short'),
      /text\.bin has another size/,
    ],
    ['a missing file', ({ dir }) => rm(join(dir, 'vision.bin')), /vision\.bin is missing/],
    ['a missing manifest', ({ dir }) => rm(join(dir, 'manifest.json')), /manifest\.json is missing/],
    [
      'an unreadable manifest',
      ({ dir }) => writeFile(join(dir, 'manifest.json'), '{'),
      /manifest\.json is not readable/,
    ],
    [
      'a manifest that was edited',
      ({ dir }) => edit(join(dir, 'manifest.json'), '"fp32"', '"int8"'),
      /manifest\.json was changed/,
    ],
    ['a journal that says otherwise', ({ dir }) => damageJournal(dir), /manifest\.json is missing/],
  ])('repairs an import with %s, and says so', async (_, damage, why) => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    const whole = await dataFiles(model.dir);
    await damage(model);
    const { seen, onProgress } = progressRecorder();
    expect(await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress })).toEqual(model);
    expect(seen[0]).toMatchObject({ phase: 'repairing', why: expect.stringMatching(why) });
    expect(await dataFiles(model.dir)).toEqual(whole);
    expect(await isImported(checkpoint, 'fp32', cacheDir)).toBe(true);
  });

  it('accepts an import that was only copied: its contents are checked once', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await cp(model.dir, `${model.dir}-copy`, { recursive: true });
    await rm(model.dir, { recursive: true });
    await rename(`${model.dir}-copy`, model.dir);
    await utimes(join(model.dir, 'text.bin'), 1, 1);
    const { seen, onProgress } = progressRecorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.filter(({ phase }) => phase === 'converting')).toEqual([]);
    seen.length = 0;
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen).toEqual([]);
  });

  it('takes over the lock of a process that is dead', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'x' }));
    const { seen, onProgress } = progressRecorder();
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir, onProgress });
    expect(seen.map(({ phase }) => phase)).not.toContain('waiting');
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('takes over a lock that nobody has touched for a minute', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: process.pid, host: 'elsewhere', id: 'x' }));
    const longAgo = Date.now() / 1000 - 61;
    await utimes(`${model.dir}.lock`, longAgo, longAgo);
    await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  it('waits for a living one, says so, and can be cancelled meanwhile', async () => {
    const { cacheDir, checkpoint } = await tinyCheckpoint();
    const model = await importCheckpoint(checkpoint, { weights: 'fp32', cacheDir });
    await rm(model.dir, { recursive: true });
    await writeFile(`${model.dir}.lock`, JSON.stringify({ pid: process.ppid, host: hostname(), id: 'x' }));
    const controller = new AbortController();
    const { seen, onProgress } = progressRecorder();
    const waiting = importCheckpoint(checkpoint, {
      weights: 'fp32',
      cacheDir,
      signal: controller.signal,
      onProgress: (progress) => {
        onProgress(progress);
        controller.abort();
      },
    });
    expect((await engineError(waiting)).kind).toBe('cancelled');
    expect(seen).toEqual([{ phase: 'waiting' }]);
  });
});

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0xff;
  await file.write(byte, 0, 1, at);
  await file.close();
}

async function edit(path: string, from: string, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

async function damageJournal(dir: string): Promise<void> {
  await rm(join(dir, 'manifest.json'));
  await edit(join(dir, 'journal.jsonl'), '"stored":[', '"stored":[1');
}
