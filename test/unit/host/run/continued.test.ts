import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EngineKeeper } from '../../../../src/host/model/engine-keeper';
import { requestOf } from '../../../../src/host/run/again';
import { requestContinued } from '../../../../src/host/run/continued';
import { RunStore } from '../../../../src/host/run/run-store';
import { readSettings } from '../../../../src/host/settings';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { ended, mazeRequest, runsOf, scriptedOpener } from '../../../helpers/scripted-runs';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { traceOf } from '../../trace/edit/traces';

const settings = readSettings(
  () => undefined,
  () => {},
);
const drawing = formatDrawingTurn('A box.', [{ index: 1, bbox_2d: [5, 5, 60, 50], label: 'box' }]);
const answer = formatAnswerTurn('It ends at B.', 'B');
const size = { width: 112, height: 112 };
const TRACE = {
  ...traceOf([drawing, drawing, answer]),
  images: [{ path: 'maze.png', file: size, model: size }],
  source: { gridSize: 4 },
};

it('keeps the turns up to the one that is named, and says where they are from', () => {
  const request = requestContinued(TRACE, 0, ['/maze.png'], settings);
  expect(request).toMatchObject({
    given: [{ text: drawing, finish: 'stop', tokens: null, seconds: null }],
    sizes: [size],
    source: { gridSize: 4, continuedFrom: { trace: TRACE.id, turn: 1 } },
    model: settings.model,
  });
  // Asked once more from its beginning, it comes from nowhere.
  expect(requestOf({ ...TRACE, source: request.source }, [], settings).source).toEqual({ gridSize: 4 });
});

it('lets the model speak once more, however many turns there are', () => {
  const texts = Array.from({ length: settings.limits.maxTurns + 3 }, () => drawing);
  const { limits } = requestContinued(traceOf(texts), texts.length - 1, [], settings);
  expect(limits).toEqual({ ...settings.limits, maxTurns: texts.length + 1 });
});

it('refuses what leaves nothing to go on with', () => {
  const from = (texts: readonly string[], turn: number) => () =>
    requestContinued(traceOf(texts), turn, [], settings);
  expect(from([drawing, answer], 1)).toThrow('A turn answers, which ends a trace');
  expect(from([answer, drawing], 1)).toThrow('A turn answers, which ends a trace');
  expect(from(['<think> Hm. </think>'], 0)).toThrow('Turn 1 draws nothing');
  expect(from([drawing], 4)).toThrow('The trace has no turn 5.');
});

it('is a run of its own, whose trace has the given turns from the start', async () => {
  const store = new RunStore(join(await temporaryFolder(), 'recent.traces.jsonl'));
  const runs = runsOf(scriptedOpener([{ text: answer }]), new EngineKeeper(() => 1e9), store);
  const run = runs.start(requestContinued(TRACE, 1, mazeRequest.files, settings));
  expect(run.id).not.toBe(TRACE.id);
  expect(run.trace.turns.map(({ text }) => text)).toEqual([drawing, drawing]);
  await ended(run);
  expect(run.trace.turns.map(({ text }) => text)).toEqual([drawing, drawing, answer]);
  expect(run.trace).toMatchObject({ answer: 'B', source: { continuedFrom: { trace: TRACE.id, turn: 2 } } });
  expect(await store.read(run.id)).toEqual(run.trace);
});

it('keeps the given turns where it fails', async () => {
  const store = new RunStore(join(await temporaryFolder(), 'recent.traces.jsonl'));
  const runs = runsOf(scriptedOpener([]), new EngineKeeper(() => 1e9), store);
  const request = requestContinued(TRACE, 0, mazeRequest.files, settings);
  const other = runs.start({ ...request, sizes: [{ width: 28, height: 28 }] });
  await ended(other);
  expect(other.trace).toMatchObject({ finish: 'failed', turns: [{ text: drawing }] });
  expect(other.trace.error).toContain('as 112 by 112 pixels; what is drawn already is about 28 by 28');
});
