import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../../src/protocol/contract';
import { ViewChannel, type ViewMessage } from '../../../src/view/view-channel';

const failure = v.object({ message: v.string() });
const host = {
  methods: { double: { params: v.number(), event: v.never(), result: v.number() } },
  failure,
} satisfies Contract;
const webview = {
  methods: { greet: { params: v.string(), event: v.never(), result: v.string() } },
  failure,
} satisfies Contract;

const failureOf = (error: unknown) => (error instanceof Error ? { message: error.message } : undefined);

/** Two ends whose messages are copied as `postMessage` copies them; `posted` has all of them. */
function connect() {
  const posted: ViewMessage[] = [];
  const ends: { receive(raw: unknown): void }[] = [];
  const postTo = (end: number) => (message: ViewMessage) => {
    posted.push(message);
    queueMicrotask(() => ends[end]?.receive(structuredClone(message)));
  };
  const atHost = new ViewChannel({
    mine: {
      name: 'host',
      contract: host,
      failureOf,
      handlers: {
        double: (n) => {
          if (n < 0) throw new Error('it is below 0');
          return n * 2;
        },
      },
    },
    theirs: { name: 'webview', contract: webview, title: 'the view' },
    post: postTo(1),
  });
  const atView = new ViewChannel({
    mine: { name: 'webview', contract: webview, failureOf, handlers: { greet: (name) => `Hello, ${name}` } },
    theirs: { name: 'host', contract: host, title: 'the extension' },
    post: postTo(0),
  });
  ends.push(atHost, atView);
  return { atHost, atView, posted };
}

describe('the channel between a view and its host', () => {
  it('lets both sides call each other at once, with the same numbers of calls', async () => {
    const { atHost, atView } = connect();
    const answers = await Promise.all([
      atView.caller.call('double', 21),
      atHost.caller.call('greet', 'view'),
      atView.caller.call('double', 1),
    ]);
    expect(answers).toEqual([42, 'Hello, view', 2]);
  });

  it('names in each message the contract whose method is called, also in the answer', async () => {
    const { atView, posted } = connect();
    await atView.caller.call('double', 1);
    expect(posted.map(({ contract }) => contract)).toEqual(['host', 'host']);
  });

  it('hands on why a call is refused', async () => {
    const { atView } = connect();
    await expect(atView.caller.call('double', -1)).rejects.toMatchObject({
      failure: { message: 'it is below 0' },
    });
  });

  it('leaves out what is no message of either contract', async () => {
    const { atView } = connect();
    for (const strange of [
      null,
      'hello',
      {},
      { contract: 'host', message: 7 },
      { contract: 'nobody', message: {} },
    ]) {
      atView.receive(strange);
    }
    expect(await atView.caller.call('double', 2)).toBe(4);
  });
});
