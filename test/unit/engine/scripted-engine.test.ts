import { describe, expect, it } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../../src/engine/engine';
import { ScriptedEngine, type ScriptedReply } from '../../../src/engine/scripted-engine';

const request: GenerateRequest = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Say it.' }] }],
  sampling: { temperature: 0, topP: 1, seed: 0 },
  maxTokens: 100,
};

async function events(reply: ScriptedReply, change: Partial<GenerateRequest> = {}, signal?: AbortSignal) {
  const seen: GenerateEvent[] = [];
  for await (const event of new ScriptedEngine([reply]).generate({ ...request, ...change }, signal))
    seen.push(event);
  return seen;
}

describe('a scripted engine', () => {
  it('says its text token by token and ends', async () => {
    const seen = await events({ text: 'One  two\nthree ' });
    expect(seen.flatMap((event) => (event.type === 'text' ? [event.text] : []))).toEqual([
      'One',
      '  two',
      '\nthree',
      ' ',
    ]);
    expect(seen.at(-1)).toMatchObject({
      type: 'end',
      reason: 'stop',
      text: 'One  two\nthree ',
      tokens: 4,
      ids: [0, 1, 2, 3],
    });
  });

  it('stops at the limit of tokens', async () => {
    expect((await events({ text: 'a b c' }, { maxTokens: 2 })).at(-1)).toMatchObject({
      reason: 'length',
      text: 'a b',
    });
    expect((await events({ text: 'a b' }, { maxTokens: 2 })).at(-1)).toMatchObject({
      reason: 'stop',
      text: 'a b',
    });
  });

  it('fails where it is told to, when it is aborted, and when its script is over', async () => {
    const failure = { afterTokens: 1, kind: 'crashed', message: 'Gone.' } as const;
    await expect(events({ text: 'a b', failure })).rejects.toMatchObject({
      kind: 'crashed',
      message: 'Gone.',
    });
    await expect(events({ text: 'a b' }, {}, AbortSignal.abort())).rejects.toMatchObject({
      kind: 'cancelled',
    });
    const slow = events({ text: 'a', tokenDelay: 60_000 }, {}, AbortSignal.timeout(10));
    await expect(slow).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(new ScriptedEngine([]).generate(request).next()).rejects.toMatchObject({
      kind: 'bad-request',
    });
  });
});
