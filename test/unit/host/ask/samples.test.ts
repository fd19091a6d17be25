import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepSamples, readSamples, samplesOf } from '../../../../src/host/ask/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const folder = join(import.meta.dirname, '../../../../media/samples');

it('knows the right answers of the bundled samples', async () => {
  const samples = await readSamples(folder);
  expect(samples.length).toBeGreaterThan(1);
  for (const { question } of samples) expect(question.gold).toMatch(/^[A-D]$/);
});

it('knows the picture of a sample wherever it lies, and no other', async () => {
  const samples = await readSamples(folder);
  const copy = join(await temporaryFolder(), 'copy.png');
  await copyFile(join(folder, 'maze.png'), copy);
  const found = await samplesOf(copy, samples);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(samples.filter(({ file }) => file.endsWith('maze.png')));
  expect(await samplesOf(join(folder, 'questions.jsonl'), samples)).toEqual([]);
  expect(await samplesOf(join(folder, 'gone.png'), samples)).toEqual([]);
});

it('keeps the samples of a version where they outlive the folder of the extension', async () => {
  const base = await temporaryFolder();
  const [media, storage] = [join(base, 'extension-1', 'samples'), join(base, 'storage', 'samples')];
  await mkdir(media, { recursive: true });
  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(media, name));
  const both = await Promise.all([
    keepSamples(media, storage, '1.0.0'),
    keepSamples(media, storage, '1.0.0'),
  ]);
  expect(both[0]).toEqual(both[1]);
  expect(await readdir(join(storage, '1.0.0'))).toEqual(await readdir(folder));
  await rm(join(base, 'extension-1'), { recursive: true });
  for (const { file } of both[0] ?? []) expect((await readFile(file)).length).toBeGreaterThan(0);
});

it('has them where they came from if nothing can be kept', async () => {
  const file = join(await temporaryFolder(), 'no folder');
  await writeFile(file, '');
  expect(await keepSamples(folder, file, '1.0.0')).toEqual(await readSamples(folder));
});
