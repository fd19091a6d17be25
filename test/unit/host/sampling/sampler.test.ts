import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { type Engine, EngineError } from '../../../../src/engine/engine';
import { ScriptedEngine, type ScriptedReply } from '../../../../src/engine/scripted-engine';
import { EngineKeeper } from '../../../../src/host/model/engine-keeper';
import { RunStore } from '../../../../src/host/run/run-store';
import { drawSet } from '../../../../src/host/sampling/draw-set';
import { Sampler } from '../../../../src/host/sampling/sampler';
import { Sampling } from '../../../../src/host/sampling/sampling';
import { newPlan, type SetPlan } from '../../../../src/host/sampling/set-plan';
import { defaultProfile } from '../../../../src/reason/default-profile';
import { formatAnswerTurn } from '../../../../src/trace/format-turn';
import { isGoing } from '../../../../src/view/sampling-view';
import { mazeRequest, pixelsHere, runsOf, scriptedOpener } from '../../../helpers/scripted-runs';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { mazeRun } from '../../cli/world-run';

const ANSWER: ScriptedReply = { text: formatAnswerTurn('It ends there.', 'A'), tokenDelay: 2 };
const server = { url: 'http://localhost:1', model: 'm', parallel: 2 };

let folder: string;
let plan: SetPlan;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const rows = await Promise.all(
    [0, 1].map(async (index) => {
      const { question } = await mazeRun(folder, index);
      const { id, images, question: asked, gridSize } = question;
      return {
        ...{ question_id: id, image_path: images, question: asked.text, options: asked.options },
        ...{ problem_type: 'multiple choice', answer: asked.gold, grid_size: gridSize, data_type: 'image' },
      };
    }),
  );
  const questionFile = join(folder, 'mazes.jsonl');
  await writeFile(questionFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  plan = { ...newPlan(questionFile, null), candidates: 2 };
});

/** A sampler whose server says this, and what came of the set. */
function samplerOf(engine: Engine) {
  const keeper = new EngineKeeper(() => Number.POSITIVE_INFINITY);
  const opener = {
    ...{ name: 'server', key: 'server' },
    open: async () => ({ engine, profile: defaultProfile }),
  };
  const runs = runsOf(scriptedOpener([]), keeper, new RunStore(join(folder, 'recent.traces.jsonl')));
  const sampler = new Sampler({
    runs,
    draw: (sampling, order) =>
      drawSet(sampling, order, {
        ...{ keeper, openerOf: () => opener, folderOf: () => folder, pixels: pixelsHere },
        workingFolder: () => folder,
      }),
    choice: () => ({
      ...{ name: 'Server', limits: mazeRequest.limits },
      model: { ...mazeRequest.model, source: 'server', server },
    }),
    ...{ openingMessage: 'Opening', otherRunAdvice: 'Choose another file.' },
  });
  return { sampler, runs };
}

async function idsInSet(): Promise<string[]> {
  const lines = (await readFile(plan.out, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return lines.map((line): string => JSON.parse(line).id).sort();
}

/** Resolves when the sampling looks so. */
const until = (sampling: Sampling, holds: () => boolean) =>
  new Promise<void>((resolve) => {
    const check = () => {
      if (!holds()) return;
      leave();
      resolve();
    };
    const leave = sampling.changed.add(check);
    check();
  });

const ALL = ['maze-0#1', 'maze-0#2', 'maze-1#1', 'maze-1#2'];

it('draws a whole set, and knows at any time how far it is', async () => {
  const { sampler } = samplerOf(new ScriptedEngine(Array.from({ length: 4 }, () => ANSWER)));
  const sampling = new Sampling(plan, '');
  const states: string[] = [];
  let most = 0;
  sampling.changed.add(() => {
    if (states.at(-1) !== sampling.activity.type) states.push(sampling.activity.type);
    most = Math.max(most, sampling.running.length);
    expect(isGoing(sampling.activity)).toBe(sampling.isGoing);
  });
  await sampler.goOn(sampling);
  expect(states).toEqual(['queued', 'opening', 'running', 'done']);
  expect(most).toBe(2);
  expect(sampling).toMatchObject({ total: 4, model: 'Server', failed: 0, running: [], pace: null });
  expect(sampling.tally.candidates).toBe(4);
  expect(sampling.newest.map(({ id }) => id).sort()).toEqual(ALL);
  expect(await idsInSet()).toEqual(ALL);
});

it('paused it draws to its end what it has begun, and goes on with the rest: none is lost, none drawn twice', async () => {
  const engine = new ScriptedEngine(Array.from({ length: 4 }, () => ANSWER));
  const { sampler, runs } = samplerOf(engine);
  const sampling = new Sampling(plan, '');
  const rested = sampler.goOn(sampling);
  await until(sampling, () => sampling.running.length === 2);
  sampler.pause(sampling);
  expect(sampling.activity.type).toBe('pausing');
  // Once more says no more.
  sampler.pause(sampling);
  await rested;
  expect(sampling.activity).toEqual({ type: 'paused' });
  expect(await idsInSet()).toEqual(ALL.slice(0, 2));
  // Others may have the model meanwhile.
  expect(runs.isBusy).toBe(false);
  await sampler.goOn(sampling);
  expect(sampling.activity).toEqual({ type: 'done' });
  expect(await idsInSet()).toEqual(ALL);
});

it('stopped it gives up what it has begun, which is drawn when it goes on', async () => {
  const slow = { ...ANSWER, tokenDelay: 50 };
  const { sampler } = samplerOf(new ScriptedEngine([slow, slow, ...Array.from({ length: 4 }, () => ANSWER)]));
  const sampling = new Sampling(plan, '');
  const rested = sampler.goOn(sampling);
  await until(sampling, () => sampling.running.length === 2);
  sampler.stop(sampling);
  await rested;
  expect(sampling.activity).toEqual({ type: 'stopped' });
  expect(await idsInSet()).toEqual([]);
  await sampler.goOn(sampling);
  expect(await idsInSet()).toEqual(ALL);
});

it('is stopped with the runs of the window, and its set is whole', async () => {
  const slow = { ...ANSWER, tokenDelay: 50 };
  const { sampler, runs } = samplerOf(new ScriptedEngine([slow, slow]));
  const sampling = new Sampling(plan, '');
  const rested = sampler.goOn(sampling);
  await until(sampling, () => sampling.running.length > 0);
  await runs.stopAll();
  await rested;
  expect(sampling.activity).toEqual({ type: 'stopped' });
});

it('says why a server that is gone stops it, and goes on when it is there again', async () => {
  const gone: Engine = {
    info: new ScriptedEngine([]).info,
    close: async () => {},
    // biome-ignore lint/correctness/useYield: it fails before it says anything.
    async *generate() {
      throw new EngineError('unreachable', 'The server does not answer.');
    },
  };
  const sampling = new Sampling(plan, '');
  await samplerOf(gone).sampler.goOn(sampling);
  expect(sampling.activity).toMatchObject({ type: 'failed', message: expect.stringContaining('not answer') });
  const { sampler } = samplerOf(new ScriptedEngine(Array.from({ length: 4 }, () => ANSWER)));
  await sampler.goOn(sampling);
  expect(sampling.activity).toEqual({ type: 'done' });
  expect(await idsInSet()).toEqual(ALL);
});

it('says in words that a set was drawn otherwise', async () => {
  const replies = Array.from({ length: 4 }, () => ANSWER);
  await samplerOf(new ScriptedEngine(replies)).sampler.goOn(new Sampling(plan, ''));
  const other = new Sampling({ ...plan, temperature: 0.5 }, '');
  await samplerOf(new ScriptedEngine(replies)).sampler.goOn(other);
  expect(other.activity).toMatchObject({
    type: 'failed',
    message: expect.stringMatching(/different sampling.*Choose another file\./),
  });
});

it('says where the questions cannot be read', async () => {
  await writeFile(plan.questionFile, '{"question": 3}\n');
  const sampling = new Sampling(plan, '');
  await samplerOf(new ScriptedEngine([])).sampler.goOn(sampling);
  expect(sampling.activity).toMatchObject({
    type: 'failed',
    message: expect.stringContaining('mazes.jsonl'),
  });
});
