import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTraceFile } from '../../../src/dataset/trace-file';
import { defaultProfile } from '../../../src/reason/default-profile';
import { SampleStopped, sampleCandidates } from '../../../src/sample/sample-candidates';
import type { Trace } from '../../../src/trace/trace';
import { type Answer, chatServer, chunk, json, plain, stream, streams } from '../../helpers/chat-server';
import { askedOf, draws } from '../../helpers/drawing-server';
import { openTiny } from '../../helpers/endpoint';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { mazeRun, pixels } from '../../unit/cli/world-run';

const CANDIDATES = 6;
/** Longest silence that is waited for, in milliseconds: ten minutes outside of tests. */
const IDLE = 250;

let folder: string;
let questions: Awaited<ReturnType<typeof mazeRun>>['question'][];
beforeEach(async () => {
  folder = await temporaryFolder();
  const runs = await Promise.all([0, 1, 2].map((index) => mazeRun(folder, index)));
  questions = runs.map(({ question }) => question);
});

interface Sampled {
  /** Why it stopped; null if it came to its end. */
  readonly stopped: SampleStopped | null;
  /** All that the file holds. */
  readonly traces: readonly Trace[];
  /** Ids of the candidates that it told of, in order. */
  readonly told: readonly string[];
}

/** Samples from a server into the set of that name, which goes on if it is there. Throws whatever is no word for people. */
async function sample(url: string, name: string): Promise<Sampled> {
  const engine = await openTiny(url, {
    retry: { times: 2, first: 1, longest: 5000 },
    limits: { idle: IDLE },
  });
  const file = await openTraceFile(join(folder, `${name}.traces.jsonl`));
  const told: string[] = [];
  try {
    const stopped = await sampleCandidates(questions, file, {
      ...{ questionFile: join(folder, 'questions.jsonl'), engine, pixels, profile: defaultProfile },
      plan: { candidates: CANDIDATES, sampling: { temperature: 1, topP: 1, seed: 3 } },
      limitsOf: () => ({ maxTurns: 20, maxImages: 45, maxTokens: 100, minPixels: 784, maxPixels: 100_000 }),
      ...{ parallel: 4, signal: new AbortController().signal },
      onCandidate: ({ id }, _, isNew) => isNew && told.push(id),
    }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof SampleStopped) return error;
        throw error;
      },
    );
    const traces: Trace[] = [];
    for await (const trace of file.traces()) traces.push(trace);
    return { stopped, traces, told };
  } finally {
    await file.close();
  }
}

const gist = ({ id, turns, finish: end, run }: Trace) => ({
  ...{ id, end, seed: run?.sampling.seed },
  // What one said that failed in the end depends on how often it was asked.
  texts: end === 'failed' ? [] : turns.map(({ text }) => text),
});
const byId = (traces: readonly Trace[]) => traces.map(gist).sort((a, b) => (a.id < b.id ? -1 : 1));
const ids = (traces: readonly Trace[]) => traces.map(({ id }) => id).sort();

/** Says two words of a reply, and then lets `fault` happen. */
const breaksOff =
  (fault: (response: Parameters<Answer>[0]) => void): Answer =>
  (response) => {
    streams(response);
    response.write(`data: ${JSON.stringify(chunk('<think> '))}\n\n`);
    setTimeout(() => fault(response), 5);
  };

/** Every way to fail; with `stops`, why a sampling ends on which nothing else comes any more. */
const FAULTS: readonly { name: string; fault: Answer; stops: 'no-engine' | 'engine-breaks'; says: RegExp }[] =
  [
    {
      name: '401',
      fault: json({ error: 'Unauthorized' }, 401),
      stops: 'no-engine',
      says: /wants a key \(401: Unauthorized\)\. Give a key\./,
    },
    {
      name: '404',
      fault: json({ detail: 'Not Found' }, 404),
      stops: 'no-engine',
      says: /There is no chat endpoint at that address/,
    },
    {
      name: '429',
      fault: plain(429, 'Slower.'),
      stops: 'no-engine',
      says: /has too much to do \(429: Slower\)\. It was tried 3 times\./,
    },
    {
      name: '429 that asks for an hour',
      fault: plain(429, 'Daily limit.', { 'retry-after': '3600' }),
      ...{ stops: 'no-engine', says: /It asks to wait 3600 s\./ },
    },
    {
      name: '500',
      fault: plain(500, 'Out of luck.'),
      stops: 'engine-breaks',
      says: /failed \(500: Out of luck\)/,
    },
    {
      name: '503',
      fault: json({ error: 'Loading model' }, 503),
      stops: 'no-engine',
      says: /is not ready \(503: Loading model\)/,
    },
    { name: 'says nothing', fault: () => {}, stops: 'engine-breaks', says: /said nothing for 0\.25 s/ },
    {
      name: 'falls silent in the middle',
      fault: breaksOff(() => {}),
      stops: 'engine-breaks',
      says: /said nothing for 0\.25 s/,
    },
    {
      name: 'breaks off in the middle',
      fault: breaksOff((response) => response.socket?.resetAndDestroy()),
      ...{ stops: 'engine-breaks', says: /closed the connection in the middle of its answer/ },
    },
    {
      name: 'garbage',
      fault: stream('\u0000\u0001{"choices":'),
      stops: 'engine-breaks',
      says: /sent what is not JSON/,
    },
    {
      name: 'a page of HTML',
      fault: plain(200, '<html>Welcome</html>'),
      stops: 'engine-breaks',
      says: /it answers with text.plain, not with a stream of events/,
    },
    {
      name: 'an empty stream',
      fault: stream(),
      stops: 'engine-breaks',
      says: /ended its reply in the middle/,
    },
    {
      name: 'an empty body',
      fault: plain(200, ''),
      stops: 'engine-breaks',
      says: /it answers with text.plain, not with a stream of events/,
    },
    {
      name: 'closes the connection',
      fault: (response) => void response.socket?.destroy(),
      ...{ stops: 'engine-breaks', says: /closed the connection before it answered/ },
    },
  ];

let whole: Promise<readonly Trace[]> | undefined;
/** The set that a server draws that never fails; drawn once. */
const undisturbed = (): Promise<readonly Trace[]> => {
  whole ??= drawUndisturbed();
  return whole;
};

async function drawUndisturbed(): Promise<readonly Trace[]> {
  const server = await chatServer([draws(1)]);
  const { traces, stopped } = await sample(server.url, 'whole');
  expect(stopped).toBeNull();
  expect(traces).toHaveLength(questions.length * CANDIDATES);
  return traces;
}

describe('a server that fails now and then', () => {
  it.each(FAULTS.filter(({ name }) => !/401|404|hour/.test(name)))(
    '($name) is asked again: the set is the same as without that',
    async ({ fault }) => {
      const whole = await undisturbed();
      const failed = new Set<string>();
      const server = await chatServer([
        (response, request) => {
          const { seed, turn } = askedOf(request.body);
          const key = `${seed} ${turn}`;
          // One request of three, the first time that it is made.
          const fails = (seed + turn) % 3 === 0 && !failed.has(key);
          failed.add(key);
          return (fails ? fault : draws(1))(response, request);
        },
      ]);
      const { stopped, traces, told } = await sample(server.url, 'set');
      expect(stopped).toBeNull();
      expect(byId(traces)).toEqual(byId(whole));
      expect([...told].sort()).toEqual(ids(traces));
    },
  );
});

describe('a server that fails from some moment on', () => {
  it.each(FAULTS)(
    '($name) ends the sampling in words, and it goes on when the server is well',
    async (one) => {
      const whole = await undisturbed();
      const good = 8;
      let asked = 0;
      let isWell = false;
      const server = await chatServer([
        (response, request) => (isWell || asked++ < good ? draws(1) : one.fault)(response, request),
      ]);
      const first = await sample(server.url, 'set');
      expect(first.stopped).toMatchObject({ reason: one.stops, message: expect.stringMatching(one.says) });
      expect([...first.told].sort()).toEqual(ids(first.traces));
      expect(first.traces.length).toBeLessThan(whole.length);
      // Three say that the server broke on them; all else that is there was drawn.
      const drawn = new Map(byId(whole).map((trace) => [trace.id, trace]));
      const broken = byId(first.traces).filter(
        (trace) => JSON.stringify(trace) !== JSON.stringify(drawn.get(trace.id)),
      );
      expect(broken.map(({ end }) => end)).toEqual(
        one.stops === 'engine-breaks' ? ['failed', 'failed', 'failed'] : [],
      );

      isWell = true;
      const second = await sample(server.url, 'set');
      expect(second.stopped).toBeNull();
      expect([...first.told, ...second.told].sort()).toEqual(ids(whole));
      const ofBroken = new Set(broken.map(({ id }) => id));
      expect(byId(second.traces).filter(({ id }) => !ofBroken.has(id))).toEqual(
        byId(whole).filter(({ id }) => !ofBroken.has(id)),
      );
      expect(ids(second.traces)).toEqual(ids(whole));
    },
  );

  it('(is gone) ends it in words, and it goes on when there is one again', async () => {
    const whole = await undisturbed();
    let asked = 0;
    const server = await chatServer([
      (response, request) => {
        // The answer to the eighth is its last.
        if (++asked === 8) response.on('finish', () => void server.stop());
        return draws(1)(response, request);
      },
    ]);
    const first = await sample(server.url, 'set');
    expect(first.stopped).toMatchObject({ reason: 'no-engine' });
    expect(first.stopped?.message).toMatch(
      /No server answers at .*: the connection was refused\. Is it running\?/,
    );
    const second = await sample((await chatServer([draws(1)])).url, 'set');
    expect(second.stopped).toBeNull();
    expect(byId(second.traces)).toEqual(byId(whole));
    expect([...first.told, ...second.told].sort()).toEqual(ids(whole));
  });
});
