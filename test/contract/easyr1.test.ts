import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPython } from '../helpers/python';
import { vilasr } from '../helpers/vilasr';

const COUNT = 6;

/** Reads an export as EasyR1's documentation says that it is read: rows by `datasets`, settings by OmegaConf. */
const READ = `
import importlib.util, json, sys
from datasets import load_dataset
from omegaconf import OmegaConf
from PIL import Image
folder = sys.argv[1]
rows = list(load_dataset("parquet", data_files=folder + "/train.parquet", split="train", cache_dir="cache"))
config = OmegaConf.to_container(OmegaConf.load(folder + "/one-machine.yaml"))
many = OmegaConf.load(folder + "/ray.yaml")
path, name = config["worker"]["reward"]["reward_function"].rsplit(":", 1)
spec = importlib.util.spec_from_file_location("custom_reward_fn", folder + "/" + path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
keys = [config["data"][key + "_key"] for key in ("prompt", "answer", "image")]
scores = getattr(module, name)([
    {"response": "<think> x </think> Action: Answer\\n<answer> %s </answer>" % json.loads(row[keys[1]])["answer"], "response_length": 9,
     "ground_truth": row[keys[1]]} for row in rows])
print(json.dumps({
    "places": [row[keys[0]].count("<image>") for row in rows],
    "pictures": [sum(isinstance(image, Image.Image) for image in row[keys[2]]) for row in rows],
    "type": module.REWARD_TYPE, "scores": scores, "data": config["data"],
    "update": config["worker"]["actor"]["global_batch_size"], "machines": many.trainer.nnodes}))
`;

const reportSchema = v.object({
  places: v.array(v.number()),
  pictures: v.array(v.number()),
  type: v.string(),
  scores: v.array(v.record(v.string(), v.number())),
  data: v.looseObject({ rollout_batch_size: v.number(), max_prompt_length: v.number() }),
  update: v.number(),
  machines: v.number(),
});

/** EasyR1 is on no package registry, so its own loader does not run here. */
describe('by the documented form of EasyR1, not by its own loader', () => {
  let report: v.InferOutput<typeof reportSchema>;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vilasr-easyr1-'));
    for (const args of [
      ['synth', 'scene', '--count', String(COUNT), '--seed', '5', '--out', 'made'],
      ['export', 'made/cold-start.traces.jsonl', '--for', 'easyr1', '--all', '--out', 'rl'],
    ]) {
      const { exitCode, stderr } = await vilasr(args, { cwd: folder });
      if (exitCode !== 0) throw new Error(stderr);
    }
    const said = runPython('VILASR_LLAMAFACTORY_PYTHON', ['-c', READ, join(folder, 'rl')], { cwd: folder });
    report = v.parse(reportSchema, JSON.parse(said));
    return () => rm(folder, { recursive: true, force: true });
  }, 300_000);

  it('each row has a prompt with a place for each of its pictures', () => {
    expect(report.places).toEqual(Array.from({ length: COUNT }, () => 1));
    expect(report.pictures).toEqual(report.places);
  });

  it('pictures are not resized, and a step has no more rows than there are', () => {
    expect(report.data).toMatchObject({ min_pixels: null, max_pixels: null, filter_overlong_prompts: false });
    expect(report.data.rollout_batch_size).toBe(COUNT);
    expect(report.data.rollout_batch_size % report.update).toBe(0);
    expect(report.machines).toBe(4);
  });

  it('the reward function takes a batch, and rewards a right answer in the right form', () => {
    expect(report.type).toBe('batch');
    const best = { overall: 1, accuracy: 1, format: 1, reflection: 0 };
    expect(report.scores).toEqual(Array.from({ length: COUNT }, () => best));
  });
});
