import { beforeEach, describe, expect, it } from 'vitest';
import { printable, TurnCounter, TurnPrinter } from '../../../src/cli/turn-printer';
import { ScriptedEngine, type ScriptedReply } from '../../../src/engine/scripted-engine';
import { defaultProfile } from '../../../src/reason/default-profile';
import { reason } from '../../../src/reason/reason';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { parseTurn } from '../../../src/trace/parse-turn';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type MemoryIo, memoryIo } from './memory-io';
import { mazeRun, pixels } from './world-run';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const DRAW = formatDrawingTurn('I look.', [
  { index: 1, bbox_2d: [1, 2, 30, 40], label: 'a' },
  { index: 1, start_point_2d: [14, 14], end_point_2d: [14, 42], label: 'b' },
  { index: 1, start_point_2d: [14, 42], end_point_2d: [42, 42], label: 'c' },
]);
const ANSWER = formatAnswerTurn('So C.', 'C');

async function run(
  make: (io: MemoryIo) => TurnPrinter | TurnCounter,
  io: MemoryIo,
  texts: readonly string[],
) {
  const { question } = await mazeRun(folder, 0);
  const replies = texts.map((text): ScriptedReply => ({ text }));
  const reporter = make(io);
  await reason(
    {
      id: 'q',
      question: question.question,
      images: [{ path: 'a', file: question.images[0] ?? '' }],
      source: null,
    },
    {
      engine: new ScriptedEngine(replies),
      pixels,
      profile: defaultProfile,
      limits: { maxTurns: 5, maxImages: 9, maxTokens: 200, minPixels: 3136, maxPixels: 100_000 },
      sampling: { temperature: 0, topP: 1, seed: 0 },
      drawing: true,
      onEvent: (event) => reporter.on(event),
    },
  );
  return { out: io.out(), err: io.err() };
}

describe('to a person', () => {
  const printer = (io: MemoryIo) => new TurnPrinter(io);

  it("the model's words are printed as they are, and what was drawn between them", async () =>
    expect(await run(printer, memoryIo(), [DRAW, ANSWER])).toEqual({
      out: `${DRAW}\n\n[image 2: image 1 with 1 box and 2 lines]\n\n${ANSWER}\n\n`,
      err: '',
    }));

  it('what cannot be understood is said with its turn', async () => {
    const { err } = await run(printer, memoryIo(), [
      '<think> hm </think> Action: Path Tracer\n```json\n[{"index": }]\n```',
    ]);
    expect(err).toMatch(/^ {2}turn 1: The block is no Python literal: /);
  });

  it('on a terminal a line tells what goes on before the words come, and is gone after', async () => {
    const { out, err } = await run(printer, memoryIo('/', 80), [DRAW, ANSWER]);
    expect(err).toContain('\r\u001b[Kturn 1: reading 0 %');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(out).not.toContain('reading');
  });
});

it('to a program, stdout is left alone and stderr has a line a turn', async () => {
  const { out, err } = await run((io) => new TurnCounter(io), memoryIo(), [DRAW, ANSWER]);
  expect(out).toBe('');
  expect(err).toMatch(
    /^turn 1: Object Mapper, \d+ tokens, \d\.\d s\nturn 2: Answer, \d+ tokens, \d\.\d s\n$/,
  );
});

it('says characters where a server does not tell how many tokens there are, and what is waited for', () => {
  const io = memoryIo('/', 80);
  const counter = new TurnCounter(io);
  counter.on({ type: 'waiting', turn: 0, why: 'The server is busy.', seconds: 2.5 });
  expect(io.err()).toContain('turn 1: The server is busy. Waiting 3 s.');
  const spoken = { text: 'Hello', finish: 'stop', tokens: null, seconds: 1 } as const;
  counter.on({ type: 'turn', turn: 0, spoken, parsed: parseTurn(spoken.text) });
  expect(io.err()).toMatch(/turn 1: no action, 5 characters, 1\.0 s\n$/);
});

it('spells out what would move the cursor, ring the bell or turn the text round', () => {
  expect(printable('a\u001b[2Jb\u0007\r\n\tc\u009b\u202e 🧭')).toBe(
    'a\\u001b[2Jb\\u0007\\u000d\n\tc\\u009b\\u202e 🧭',
  );
});
