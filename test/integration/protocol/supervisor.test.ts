import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CallError, Refusal } from '../../../src/protocol/call-error';
import { streamCall } from '../../../src/protocol/stream';
import { Supervisor, type SupervisorOptions } from '../../../src/protocol/supervisor';
import { trouble } from '../../fixtures/children/trouble-contract';
import { bundle } from '../../helpers/bundle';

const children = fileURLToPath(new URL('../../fixtures/children/', import.meta.url));
let folder = '';
let childEntry = '';
let parentEntry = '';
let started: Supervisor<typeof trouble>[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  childEntry = await bundle(`${children}trouble.ts`, join(folder, 'child'));
  parentEntry = await bundle(`${children}parent.ts`, join(folder, 'parent'));
});

afterEach(async () => {
  await Promise.all(started.map((supervisor) => supervisor.close()));
  started = [];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function supervise(options: Partial<SupervisorOptions> = {}): Supervisor<typeof trouble> {
  const supervisor = new Supervisor(trouble, { entry: childEntry, name: 'the child', ...options });
  started.push(supervisor);
  return supervisor;
}

const bytes = new Uint8Array([1, 2, 3]);
const processOf = async (supervisor: Supervisor<typeof trouble>) =>
  (await supervisor.call('echo', { bytes })).process;

async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CallError) return error;
  throw error;
}

describe('a call', () => {
  test('is answered by another process, bytes and all', async () => {
    const answer = await supervise().call('echo', { bytes });
    expect([...answer.bytes]).toEqual([1, 2, 3]);
    expect(answer.process).not.toBe(process.pid);
  });

  test('streams its events in order before its result', async () => {
    const events: number[] = [];
    const result = await supervise().call(
      'count',
      { to: 5, pause: 1 },
      { onEvent: (event) => events.push(event) },
    );
    expect(events).toEqual([1, 2, 3, 4, 5]);
    expect(result).toBe(5);
  });

  test('runs beside others in the same child', async () => {
    const supervisor = supervise();
    const [one, two, three] = await Promise.all([
      processOf(supervisor),
      processOf(supervisor),
      supervisor.call('count', { to: 3, pause: 1 }),
    ]);
    expect(one).toBe(two);
    expect(three).toBe(3);
  });

  test('that the method refuses rejects with the failure of the contract', async () => {
    const error = await supervise()
      .call('refuse', {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ failure: { reason: 'not today' } });
  });

  test('that fails inside says so and leaves the child alive', async () => {
    const supervisor = supervise();
    const before = await processOf(supervisor);
    expect(await errorOf(supervisor.call('fail', {}))).toMatchObject({
      kind: 'unexpected',
      message: expect.stringMatching(/^the child: TypeError: a fault inside/),
    });
    expect(await processOf(supervisor)).toBe(before);
  });
});

describe('a message that does not fit the contract', () => {
  test('is refused by the child when it is a call', async () => {
    const wrong = { bytes: 'text' } as never;
    expect(await errorOf(supervise().call('echo', wrong))).toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/echo got bad params: bytes: .*Uint8Array/),
    });
  });

  test('is refused by the parent when it is a result', async () => {
    expect(await errorOf(supervise().call('lie', {}))).toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/the child sent a bad lie: result: .*number/),
    });
  });

  test('is an error when it cannot be copied', async () => {
    const supervisor = supervise();
    expect(await errorOf(supervisor.call('uncopied', {}))).toMatchObject({ kind: 'malformed' });
    const wrong = { bytes: () => {} } as never;
    expect(await errorOf(supervisor.call('echo', wrong))).toMatchObject({ kind: 'malformed' });
  });

  test('is left out when it is not of the protocol at all', async () => {
    expect(await supervise().call('babble', {})).toEqual({});
  });
});

describe('a cancelled call', () => {
  test('rejects at once, and its method is told', async () => {
    const supervisor = supervise();
    const abort = new AbortController();
    const call = supervisor.call(
      'count',
      { to: 1e6, pause: 5 },
      { signal: abort.signal, onEvent: (event) => event === 3 && abort.abort() },
    );
    expect(await errorOf(call)).toMatchObject({ kind: 'cancelled' });
    await sleep(50);
    expect(await supervisor.call('cancelled', {})).toBe(1);
  });

  test.each([
    ['at once, unless it gives the other side a moment', undefined, [1]],
    ['with all events that the other side sends within the moment it is given', 30_000, [1, 2]],
  ])('rejects %s', async (_, grace, expected) => {
    const supervisor = supervise();
    const abort = new AbortController();
    const events: number[] = [];
    const onEvent = (event: number) => {
      events.push(event);
      abort.abort();
    };
    const options = { signal: abort.signal, onEvent, ...(grace && { grace }) };
    expect(await errorOf(supervisor.call('linger', {}, options))).toMatchObject({ kind: 'cancelled' });
    await processOf(supervisor);
    expect(events).toEqual(expected);
  });

  test('rejects after the moment it is given even if the other side hears nothing', async () => {
    const supervisor = supervise();
    await processOf(supervisor);
    const call = errorOf(
      supervisor.call('spin', { milliseconds: 20_000 }, { signal: AbortSignal.timeout(100), grace: 200 }),
    );
    const begin = performance.now();
    expect(await call).toMatchObject({ kind: 'cancelled' });
    expect(performance.now() - begin).toBeGreaterThan(250);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });

  test('never starts when its signal was aborted before', async () => {
    const call = supervise({ entry: '/nowhere.cjs' }).call(
      'echo',
      { bytes },
      { signal: AbortSignal.abort() },
    );
    expect(await errorOf(call)).toMatchObject({ kind: 'cancelled' });
  });

  test('rejects with what its event handler throws', async () => {
    const fault = new Error('cannot show this');
    const onEvent = () => {
      throw fault;
    };
    const supervisor = supervise();
    await expect(supervisor.call('count', { to: 1e6, pause: 5 }, { onEvent })).rejects.toBe(fault);
    await sleep(50);
    expect(await supervisor.call('cancelled', {})).toBe(1);
  });

  test('rejects when its own time is over', async () => {
    const error = await errorOf(supervise().call('count', { to: 1e6, pause: 5 }, { timeout: 300 }));
    expect(error).toMatchObject({
      kind: 'timed-out',
      message: 'the child did not answer count within 0.3 s',
    });
  });

  test('as a stream ends with the loop that is left', async () => {
    const supervisor = supervise();
    const stream = streamCall<number, number>((options) =>
      supervisor.call('count', { to: 1e6, pause: 5 }, options),
    );
    for await (const event of stream) if (event === 3) break;
    await sleep(50);
    expect(await supervisor.call('cancelled', {})).toBe(1);
  });
});

describe('a child that dies ends the calls that wait, says how, and the next call has a fresh one', () => {
  const endings = [
    {
      what: 'a crash of native code',
      params: { words: 'a last word', signal: 'SIGSEGV' },
      kind: 'crashed',
      message: 'the child crashed (SIGSEGV); its last words:\na last word',
    },
    {
      what: 'an abort',
      params: { words: "terminate called after throwing 'char const*'", signal: 'SIGABRT' },
      kind: 'crashed',
      message: "the child crashed (SIGABRT); its last words:\nterminate called after throwing 'char const*'",
    },
    {
      what: 'an exit code',
      params: { words: '', code: 7 },
      kind: 'crashed',
      message: 'the child crashed (exit code 7)',
    },
    {
      what: 'an exit without a fault',
      params: { words: '', code: 0 },
      kind: 'crashed',
      message: 'the child ended by itself before it answered',
    },
    {
      what: 'a kill',
      params: { words: '', signal: 'SIGKILL' },
      kind: 'killed',
      message: 'the child was killed (SIGKILL)',
    },
    {
      what: 'a request to end',
      params: { words: '', signal: 'SIGTERM' },
      kind: 'killed',
      message: 'the child was killed (SIGTERM)',
    },
    {
      what: 'memory that native code did not get',
      params: { words: "terminate called after throwing an instance of 'std::bad_alloc'", signal: 'SIGABRT' },
      kind: 'out-of-memory',
      message: expect.stringMatching(/^the child ran out of memory \(it used \d+\.\d GB of \d+\.\d GB\)$/),
    },
  ];

  test.each(endings)('$what', async ({ params, kind, message }) => {
    const supervisor = supervise();
    const before = await processOf(supervisor);
    const other = errorOf(supervisor.call('count', { to: 1e6, pause: 50 }));
    expect(await errorOf(supervisor.call('end', params))).toMatchObject({ kind, message });
    expect(await other).toMatchObject({ kind, message });
    expect(await processOf(supervisor)).not.toBe(before);
  });

  test("a heap that has reached node's limit", async () => {
    const supervisor = supervise({ execArgv: ['--max-old-space-size=40'] });
    expect(await errorOf(supervisor.call('exhaust', {}))).toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(/^the child ran out of memory/),
    });
    expect(await processOf(supervisor)).toBeGreaterThan(0);
  });

  test('a program that is not there', async () => {
    const error = await errorOf(supervise({ entry: join(folder, 'nowhere.cjs') }).call('echo', { bytes }));
    expect(error).toMatchObject({ kind: 'crashed', message: expect.stringMatching(/Cannot find module/) });
  });

  test('a channel that it closed while it lives on', async () => {
    const supervisor = supervise();
    expect(await errorOf(supervisor.call('hangUp', {}))).toMatchObject({
      kind: 'crashed',
      message: 'the child closed its channel',
    });
    expect(await processOf(supervisor)).toBeGreaterThan(0);
  });
});

test('every call settles, whenever its child is killed', async () => {
  const supervisor = supervise();
  let killed = 0;
  const outcomes: string[] = [];
  for (let round = 0; round < 8; round++) {
    const child = await processOf(supervisor);
    const calls = Array.from({ length: 20 }, async (_, i) => {
      await sleep((i * 7 + round * 3) % 40);
      const call = i % 2 ? supervisor.call('count', { to: 4, pause: 5 }) : supervisor.call('echo', { bytes });
      return call.then(
        () => 'answered',
        (error: unknown) => (error instanceof CallError ? error.kind : 'another error'),
      );
    });
    await sleep(round * 5);
    killed += process.kill(child, 'SIGKILL') ? 1 : 0;
    outcomes.push(...(await Promise.all(calls)));
  }
  expect(killed).toBe(8);
  expect(outcomes).toHaveLength(160);
  expect(outcomes.filter((outcome) => outcome !== 'answered' && outcome !== 'killed')).toEqual([]);
  expect(outcomes).toContain('killed');
});

describe('a child that blocks', () => {
  test('longer than the limit is killed and called hung', async () => {
    const supervisor = supervise({ hangLimit: 500 });
    const before = await processOf(supervisor);
    expect(await errorOf(supervisor.call('spin', { milliseconds: 60_000 }))).toMatchObject({
      kind: 'hung',
      message: 'the child did not answer for 0.5 s and was ended',
    });
    expect(isRunning(before)).toBe(false);
    expect(await processOf(supervisor)).not.toBe(before);
  });

  test('shorter than the limit is waited for', async () => {
    expect(await supervise({ hangLimit: 3000 }).call('spin', { milliseconds: 1500 })).toEqual({});
  });

  test('leaves the event loop of its parent free', async () => {
    const supervisor = supervise();
    await processOf(supervisor);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await supervisor.call('spin', { milliseconds: 1000 });
    delay.disable();
    // A blocked loop would show the whole second; how small the gap is on an idle machine, the benchmark measures.
    expect(delay.max / 1e6).toBeLessThan(500);
  });
});

describe('an end', () => {
  test('by close leaves no process and rejects what waits and what comes', async () => {
    const supervisor = supervise();
    const child = await processOf(supervisor);
    const waiting = errorOf(supervisor.call('count', { to: 1e6, pause: 50 }));
    await supervisor.close();
    expect(await waiting).toMatchObject({ kind: 'closed', message: 'the child was closed' });
    expect(isRunning(child)).toBe(false);
    expect(await errorOf(supervisor.call('echo', { bytes }))).toMatchObject({ kind: 'closed' });
  });

  test('by close kills a child that does not listen', async () => {
    const supervisor = supervise({ grace: 200 });
    const child = await processOf(supervisor);
    const waiting = errorOf(supervisor.call('spin', { milliseconds: 60_000 }));
    await sleep(100);
    await supervisor.close();
    expect(await waiting).toMatchObject({ kind: 'closed' });
    expect(isRunning(child)).toBe(false);
  });

  test('by close starts nothing where nothing ran', async () => {
    await expect(supervise({ entry: '/nowhere.cjs' }).close()).resolves.toBeUndefined();
  });

  test('of the parent by a kill ends the child too', async () => {
    const parent = spawn(process.execPath, [parentEntry, childEntry, 'busy']);
    const child = await firstNumber(parent.stdout);
    expect(isRunning(child)).toBe(true);
    parent.kill('SIGKILL');
    await waitFor(() => !isRunning(child));
  });

  test('of the parent is not held up by an idle child, which ends with it', async () => {
    const parent = spawn(process.execPath, [parentEntry, childEntry, 'idle']);
    const ended = new Promise((resolve) => parent.on('exit', resolve));
    const child = await firstNumber(parent.stdout);
    expect(await ended).toBe(0);
    await waitFor(() => !isRunning(child));
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i++) await sleep(100);
  expect(condition()).toBe(true);
}

async function firstNumber(output: AsyncIterable<Buffer>): Promise<number> {
  for await (const chunk of output) return Number(chunk.toString());
  throw new Error('the program said nothing');
}
