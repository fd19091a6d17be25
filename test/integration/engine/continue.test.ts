import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseQuestionRows } from '../../../src/dataset/question-rows';
import type { Engine } from '../../../src/engine/engine';
import { openOnnxEngine } from '../../../src/engine/onnx/onnx-engine';
import { type PromptProfile, readProfile } from '../../../src/reason/profile';
import { type Job, reason } from '../../../src/reason/reason';
import type { Trace } from '../../../src/trace/trace';
import { buildEngine } from '../../helpers/engine-process';
import { pixelsHere } from '../../helpers/scripted-runs';

const media = join(import.meta.dirname, '../../../media');

let built: Awaited<ReturnType<typeof buildEngine>>;
let profile: PromptProfile;
beforeAll(async () => {
  built = await buildEngine();
  profile = readProfile(await readFile(join(media, 'model/vilasr_profile.json'), 'utf8'), 'the profile');
});
afterAll(() => built.remove());

/** An engine that has said nothing yet: what it knows of a conversation it read, not said. */
const open = (): Promise<Engine> =>
  openOnnxEngine({
    dir: join(media, 'model'),
    weights: 'fp32',
    provider: 'cpu',
    cacheDir: join(built.dir, 'models'),
    entry: built.entry,
  });

async function ask(job: Job): Promise<Trace> {
  const engine = await open();
  try {
    const { minPixels, maxPixels } = engine.info.images;
    return await reason(job, {
      ...{ engine, pixels: pixelsHere, profile, drawing: true },
      limits: {
        maxTurns: 20,
        maxImages: 45,
        maxTokens: 512,
        minPixels,
        maxPixels: Math.min(maxPixels, 38416),
      },
      sampling: { temperature: 0, topP: 1, seed: 1 },
    });
  } finally {
    await engine.close();
  }
}

async function sampleJobs(): Promise<Job[]> {
  const { rows } = parseQuestionRows(await readFile(join(media, 'samples/questions.jsonl'), 'utf8'));
  return rows.map(({ id, question, imagePaths }) => ({
    ...{ id, question, source: null },
    images: imagePaths.map((path) => ({ path, file: join(media, 'samples', path) })),
  }));
}

describe('the bundled model, greedy, that goes on from any turn of a trace of its own', () => {
  it('says the very same rest', async () => {
    for (const job of await sampleJobs()) {
      const whole = await ask(job);
      const texts = whole.turns.map(({ text }) => text);
      expect(texts.length).toBeGreaterThan(1);
      for (let count = 1; count < texts.length; count++) {
        const rest = await ask({ ...job, given: whole.turns.slice(0, count) });
        expect(rest.turns.map(({ text }) => text)).toEqual(texts);
        expect([rest.answer, rest.finish]).toEqual([whole.answer, whole.finish]);
      }
    }
  });
});
