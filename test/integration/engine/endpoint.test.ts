import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../../src/engine/engine';
import { decodeImage } from '../../../src/image/decode/decode';
import type { RgbImage } from '../../../src/trace/geometry';
import {
  chatServer,
  chunk,
  event,
  finish,
  json,
  plain,
  say,
  stream,
  streams,
  usage,
} from '../../helpers/chat-server';
import { ADVICE, openTiny, SAY_IT } from '../../helpers/endpoint';
import { engineError } from '../../helpers/engine-error';
import { outcome } from '../../helpers/engine-process';

const picture = (width: number, height: number, seed = 1): RgbImage => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 * seed) % 256),
});
const look = (...images: RgbImage[]): GenerateRequest => ({
  ...SAY_IT,
  messages: [
    { role: 'system', text: 'Be "brief".' },
    {
      role: 'user',
      parts: images.flatMap((image) => [
        { type: 'image' as const, image },
        { type: 'text' as const, text: 'What is it?' },
      ]),
    },
  ],
});

describe('a reply', () => {
  it('comes word by word, with the count of its tokens at the end', async () => {
    const heard = new EventEmitter();
    const server = await chatServer([
      async (response) => {
        streams(response);
        for (const word of ['One', ' two', ' three.']) {
          response.write(event(chunk(word)));
          await once(heard, 'word');
        }
        response.end([finish(), usage(3), '[DONE]'].map(event).join(''));
      },
    ]);
    const events: GenerateEvent[] = [];
    for await (const said of (await openTiny(server.url)).generate(SAY_IT)) {
      events.push(said);
      heard.emit('word');
    }
    expect(events).toEqual([
      { type: 'text', text: 'One', tokens: null },
      { type: 'text', text: ' two', tokens: null },
      { type: 'text', text: ' three.', tokens: null },
      { type: 'end', reason: 'stop', text: 'One two three.', tokens: 3, ids: null },
    ]);
  });

  it('is asked for as a chat that streams, with sampling, seed and limit', async () => {
    const server = await chatServer([say('Yes.')]);
    const sampling = { temperature: 0.75, topP: 0.9, seed: 11 };
    const messages = [...SAY_IT.messages, { role: 'assistant', text: '<think> Hm' } as const];
    await outcome(await openTiny(server.url), { messages, sampling, maxTokens: 40 });
    expect(server.requests[0]?.body).toEqual({
      model: 'tiny',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Say it.' }] },
        { role: 'assistant', content: '<think> Hm' },
      ],
      temperature: 0.75,
      top_p: 0.9,
      seed: 11,
      max_tokens: 40,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('that ran out of tokens ends with "length"', async () => {
    const server = await chatServer([stream(chunk('One'), finish('length'))]);
    const { events } = await outcome(await openTiny(server.url), SAY_IT);
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'length', text: 'One', tokens: null, ids: null });
  });

  it('comes in one piece as far as it came at once', async () => {
    const all = [chunk('One'), chunk(' two.'), finish(), usage(2), '[DONE]'].map(event).join('');
    const server = await chatServer([
      (response) => {
        streams(response);
        response.end(all);
      },
    ]);
    const { events } = await outcome(await openTiny(server.url), SAY_IT);
    expect(events.map(({ type }) => type)).toEqual(['text', 'end']);
    expect(events).toMatchObject([{ text: 'One two.' }, { text: 'One two.', tokens: 2 }]);
  });

  it('is whole where nonsense comes with its end', async () => {
    const all = [chunk('One.'), finish(), { usage: 'none' }, 'nonsense'].map(event).join('');
    const server = await chatServer([
      (response) => {
        streams(response);
        response.end(all);
      },
    ]);
    const { events, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect(error).toBeNull();
    expect(events).toMatchObject([{ text: 'One.' }, { type: 'end', reason: 'stop', text: 'One.' }]);
  });

  it('counts its tokens as it goes where the server does', async () => {
    const counted = { ...chunk('One'), usage: { completion_tokens: 1 } };
    const heard = new EventEmitter();
    const server = await chatServer([
      async (response) => {
        streams(response);
        response.write(event(counted));
        await once(heard, 'word');
        response.end([finish(), usage(2), '[DONE]'].map(event).join(''));
      },
    ]);
    const tokens: unknown[] = [];
    for await (const said of (await openTiny(server.url)).generate(SAY_IT)) {
      if ('tokens' in said) tokens.push(said.tokens);
      heard.emit('word');
    }
    expect(tokens).toEqual([1, 2]);
  });

  it('is whole with its end: a line that breaks after it, or hangs, costs it nothing but the count', async () => {
    const server = await chatServer([
      (response) => {
        streams(response);
        response.write(event(chunk('One')));
        response.write(event(finish()), () => response.destroy());
      },
      (response) => {
        streams(response);
        response.write(event(chunk('Two')));
        response.write(event(finish()));
      },
    ]);
    const engine = await openTiny(server.url);
    for (const text of ['One', 'Two']) {
      const { events, error } = await outcome(engine, SAY_IT);
      expect({ last: events.at(-1), error }).toMatchObject({
        last: { type: 'end', text, tokens: null },
        error: null,
      });
    }
    expect(server.requests).toHaveLength(2);
  });

  it.each(['reasoning_content', 'reasoning'])(
    'has its think tags, though the server hands on thoughts as %s',
    async (field) => {
      const answer = [chunk(' I see.', field), chunk(' Yes. ', field), chunk(' Action: Answer'), finish()];
      const server = await chatServer([stream({ choices: [{ delta: { role: 'assistant' } }] }, ...answer)]);
      const { text } = await outcome(await openTiny(server.url), SAY_IT);
      expect(text).toBe('<think> I see. Yes. </think> Action: Answer');
    },
  );

  it('is read whatever pieces its bytes come in, with comments, carriage returns and no end to its last line', async () => {
    const bytes = Buffer.from(
      `: ping\r\n\r\n${event(chunk('Grün 🧭')).replaceAll('\n', '\r\n')}event: x\ndata: ${JSON.stringify(finish())}`,
    );
    const server = await chatServer([
      async (response) => {
        streams(response);
        for (const byte of bytes) {
          response.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
        response.end();
      },
    ]);
    const { text, error } = await outcome(await openTiny(server.url), SAY_IT);
    expect({ text, error }).toEqual({ text: 'Grün 🧭', error: null });
  });
});

describe('images', () => {
  it('arrive pixel for pixel, where they stand in the text, as PNG data URLs', async () => {
    const server = await chatServer([say('Yes.')]);
    const images = [picture(56, 84), picture(112, 56, 3)];
    const { error } = await outcome(await openTiny(server.url), look(...images));
    expect(error).toBeNull();
    const body = JSON.stringify(server.requests[0]?.body);
    const urls = [...body.matchAll(/"data:image\/png;base64,([^"]*)"/g)].map(([, data]) => data ?? '');
    expect(body.replaceAll(/data:[^"]*/g, '…')).toContain(
      JSON.stringify([
        { type: 'image_url', image_url: { url: '…' } },
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: '…' } },
        { type: 'text', text: 'What is it?' },
      ]),
    );
    for (const [i, image] of images.entries()) {
      const arrived = await decodeImage(Buffer.from(urls[i] ?? '', 'base64'));
      expect([arrived.width, arrived.height]).toEqual([image.width, image.height]);
      expect(Buffer.from(arrived.data).equals(image.data)).toBe(true);
    }
  });

  it('are encoded once, however many turns and tries send them', async () => {
    const server = await chatServer([plain(503, 'Busy'), say('Yes.'), say('Yes.')]);
    const encoded: RgbImage[] = [];
    const encodePng = async (image: RgbImage) => {
      encoded.push(image);
      return Buffer.from('png');
    };
    const engine = await openTiny(server.url, { encodePng });
    const [one, other] = [picture(56, 56), picture(56, 56, 2)];
    await outcome(engine, look(one));
    await outcome(engine, look(one, other));
    expect(encoded).toEqual([one, other]);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    [picture(57, 84), 'has sides that are no multiples of 28'],
    [picture(28, 56), 'is not within 3136 to 50000 pixels'],
    [picture(280, 280), 'is not within 3136 to 50000 pixels'],
    [{ width: 56, height: 56, data: new Uint8Array(5) }, 'has 5 bytes'],
  ])('that the server would resize are refused before they are sent: %#', async (image, what) => {
    const server = await chatServer([say('Yes.')]);
    const engine = await openTiny(server.url, { images: { maxPixels: 50_000 } });
    expect(engine.info.images).toEqual({ factor: 28, minPixels: 3136, maxPixels: 50_000 });
    const { error } = await outcome(engine, look(image));
    expect(error).toMatchObject({ kind: 'bad-request', message: expect.stringContaining(what) });
    expect(server.requests).toHaveLength(0);
  });

  it('that cannot be encoded are an error, and are tried again the next time', async () => {
    const server = await chatServer([say('Yes.')]);
    let fails = true;
    const encodePng = async () => {
      if (fails) throw new Error('The pixel process was killed.');
      return Buffer.from('png');
    };
    const engine = await openTiny(server.url, { encodePng });
    const request = look(picture(56, 56));
    const { error } = await outcome(engine, request);
    expect(error).toMatchObject({ kind: 'crashed', message: 'The pixel process was killed.' });
    fails = false;
    expect((await outcome(engine, request)).text).toBe('Yes.');
  });
});

describe('what is opened', () => {
  const several = json({ data: [{ id: 'one', max_model_len: 4096 }, { id: 'two' }] });

  it('is the only model of the server where none is named, with its longest conversation if it says so', async () => {
    const models = json({ data: [{ id: 'ViLaSR-7B', max_model_len: 32768, owned_by: 'vllm' }] });
    const server = await chatServer([], { models });
    const { info } = await openTiny(server.url, { model: null });
    expect(info).toEqual({
      model: 'ViLaSR-7B',
      hash: null,
      provider: 'endpoint',
      attention: null,
      why: null,
      weights: null,
      contextLength: 32768,
      images: { factor: 28, minPixels: 3136, maxPixels: 12_845_056 },
      profile: null,
    });
  });

  it('is the model that is named, whether it is listed or not', async () => {
    const server = await chatServer([], { models: several });
    expect((await openTiny(server.url, { model: 'one' })).info).toMatchObject({ contextLength: 4096 });
    expect((await openTiny(server.url, { model: 'three' })).info).toMatchObject({
      model: 'three',
      contextLength: null,
    });
  });

  it.each([
    ['has several models: one, two', several],
    ['does not say which models it has', json({ data: [] })],
    ['does not say which models it has', plain(500, 'Internal Server Error')],
    ['does not say which models it has', plain(200, 'Hello')],
    ['does not say which models it has', json({ data: [{ name: 'x' }] })],
  ])('is unclear where none is named and the server %s', async (what, models) => {
    const server = await chatServer([], { models });
    const error = await engineError(openTiny(server.url, { model: null }));
    expect(error).toMatchObject({ kind: 'bad-model', message: `${server.host} ${what}. ${ADVICE.model}` });
  });

  it.each(['', '/', '/v1', '/v1/', '/v1/chat/completions'])('is found at http://host%s', async (path) => {
    const server = await chatServer([say('Yes.')]);
    expect((await outcome(await openTiny(server.url + path), SAY_IT)).text).toBe('Yes.');
  });

  it('waits for a server that still loads its model', async () => {
    const answers = [
      plain(503, '{"error":{"message":"Loading model","code":503}}'),
      json({ data: [{ id: 'tiny' }] }),
    ];
    const server = await chatServer([], {
      models: (response, request) => answers.shift()?.(response, request),
    });
    const waited: string[] = [];
    await openTiny(server.url, { onWaiting: (why) => waited.push(why) });
    expect(waited).toEqual([`${server.host} is not ready (503: Loading model).`]);
  });

  it('sends the key, and to nobody else', async () => {
    const seen: (string | undefined)[] = [];
    const server = await chatServer([say('Yes.')], {
      models: (response, request) => {
        seen.push(request.headers.authorization);
        json({ data: [{ id: 'tiny' }] })(response, request);
      },
    });
    await outcome(await openTiny(server.url, { key: 'secret' }), SAY_IT);
    expect([...seen, server.requests[0]?.headers.authorization]).toEqual(['Bearer secret', 'Bearer secret']);
    await outcome(await openTiny(server.url), SAY_IT);
    expect(server.requests[1]?.headers.authorization).toBeUndefined();
  });
});
