import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { drawnTrace, exported, hashes, input, readSamples, writeSource } from './exported';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const out = (name: string) => join(folder, name);
const rowsOf = async (name: string) =>
  parquetReadObjects({ file: await asyncBufferFromFile(join(out(name), 'train.parquet')), utf8: false });
const text = (...path: string[]) => readFile(join(folder, ...path), 'utf8');

describe.each(['easyr1', 'verl'] as const)('the questions for %s', (format) => {
  it('are asked by a later trace where the picture of the first is missing', async () => {
    const asked = (id: string, file: string, sha256?: string) =>
      drawnTrace(id, { question: 'Where?', images: [input(file, sha256 === undefined ? {} : { sha256 })] });
    await writeSource(folder, [asked('second', 'here.png')]);
    const hash = createHash('sha256')
      .update(await readFile(join(folder, 'here.png')))
      .digest('hex');
    const path = await writeSource(folder, [
      asked('first', 'gone.png', hash),
      asked('second', 'here.png', hash),
    ]);
    await rm(join(folder, 'gone.png'));
    const { counts, leftOut } = await exported(path, format, out('rl'), { skipMissing: true });
    expect(counts).toMatchObject({ read: 2, written: 1, leftOut: 1 });
    expect(leftOut).toMatchObject([{ line: 1, id: 'first' }]);
  });

  it('are asked once, however many traces answer them', async () => {
    const again = drawnTrace('again', { question: 'Where is one?', images: drawnTrace('one').images });
    const path = await writeSource(folder, [drawnTrace('one'), again, drawnTrace('two')]);
    const { counts, leftOut } = await exported(path, format, out('rl'));
    expect(counts).toMatchObject({ read: 3, written: 2, leftOut: 1 });
    expect(leftOut).toEqual([{ line: 2, id: 'again', reason: 'Line 1 asks the same.' }]);
    expect(await rowsOf('rl')).toHaveLength(2);
  });

  it('have answers that can be rewarded', async () => {
    const free = drawnTrace('free', { type: 'free-form' });
    const path = await writeSource(folder, [drawnTrace('one', { gold: null }), free, drawnTrace('two')]);
    const { leftOut } = await exported(path, format, out('rl'));
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      'Nobody knows the right answer, so nothing could be rewarded.',
      'The reward function gives nothing for a free-form answer.',
    ]);
  });

  it('need no turns', async () => {
    const path = await writeSource(folder, [drawnTrace('one', { turns: [] })]);
    expect(await exported(path, format, out('rl'))).toMatchObject({ counts: { written: 1 } });
  });

  it('stop the export where a picture is missing', async () => {
    const path = await writeSource(folder, [drawnTrace('one')]);
    await writeFile(path, (await readFile(path, 'utf8')).replace('images/one.png', 'images/gone.png'));
    await expect(exported(path, format, out('rl'))).rejects.toThrow('"images/gone.png" cannot be found.');
  });

  it('bring all their files along, named in the manifest, the same each time', async () => {
    const path = await writeSource(folder, [drawnTrace('one'), drawnTrace('two')]);
    const { files } = await exported(path, format, out('rl'));
    await exported(path, format, out('again'));
    const { 'manifest.json': _, ...written } = await hashes(out('rl'));
    expect(Object.fromEntries(files.map(({ path: name, sha256 }) => [name, sha256]))).toEqual(written);
    expect(Object.keys(written)).toEqual(expect.arrayContaining(['README.md', 'reward.py', 'train.sh']));
    expect(await hashes(out('again'))).toEqual(await hashes(out('rl')));
  });

  it('fill a step, or the training would not begin', async () => {
    const path = await writeSource(folder, [drawnTrace('one'), drawnTrace('two')]);
    await exported(path, format, out('rl'));
    expect(await text('rl', 'one-machine.yaml')).toMatch(/^ {2}(?:train|rollout)_batch_size: 2$/m);
  });
});

it('asks verl in the words and with the pictures that LLaMA-Factory is given', async () => {
  const path = await writeSource(folder, [drawnTrace('one')]);
  await exported(path, 'llamafactory', out('sft'));
  await exported(path, 'verl', out('rl'));
  const [sample] = await readSamples(out('sft'));
  const [row] = await rowsOf('rl');
  expect(row).toMatchObject({
    data_source: 'vilasr',
    agent_name: 'vilasr_drawing',
    prompt: sample?.conversations.slice(0, 2),
    reward_model: {
      style: 'rule',
      ground_truth: '{"answer":"B","type":"multiple choice","images":["images/one.png"]}',
    },
    extra_info: { split: 'train', index: 0, id: 'one', type: 'multiple-choice', kind: 'single' },
  });
  const image = new Uint8Array(await readFile(join(out('sft'), sample?.images[0] ?? '')));
  expect(row?.images).toEqual([{ bytes: image, path: 'images/0/image_1.png' }]);
});

it('asks EasyR1 in one text, and says that nothing is drawn there', async () => {
  const path = await writeSource(folder, [drawnTrace('one')]);
  await exported(path, 'easyr1', out('rl'));
  await exported(path, 'llamafactory', out('sft'));
  const [sample] = await readSamples(out('sft'));
  const [row] = await rowsOf('rl');
  const asked = sample?.conversations.slice(0, 2).map(({ content }) => content);
  expect(row?.problem).toBe(asked?.join('\n\n'));
  expect(row?.answer).toBe('{"answer":"B","type":"multiple choice"}');
  expect(await text('rl', 'README.md')).toContain('EasyR1 has no rollout of several turns.');
});
