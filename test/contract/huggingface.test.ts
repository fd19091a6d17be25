import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, expect, it } from 'vitest';
import { runPython } from '../helpers/python';
import { readTraces, vilasr } from '../helpers/vilasr';

/** Loads a data set folder as its readers do, and prints what it finds: of the images their sizes, and all of the rest. */
const LOAD = `
import json, sys
from datasets import Image, List, load_dataset
data = load_dataset(sys.argv[1], split="train", cache_dir=sys.argv[2])
assert data.features["images"] == List(Image()), data.features
rows = [{**row, "images": [image.convert("RGB").size for image in row["images"]]} for row in data]
streamed = load_dataset(sys.argv[1], split="train", streaming=True, cache_dir=sys.argv[2])
print(json.dumps({"rows": rows, "streamed": [len(row["images"]) for row in streamed]}))
`;

const loadedSchema = v.object({
  rows: v.array(
    v.looseObject({
      id: v.string(),
      images: v.array(v.tuple([v.number(), v.number()])),
      conversations: v.array(v.object({ role: v.string(), content: v.string() })),
    }),
  ),
  streamed: v.array(v.number()),
});

let folder: string;
let loaded: v.InferOutput<typeof loadedSchema>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-huggingface-'));
  for (const args of [
    ['synth', 'scene', '--count', '6', '--seed', '5', '--out', 'made'],
    ['export', 'made/cold-start.traces.jsonl', '--for', 'huggingface', '--all', '--out', 'hub'],
  ]) {
    const { exitCode, stderr } = await vilasr(args, { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
  }
  const said = runPython('VILASR_LLAMAFACTORY_PYTHON', ['-c', LOAD, join(folder, 'hub'), 'cache'], {
    cwd: folder,
  });
  loaded = v.parse(loadedSchema, JSON.parse(said));
  return () => rm(folder, { recursive: true, force: true });
}, 300_000);

it('datasets loads every row with its scores, and none is changed', () => {
  const traces = readTraces(join(folder, 'made', 'cold-start.traces.jsonl'));
  expect(loaded.rows).toHaveLength(traces.length);
  for (const [i, { id, question, options, type, kind, gold, answer, images }] of traces.entries()) {
    expect(loaded.rows[i]).toMatchObject({ ...{ id, question, options, type, kind, gold, answer } });
    expect(loaded.rows[i]).toMatchObject({ inputs: images.length, verdict: null, scores: { accuracy: 1 } });
  }
});

it('datasets decodes every picture, one for each place in the messages, in the size that the model sees', () => {
  const traces = readTraces(join(folder, 'made', 'cold-start.traces.jsonl'));
  for (const [i, { images, conversations }] of loaded.rows.entries()) {
    const places = conversations.map(({ content }) => content.split('<image>').length - 1);
    expect(images).toHaveLength(places.reduce((sum, count) => sum + count));
    expect(images.length).toBeGreaterThan(1);
    const size = traces[i]?.images[0]?.model;
    for (const [width, height] of images) expect({ width, height }).toEqual(size);
  }
});

it('datasets streams the same rows', () => {
  expect(loaded.streamed).toEqual(loaded.rows.map(({ images }) => images.length));
});
