import { describe, expect, it } from 'vitest';
import type { GenerateEvent } from '../../../src/engine/engine';
import {
  type Answer,
  chatServer,
  chunk,
  event,
  finish,
  json,
  plain,
  say,
  sayThen,
  stream,
  streams,
} from '../../helpers/chat-server';
import { ADVICE, openTiny, SAY_IT } from '../../helpers/endpoint';
import { engineError } from '../../helpers/engine-error';
import { outcome } from '../../helpers/engine-process';

const waits = (events: readonly GenerateEvent[]) =>
  events.flatMap((event) => (event.type === 'waiting' ? [event] : []));
const reset = sayThen('One two', (response) => response.socket?.resetAndDestroy());

describe('is tried again', () => {
  it.each<[string, Answer, string]>([
    [
      '429',
      plain(429, '{"error":{"message":"Rate limit reached."}}'),
      'has too much to do (429: Rate limit reached).',
    ],
    ['500', plain(500, 'Internal Server Error'), 'failed (500: Internal Server Error).'],
    ['502 in HTML', plain(502, '<html><h1>Bad Gateway</h1></html>'), 'failed (502).'],
    ['503', json({ error: 'down for a moment' }, 503), 'is not ready (503: down for a moment).'],
    [
      'a connection closed without an answer',
      (response) => void response.socket?.destroy(),
      'closed the connection before it answered (ECONNRESET).',
    ],
    [
      'an answer that is closed at once',
      sayThen('', (response) => response.destroy()),
      'closed the connection in the middle of its answer (ECONNRESET).',
    ],
    ['a stream without an end', stream(), 'ended its reply in the middle.'],
    ['a chunk that is not JSON', stream('{"choices":'), 'sent what is not JSON: {"choices":'],
    [
      'JSON that is no chunk',
      stream({ choices: 'none' }),
      'sent no chunk of a chat completion: {"choices":"none"}',
    ],
    [
      'an error in the stream with a status of its own',
      stream({ error: { message: 'Engine restarts.', code: 503 } }),
      'is not ready (503: Engine restarts).',
    ],
  ])('after %s', async (_, fault, why) => {
    const server = await chatServer([fault, say('One two three.')]);
    const { events, text, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect({ text, error }).toEqual({ text: 'One two three.', error: null });
    expect(waits(events).map((event) => event.why)).toEqual([`${server.host} ${why}`]);
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
  });

  it('when the server wants it: after the seconds of Retry-After', async () => {
    const server = await chatServer([plain(429, 'Later.', { 'retry-after': '1' }), say('Yes.')]);
    const { events } = await outcome(await openTiny(server.url), SAY_IT);
    const [first, second] = server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(waits(events)).toMatchObject([{ seconds: 1 }]);
  });

  it('later and later, and in the end no more, with the last reason', async () => {
    const server = await chatServer([plain(500, 'Out of luck.')]);
    const retry = { times: 3, first: 20, longest: 60 };
    const { events, error } = await outcome(await openTiny(server.url, { retry }), SAY_IT);
    expect(error).toMatchObject({
      kind: 'server',
      message: `${server.host} failed (500: Out of luck). It was tried 4 times.`,
    });
    const seconds = waits(events).map((event) => event.seconds ?? 0);
    expect(
      seconds.map((wait, i) => wait >= 0.015 * 2 ** i && wait <= Math.min(0.025 * 2 ** i, 0.06)),
    ).toEqual([true, true, true]);
    expect(server.requests).toHaveLength(4);
  });

  it('not where the server asks for a longer wait than anybody would sit through', async () => {
    const server = await chatServer([plain(429, 'Daily limit.', { 'retry-after': '3600' })]);
    const { error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(error?.message).toBe(
      `${server.host} has too much to do (429: Daily limit). It asks to wait 3600 s.`,
    );
    expect(server.requests).toHaveLength(1);
  });
});

describe('a reply that breaks off after some words', () => {
  it('goes on where it broke off if the next try says the same: nothing is said twice', async () => {
    const server = await chatServer([reset, reset, say('One two three four.')]);
    const { events, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(error).toBeNull();
    const said = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    expect(said.join('')).toBe('One two three four.');
    expect(events.at(-1)).toMatchObject({ type: 'end', text: 'One two three four.' });
    expect(waits(events)).toHaveLength(2);
  });

  it.each([
    ['says something else', say('One or two.')],
    ['ends before', say('One')],
  ])('is an error that keeps them if the next try %s', async (_, next) => {
    const server = await chatServer([reset, next]);
    const { text, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(text).toBe('One two');
    expect(error).toMatchObject({
      kind: 'server',
      message: `${server.host} broke off its reply, and said something else when it was asked again.`,
    });
    expect(server.requests).toHaveLength(2);
  });

  it('is an error with the reason after the last try', async () => {
    const server = await chatServer([reset]);
    const { text, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(text).toBe('One two');
    expect(error?.message).toBe(
      `${server.host} closed the connection in the middle of its answer (ECONNRESET). It was tried 4 times.`,
    );
  });
});

describe('is refused in words, with the reason of the server, and not tried again', () => {
  const vllm = (message: string, code: number, type = 'BadRequestError') =>
    json({ error: { message, type, param: null, code } }, code);

  it.each<[string, Answer, string, string]>([
    [
      'a missing key',
      plain(401, '{"error":"Unauthorized"}'),
      'access',
      `HOST wants a key (401: Unauthorized). ${ADVICE.key}`,
    ],
    [
      'an unknown model',
      vllm('The model `tiny` does not exist.', 404, 'NotFoundError'),
      'bad-model',
      `HOST has no model "tiny" (404: The model \`tiny\` does not exist). It has tiny. ${ADVICE.model}`,
    ],
    [
      'another model than the one it was started with',
      json({ detail: "Server is pinned to 'a'; requested 'tiny'." }, 400),
      'bad-model',
      `HOST has no model "tiny" (400: Server is pinned to 'a'; requested 'tiny'). It has tiny. ${ADVICE.model}`,
    ],
    [
      'too many images',
      vllm('At most 1 image(s) may be provided in one prompt.', 400),
      'refused',
      `HOST takes fewer images than this conversation has (400: At most 1 image(s) may be provided in one prompt). ${ADVICE.images}`,
    ],
    [
      'images, where the model has no eyes',
      json({ error: { code: 500, message: 'image input is not supported - hint: provide the mmproj' } }, 500),
      'bad-model',
      `The model "tiny" on HOST takes no images (500: image input is not supported - hint: provide the mmproj). ${ADVICE.model}`,
    ],
    [
      'a conversation that is too long, by vLLM',
      json(
        {
          object: 'error',
          message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
          type: 'BadRequestError',
          code: 400,
        },
        400,
      ),
      'bad-request',
      `The conversation is too long for the model "tiny" on HOST (400: This model's maximum context length is 4096 tokens. However, you requested 5000 tokens). ${ADVICE.images}`,
    ],
    [
      'a conversation that is too long, by llama-server',
      json(
        {
          error: {
            code: 400,
            message:
              'request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it',
            type: 'exceed_context_size_error',
          },
        },
        400,
      ),
      'bad-request',
      `The conversation is too long for the model "tiny" on HOST (400: request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it). ${ADVICE.images}`,
    ],
    [
      'a conversation that is too long, by LM Studio, which says it in the stream',
      (response) => {
        streams(response);
        const message =
          'The number of tokens to keep from the initial prompt is greater than the context length.';
        response.end(`event: error\n${event({ error: { message }, message })}`);
      },
      'bad-request',
      `The conversation is too long for the model "tiny" on HOST (The number of tokens to keep from the initial prompt is greater than the context length). ${ADVICE.images}`,
    ],
    [
      'a parameter that it does not know',
      json({ detail: [{ loc: ['body', 'seed'], msg: 'Extra inputs are not permitted' }] }, 422),
      'refused',
      'HOST refuses the request (422: body.seed: Extra inputs are not permitted).',
    ],
    [
      'a request that is too large',
      plain(413, ''),
      'refused',
      `The request is too large for HOST (413). ${ADVICE.images}`,
    ],
    [
      'an address where there is no chat',
      json({ detail: 'Not Found' }, 404),
      'bad-model',
      'There is no chat endpoint at that address of HOST (404: Not Found).',
    ],
    [
      'an address that has moved',
      plain(308, '', { location: 'https://elsewhere/v1' }),
      'refused',
      'HOST refuses the request (308: it is at https://elsewhere/v1).',
    ],
    [
      'a failure within the stream',
      stream(chunk('One'), { error: 'CUDA out of memory' }),
      'server',
      'HOST failed (CUDA out of memory).',
    ],
    [
      'a stream that was not asked for',
      json({ choices: [{ message: { content: 'Yes.' } }] }),
      'server',
      'HOST failed (it answers with application/json, not with a stream of events).',
    ],
    [
      'a reply that ends for another reason',
      stream(chunk('One'), finish('content_filter')),
      'server',
      'HOST ended the reply for a reason of its own, "content_filter", not because the model was done.',
    ],
    [
      'a reply that does not end at its limit',
      stream(...Array.from({ length: 30 }, () => chunk('x'.repeat(1000)))),
      'server',
      'HOST goes on past the limit of 100 tokens.',
    ],
  ])('%s', async (_, answer, kind, message) => {
    const server = await chatServer([answer]);
    const { error } = await outcome(await openTiny(server.url), SAY_IT);
    expect({ kind: error?.kind, message: error?.message }).toEqual({
      kind,
      message: message.replaceAll('HOST', server.host),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a wrong key, which the words of the server do not give away', async () => {
    const models = json({ error: { message: 'Incorrect API key provided: sk-1234.' } }, 401);
    const server = await chatServer([], { models });
    const error = await engineError(openTiny(server.url, { key: 'sk-1234' }));
    expect(error).toMatchObject({
      kind: 'access',
      message: `${server.host} refuses the key (401: Incorrect API key provided: …). ${ADVICE.key}`,
    });
  });

  it('a key that cannot be one, before it is sent; blanks around a key do not matter', async () => {
    const server = await chatServer([say('Yes.')]);
    for (const key of ['two words', 'schlüssel', 'a\nb']) {
      const error = await engineError(openTiny(server.url, { key }));
      expect(error).toMatchObject({
        kind: 'access',
        message: `The key has characters in it that no key has. ${ADVICE.key}`,
      });
    }
    await outcome(await openTiny(server.url, { key: ' secret\n' }), SAY_IT);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it('a reason of many lines and control characters on one line, and not all of it', async () => {
    const server = await chatServer([plain(400, `a\n\u001b[2J\t${'b'.repeat(5000)}`)]);
    const { error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(error?.message).toMatch(/\(400: a \[2J b{100,700} …\)\.$/);
  });
});
