import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { beforeEach, expect, it } from 'vitest';
import { NewFolder } from '../../../../src/dataset/export/new-folder';
import { ParquetFile } from '../../../../src/dataset/export/parquet/parquet-file';
import { verifyParquet } from '../../../../src/dataset/export/parquet/verify-parquet';
import { score } from '../../../../src/score/score';
import { scoredTrace } from '../../../../src/score/scored-trace';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { drawnTrace, exported, hashes, readSamples, writeSource } from './exported';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const out = (name: string) => join(folder, name);
const parquet = (name: string) => join(out(name), 'data/train.parquet');

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(path), utf8: false });
}

it('writes a row a trace, with the words and the very pictures that LLaMA-Factory is given', async () => {
  const traces = ['one', 'two'].map((id) => drawnTrace(id, { source: { seed: 7 } }));
  const path = await writeSource(folder, traces);
  await exported(path, 'llamafactory', out('sft'));
  const manifest = await exported(path, 'huggingface', out('hub'));
  const samples = await readSamples(out('sft'));
  const rows = await rowsOf(parquet('hub'));
  expect(rows).toHaveLength(2);
  for (const [i, row] of rows.entries()) {
    const { conversations = [], images = [] } = samples[i] ?? {};
    const files = images.map(async (image) => new Uint8Array(await readFile(join(out('sft'), image))));
    const bytes = await Promise.all(files);
    const [trace] = traces.slice(i);
    const { id, question, options, type, kind, gold } = traces[i] ?? {};
    expect(row).toMatchObject({ ...{ id, question, options, type, kind, gold }, conversations, answer: 'B' });
    expect(row.images).toEqual(images.map((name, image) => ({ bytes: bytes[image], path: name })));
    const scores = trace && score(scoredTrace(trace));
    expect(row.scores).toMatchObject({ reward: scores?.reward, upstream: scores?.upstream });
    expect(row.verdict).toBeUndefined();
    expect(row).toMatchObject({ inputs: 1, edited: false, source: '{"seed":7}' });
  }
  expect(Object.keys(await hashes(out('hub')))).toEqual(['README.md', 'data/train.parquet', 'manifest.json']);
  expect(manifest).toMatchObject({ for: 'huggingface', scores: { count: 2, accuracy: 1, reward: 2 } });
});

it('says in the file and in the card which columns are pictures', async () => {
  const path = await writeSource(folder, [drawnTrace('one')]);
  await exported(path, 'huggingface', out('hub'));
  const { key_value_metadata } = await parquetMetadataAsync(await asyncBufferFromFile(parquet('hub')));
  const found = key_value_metadata?.find(({ key }) => key === 'huggingface');
  const { features } = JSON.parse(found?.value ?? '').info;
  expect(features).toMatchObject({ images: [{ _type: 'Image' }], id: { dtype: 'string', _type: 'Value' } });
  const card = await readFile(join(out('hub'), 'README.md'), 'utf8');
  expect(card).toContain('    path: data/train.parquet\n');
  expect(card).toContain('  - name: images\n    list: image\n');
  expect(card).toContain('    num_examples: 1\n');
});

it('is the same to the byte each time', async () => {
  const path = await writeSource(folder, [drawnTrace('one'), drawnTrace('two')]);
  await exported(path, 'huggingface', out('hub'));
  await exported(path, 'huggingface', out('again'));
  expect(await hashes(out('again'))).toEqual(await hashes(out('hub')));
});

it('is written a row group at a time, of some 32 MiB', async () => {
  const size = 12 * 2 ** 20;
  const made = await NewFolder.create(out('big'));
  const file = await ParquetFile.open(made, 'big.parquet', { name: 'string', images: { list: 'image' } });
  const image = (i: number) => ({ bytes: new Uint8Array(size).fill(i), path: `${i}.png` });
  for (let i = 0; i < 7; i++) await file.add({ name: `row ${i}`, images: [image(i)] });
  await file.add({ name: null, images: [] });
  await file.end();
  await made.finish();
  const path = join(out('big'), 'big.parquet');
  const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([3, 3, 2]);
  const rows = await rowsOf(path);
  expect(rows[7]).toEqual({ name: null, images: [] });
  for (const [i, row] of rows.slice(0, 7).entries()) {
    expect(row.name).toBe(`row ${i}`);
    const [read] = Array.isArray(row.images) ? row.images : [];
    expect(read.path).toBe(`${i}.png`);
    expect(Buffer.compare(read.bytes, image(i).bytes)).toBe(0);
  }
});

it('writes nothing where a picture is missing, and names it', async () => {
  const path = await writeSource(folder, [drawnTrace('one')]);
  const lines = await readFile(path, 'utf8');
  await writeFile(path, lines.replace('images/one.png', 'images/gone.png'));
  const doing = exported(path, 'huggingface', out('hub'));
  await expect(doing).rejects.toThrow('The image "images/gone.png" cannot be found.');
  await expect(readFile(parquet('hub'))).rejects.toThrow('ENOENT');
});

it('finds what a file lacks when it is read again', async () => {
  const path = await writeSource(folder, [drawnTrace('one')]);
  await exported(path, 'huggingface', out('hub'));
  await expect(verifyParquet(parquet('hub'), 2, () => null)).rejects.toThrow('it has 1 rows, not 2');
  await expect(verifyParquet(parquet('hub'), 1, () => 'something is off')).rejects.toThrow(
    'of row 1, something is off',
  );
});
