import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import type { ScriptedReply } from '../../../../src/engine/scripted-engine';
import { EngineKeeper, type ModelOpener } from '../../../../src/host/model/engine-keeper';
import type { Run, RunEvent } from '../../../../src/host/run/run';
import { RunStore } from '../../../../src/host/run/run-store';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { ended, mazeRequest as request, runsOf, scriptedOpener } from '../../../helpers/scripted-runs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const drawing = formatDrawingTurn('A box.', [{ index: 1, bbox_2d: [5, 5, 60, 50], label: 'box' }]);
const answer = formatAnswerTurn('It ends at B.', 'B');

let store: RunStore;
let keeper: EngineKeeper;
beforeEach(async () => {
  store = new RunStore(join(await temporaryFolder(), 'recent.traces.jsonl'));
  keeper = new EngineKeeper(() => Number.POSITIVE_INFINITY);
});

/** Runs whose model says these replies, one run after the other. */
const runsThatSay = (replies: readonly ScriptedReply[], opened?: () => void) =>
  runsOf(scriptedOpener(replies, opened), keeper, store);

function record(run: Run): RunEvent[] {
  const events: RunEvent[] = [];
  run.events.add((event) => events.push(event));
  return events;
}

it('tells what happens in a run, and has it all itself at any time', async () => {
  const runs = runsThatSay([{ text: drawing }, { text: answer }]);
  const run = runs.start(request);
  expect(run.state).toEqual({ state: 'opening', message: 'Opening' });
  const states: string[] = [];
  let said = '';
  run.events.add((event) => {
    if (event.type === 'state')
      states.push(run.state.state === 'opening' ? run.state.message : run.state.state);
    if (event.type === 'text') {
      said += event.text;
      expect(drawing.startsWith(run.speaking ?? '') || answer.startsWith(run.speaking ?? '')).toBe(true);
    }
    if (event.type === 'sizes') {
      expect(run.trace.images[0]).toMatchObject({ file: { width: 112 }, model: { width: 112 } });
    }
    if (event.type === 'turn') expect(run.trace.turns.at(-1)?.text).toBe(event.spoken.text);
    if (!run.hasEnded) expect(run.trace.finish).toBeNull();
  });
  await ended(run);
  expect(states).toEqual(['Importing: 50 %', 'running', 'ended']);
  expect(said).toBe(drawing + answer);
  expect(run.trace).toMatchObject({ finish: 'stop', answer: 'B', id: run.id, run: { model: 'scripted' } });
  expect(run.speaking).toBeNull();
});

it('keeps every run that has ended', async () => {
  const runs = runsThatSay([{ text: answer }, { text: answer }]);
  const [first, second] = [runs.start(request), runs.start(request)];
  expect(runs.active).toEqual([first, second]);
  expect(second.state).toEqual({ state: 'queued', ahead: 1 });
  await Promise.all([ended(first), ended(second)]);
  expect(runs.active).toEqual([]);
  expect((await store.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(await store.read(first.id)).toEqual(first.trace);
});

describe('a run that is stopped', () => {
  it('while it speaks keeps what was said', async () => {
    const runs = runsThatSay([{ text: drawing }, { text: answer, tokenDelay: 5 }]);
    const run = runs.start(request);
    run.events.add(({ type }) => {
      if (type === 'text' && run.trace.turns.length === 1) run.stop();
    });
    await ended(run);
    const kept = await store.read(run.id);
    expect(kept).toMatchObject({ finish: 'cancelled', turns: [{ text: drawing }, { finish: 'cancelled' }] });
    expect(answer.startsWith(kept?.turns[1]?.text ?? 'nothing')).toBe(true);
  });

  it('while it waits ends at once, and the next moves up', async () => {
    const runs = runsThatSay([{ text: answer, tokenDelay: 5 }, { text: answer }]);
    const [first, second, third] = [runs.start(request), runs.start(request), runs.start(request)];
    second.stop();
    await ended(second);
    expect(second.trace).toMatchObject({ finish: 'cancelled', turns: [] });
    expect(first.hasEnded).toBe(false);
    expect(third.state).toEqual({ state: 'queued', ahead: 1 });
    await ended(third);
    expect(third.trace.answer).toBe('B');
  });

  it('is kept with all others when all are stopped', async () => {
    const runs = runsThatSay([{ text: answer, tokenDelay: 50 }]);
    runs.start(request);
    runs.start(request);
    await runs.stopAll();
    expect((await store.list()).map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped']);
  });
});

describe('a run that fails', () => {
  it('as it speaks keeps what was said, and the next one works', async () => {
    const crash = { afterTokens: 3, kind: 'crashed', message: 'The engine crashed.' } as const;
    const runs = runsThatSay([{ text: drawing, failure: crash }, { text: answer }]);
    const [first, second] = [runs.start(request), runs.start(request)];
    await Promise.all([ended(first), ended(second)]);
    expect(first.trace).toMatchObject({
      finish: 'failed',
      error: 'The engine crashed.',
      turns: [{ finish: 'failed' }],
    });
    expect(second.trace.answer).toBe('B');
  });

  it('since a picture cannot be read says so before the model is opened', async () => {
    let opened = false;
    const runs = runsThatSay([], () => {
      opened = true;
    });
    const run = runs.start({ ...request, files: [join(request.files[0] ?? '', '..', 'questions.jsonl')] });
    await ended(run);
    expect(run.trace).toMatchObject({ finish: 'failed', turns: [] });
    expect(run.trace.error).toContain('it is not a picture');
    expect(opened).toBe(false);
  });

  it('since it has more images than a run may have says so before the model is opened', async () => {
    let opened = false;
    const runs = runsThatSay([], () => {
      opened = true;
    });
    const [maze] = request.files;
    if (maze === undefined) throw new Error('the request has a picture');
    const run = runs.start({
      ...request,
      files: [maze, maze, maze],
      limits: { ...request.limits, maxImages: 2 },
    });
    await ended(run);
    expect(run.trace).toMatchObject({ finish: 'failed', turns: [] });
    expect(run.trace.error).toContain('The question has 3 images; the limit is 2.');
    expect(opened).toBe(false);
  });

  it('since the model cannot be opened says why', async () => {
    const opener: ModelOpener = {
      ...{ name: 'broken', key: 'broken' },
      open: async () => {
        throw new EngineError('bad-model', 'config.json is missing.');
      },
    };
    const runs = runsOf(opener, keeper, store);
    const run = runs.start(request);
    await ended(run);
    expect(run.trace).toMatchObject({ finish: 'failed', error: 'config.json is missing.' });
  });
});

it('lets other uses of models wait until nothing else goes on, and leave the queue', async () => {
  const runs = runsThatSay([{ text: answer, tokenDelay: 5 }]);
  const order: string[] = [];
  const run = runs.start(request);
  const events = record(run);
  const abort = new AbortController();
  const left = runs.alone(async () => order.push('never'), abort.signal);
  const done = runs.alone(async () => order.push('import'), new AbortController().signal);
  abort.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await ended(run);
  order.push('run');
  await done;
  expect(order).toEqual(['run', 'import']);
  expect(events.length).toBeGreaterThan(0);
});

it('stops other work with a model with the runs, and waits for its end', async () => {
  const runs = runsThatSay([]);
  const order: string[] = [];
  const [going, waiting] = [new AbortController(), new AbortController()];
  const first = runs.beside(
    request.model,
    () =>
      new Promise<void>((resolve) => {
        going.signal.addEventListener('abort', () => {
          order.push('aborted');
          setTimeout(resolve, 5);
        });
      }).then(() => void order.push('ended')),
    going,
    () => {},
  );
  const places: number[] = [];
  const second = runs.beside(
    request.model,
    async () => void order.push('never'),
    waiting,
    (ahead) => places.push(ahead),
  );
  const refused = expect(second).rejects.toThrow();
  expect(runs.isBusy).toBe(true);
  expect(places.at(-1)).toBe(1);
  await runs.stopAll();
  await Promise.all([first, refused]);
  expect(order).toEqual(['aborted', 'ended']);
  expect(runs.isBusy).toBe(false);
});
