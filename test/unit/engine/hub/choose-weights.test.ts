import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { type FolderContent, tinyFolder } from '../../../helpers/checkpoint-folder';
import { downloadWorld as world } from '../../../helpers/download-world';
import { engineError } from '../../../helpers/engine-error';

describe('of a repository with other weights too', () => {
  const one = tinyFolder();
  const all = one.weights['model.safetensors'] ?? [];
  const others = { 'consolidated.safetensors': all, 'adapter_model.safetensors': all.slice(0, 1) };

  it('those in one file are taken', async () => {
    const { hub, download } = await world({ ...one, weights: { ...one.weights, ...others } });
    const dir = await download();
    expect((await openCheckpoint(dir)).shards).toHaveLength(1);
    expect(hub.asked().filter((name) => name.endsWith('.safetensors'))).toEqual(['model.safetensors']);
  });

  const shards = { 'model-1-of-2.safetensors': all.slice(0, 3), 'model-2-of-2.safetensors': all.slice(3) };
  const weight_map = Object.fromEntries(
    Object.entries(shards).flatMap(([file, tensors]) => tensors.map(({ name }) => [name, file])),
  );
  const indexed = (map: object): FolderContent => ({
    json: { ...one.json, 'model.safetensors.index.json': { weight_map: map } },
    weights: { ...shards, ...others },
  });

  it('those of the index are taken', async () => {
    const { hub, seen, download } = await world(indexed(weight_map));
    const dir = await download();
    expect((await openCheckpoint(dir)).shards).toHaveLength(2);
    expect(hub.asked().filter((name) => name.endsWith('.safetensors'))).toEqual(Object.keys(shards));
    expect(new Set(hub.asked()).size).toBe(hub.asked().length);
    const totals = seen.flatMap((step) => (step.phase === 'downloading' ? [step.total] : []));
    expect(new Set(totals).size).toBe(1);
  });

  it('an index that names a file that is not there is refused, before any weights come', async () => {
    const { hub, download } = await world(indexed({ ...weight_map, more: 'model-3-of-3.safetensors' }));
    expect(await engineError(download())).toMatchObject({
      kind: 'bad-model',
      message: expect.stringContaining('names model-3-of-3.safetensors, which is not there'),
    });
    expect(hub.asked()).toEqual(['model.safetensors.index.json']);
  });

  it('and none that a model is opened from, it is refused', async () => {
    const { hub, download } = await world({
      json: { ...one.json, 'model.safetensors.index.json': null },
      weights: others,
    });
    expect((await engineError(download())).message).toContain('no checkpoint that can be run');
    expect(hub.asked()).toEqual([]);
  });
});
