import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { GenerateEvent } from '../../../src/engine/engine';
import {
  type Answer,
  chatServer,
  chunk,
  event,
  plain,
  say,
  saySlowly,
  streams,
} from '../../helpers/chat-server';
import { openTiny, SAY_IT } from '../../helpers/endpoint';
import { outcome } from '../../helpers/engine-process';

const TALE = Array.from({ length: 1000 }, (_, i) => `${i}`).join(' ');

describe('a cancel', () => {
  it('ends a reply at once: no event comes after it, and the server hears that nobody listens', async () => {
    const server = await chatServer([saySlowly(TALE, 5)]);
    const abort = new AbortController();
    const after: GenerateEvent[] = [];
    let [heard, at] = ['', 0];
    const { text, error } = await outcome(await openTiny(server.url), SAY_IT, {
      signal: abort.signal,
      onEvent: (next) => {
        if (abort.signal.aborted) after.push(next);
        else if (next.type === 'text') {
          heard += next.text;
          if (!heard.includes(' 9')) return;
          at = performance.now();
          abort.abort();
        }
      },
    });
    expect(performance.now() - at).toBeLessThan(2000);
    expect({ text, kind: error?.kind, after }).toEqual({
      text: heard,
      kind: 'cancelled',
      after: [],
    });
    expect(TALE.startsWith(heard)).toBe(true);
    await expect.poll(() => server.requests.map(({ left }) => left)).toEqual([true]);
  });

  it.each<[string, Answer, number]>([
    ['before the answer', () => {}, 1],
    ['in the wait before another try', plain(503, 'Busy'), 1],
  ])('ends a request %s', async (_, answer, requests) => {
    const server = await chatServer([answer]);
    const engine = await openTiny(server.url, { retry: { times: 3, first: 60_000, longest: 60_000 } });
    const { events, error } = await outcome(engine, SAY_IT, { signal: AbortSignal.timeout(100) });
    expect(error?.kind).toBe('cancelled');
    expect(events.every(({ type }) => type === 'waiting')).toBe(true);
    expect(server.requests).toHaveLength(requests);
  });

  it('before it begins asks nobody', async () => {
    const server = await chatServer([say('Yes.')]);
    const { error } = await outcome(await openTiny(server.url), SAY_IT, { signal: AbortSignal.abort() });
    expect(error?.kind).toBe('cancelled');
    expect(server.requests).toHaveLength(0);
  });

  it('ends the opening of a server that does not answer', async () => {
    const server = await chatServer([], { models: () => {} });
    const opening = openTiny(server.url, { signal: AbortSignal.timeout(50) });
    await expect(opening).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

it('a reply that nobody reads on is ended', async () => {
  const server = await chatServer([saySlowly(TALE, 5), say('Yes.')]);
  const engine = await openTiny(server.url, { concurrency: 1 });
  for await (const event of engine.generate(SAY_IT)) if (event.type === 'text') break;
  await expect.poll(() => server.requests[0]?.left).toBe(true);
  expect((await outcome(engine, SAY_IT)).text).toBe('Yes.');
});

it('closing ends what is under way, and nothing begins after it', async () => {
  const server = await chatServer([saySlowly(TALE, 5)]);
  const engine = await openTiny(server.url);
  const { error } = await outcome(engine, SAY_IT, {
    onEvent: ({ type }) => {
      if (type === 'text') void engine.close();
    },
  });
  expect(error?.kind).toBe('cancelled');
  await expect.poll(() => server.requests[0]?.left).toBe(true);
  expect((await outcome(engine, SAY_IT)).error).toMatchObject({ message: 'The engine is closed.' });
});

describe('of many requests at once', () => {
  it('no more than the limit are with the server; the others wait their turn, and say so', async () => {
    const server = await chatServer([saySlowly('One two three.', 10)]);
    const engine = await openTiny(server.url, { concurrency: 2 });
    const order: number[] = [];
    const runs = Array.from({ length: 7 }, async (_, i) => {
      const { events, error } = await outcome(engine, SAY_IT, {
        onEvent: ({ type }) => {
          if (type === 'text' && !order.includes(i)) order.push(i);
        },
      });
      expect(error).toBeNull();
      return events.flatMap((heard) => (heard.type === 'waiting' ? [heard.why] : []));
    });
    expect(await Promise.all(runs)).toEqual([
      [],
      [],
      ...[1, 2, 3, 4, 5].map((ahead) => [`${ahead} before this one.`]),
    ]);
    expect(server.most()).toBe(2);
    expect(order).toHaveLength(7);
    expect(order.slice(2).every((run, i) => Math.abs(run - i - 2) <= 1)).toBe(true);
  });

  it('one that is cancelled while it waits leaves its place to the next', async () => {
    const server = await chatServer([saySlowly('One two three.', 10)]);
    const engine = await openTiny(server.url, { concurrency: 1 });
    const abort = new AbortController();
    const first = outcome(engine, SAY_IT);
    const second = outcome(engine, SAY_IT, { signal: abort.signal });
    const third = outcome(engine, SAY_IT);
    await sleep(5);
    abort.abort();
    expect((await second).error?.kind).toBe('cancelled');
    expect([(await first).text, (await third).text]).toEqual(['One two three.', 'One two three.']);
    expect(server.requests).toHaveLength(2);
  });

  it('one that fails gives its place back', async () => {
    const server = await chatServer([plain(400, 'No.'), say('Yes.')]);
    const engine = await openTiny(server.url, { concurrency: 1 });
    expect((await outcome(engine, SAY_IT)).error?.kind).toBe('refused');
    expect((await outcome(engine, SAY_IT)).text).toBe('Yes.');
  });
});

it('a server that talks faster than it is listened to is held back: its words are not heaped up here', async () => {
  let sent = 0;
  const word = event(chunk('x'.repeat(1000)));
  const server = await chatServer([
    (response) => {
      streams(response);
      const push = () => {
        while (!response.destroyed && sent < 100_000) {
          sent += 1;
          if (!response.write(word)) return;
        }
      };
      response.on('drain', push);
      push();
    },
  ]);
  const engine = await openTiny(server.url);
  for await (const { type } of engine.generate({ ...SAY_IT, maxTokens: 1_000_000 })) {
    if (type !== 'text') continue;
    const moved = async () => {
      const before = sent;
      await sleep(100);
      return sent - before;
    };
    await expect.poll(moved).toBe(0);
    break;
  }
  expect(sent).toBeLessThan(50_000);
});
