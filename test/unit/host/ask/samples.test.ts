import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSamples, samplesOf } from '../../../../src/host/ask/samples';
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
