import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/engine/engine';
import type { ScriptedEngine } from '../../../src/engine/scripted-engine';
import { paint } from '../../../src/image/paint';
import type { PixelService } from '../../../src/image/pixel-service';
import { defaultProfile } from '../../../src/reason/default-profile';
import { profileHash } from '../../../src/reason/profile';
import { formatDrawingTurn } from '../../../src/trace/format-turn';
import type { RgbImage } from '../../../src/trace/geometry';
import { readTrace, writeTrace } from '../../../src/trace/trace-line';
import { answer, ask, box, draw, picture, pixels } from './ask-scripted';

const messages = (engine: ScriptedEngine): readonly Message[] => engine.requests.at(-1)?.messages ?? [];
const shown = (message: Message | undefined): RgbImage[] =>
  message?.role === 'user'
    ? message.parts.flatMap((part) => (part.type === 'image' ? [part.image] : []))
    : [];
const words = (message: Message | undefined): string =>
  message?.role === 'user'
    ? message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    : '';

describe('a question about one image', () => {
  it('is answered in turns: the model draws, sees its drawing, and goes on until it answers', async () => {
    const { trace, engine } = await ask({ replies: [draw(box(1, 'a')), draw(box(2, 'a', 20)), answer] });
    expect(trace).toMatchObject({
      id: 'q1',
      gold: 'B',
      answer: 'B',
      finish: 'stop',
      error: null,
      source: { kind: 'test' },
    });
    expect(trace.turns.map(({ images }) => images)).toEqual([[2], [3], []]);
    expect(trace.images).toEqual([
      {
        path: '1.png',
        file: { width: 112, height: 84 },
        model: { width: 112, height: 84 },
        sha256: createHash('sha256')
          .update(await readFile(picture(1)))
          .digest('hex'),
      },
    ]);
    const sent = messages(engine);
    expect(sent.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    const [first] = shown(sent[1]);
    if (!first) throw new Error('no image');
    const second = paint(first, { boxes: [box(1, 'a')], lines: [] });
    expect(shown(sent[3])).toEqual([second]);
    expect(shown(sent[5])).toEqual([paint(second, { boxes: [box(2, 'a', 20)], lines: [] })]);
  });

  it('gives a trace that is read back without a finding and says how it was made', async () => {
    const { trace } = await ask({ replies: [draw(box(1, 'a')), answer] });
    const read = readTrace(writeTrace(trace));
    expect(read.findings).toEqual([]);
    expect(read.trace).toEqual(trace);
    expect(trace.run).toMatchObject({
      model: 'scripted',
      provider: 'scripted',
      profile: profileHash(defaultProfile),
      limits: { maxTurns: 6, maxImages: 45, maxTokens: 200, minPixels: 3136, maxPixels: 1_000_000 },
      sampling: { temperature: 0, topP: 1, seed: 5 },
      drawing: true,
    });
  });

  it('hands the engine the tokens it generated, so that it continues on the very same ones', async () => {
    const { engine, trace } = await ask({ replies: [draw(box(1, 'a')), answer] });
    const said = messages(engine)[2];
    expect(said).toMatchObject({ role: 'assistant', text: trace.turns[0]?.text });
    expect(said?.role === 'assistant' && said.tokens?.length).toBe(trace.turns[0]?.tokens);
    expect(engine.requests.map(({ sampling }) => sampling.seed)).toEqual([5, 6]);
  });

  it('tells what happens as it happens: images, prefill, text, turns, and the trace at the end', async () => {
    const { trace, events } = await ask({ replies: [draw(box(1, 'a')), answer] });
    const kinds = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
    expect(kinds).toEqual(['image', 'prefill', 'text', 'turn', 'image', 'prefill', 'text', 'turn', 'finish']);
    const text = events
      .flatMap((event) => (event.type === 'text' && event.turn === 0 ? [event.text] : []))
      .join('');
    expect(text).toBe(trace.turns[0]?.text);
    expect(events.at(-1)).toEqual({ type: 'finish', trace });
  });

  it('feeds the undrawn base image back where drawing is off', async () => {
    const { trace, engine } = await ask({
      replies: [draw(box(1, 'a')), draw(box(2, 'b')), answer],
      options: { drawing: false },
    });
    const [first, second, third] = [1, 3, 5].flatMap((i) => shown(messages(engine)[i]));
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(trace.run?.drawing).toBe(false);
    expect(trace.turns.map(({ images }) => images)).toEqual([[2], [3], []]);
  });
});

describe('a question about several images', () => {
  it.each(['multi-view', 'video'] as const)(
    '%s: shows them all with number and size, and draws on any of them',
    async (kind) => {
      const { trace, engine } = await ask({
        images: [1, 2, 3],
        kind,
        replies: [draw(box(3, 'a'), box(1, 'b')), answer],
      });
      const asked = messages(engine)[1];
      expect(shown(asked).map(({ width, height }) => [width, height])).toEqual([
        [112, 84],
        [112, 56],
        [56, 140],
      ]);
      expect(words(asked)).toContain('image 2 (width 112, height 56)');
      expect(shown(messages(engine)[3]).map(({ width, height }) => [width, height])).toEqual([
        [56, 140],
        [112, 84],
      ]);
      expect(words(messages(engine)[3])).toMatch(/image 4 .*56.*140.*image 5 .*112.*84/s);
      expect(trace.turns[0]?.images).toEqual([4, 5]);
    },
  );

  it.each([
    [[], 'single'],
    [[1, 2], 'single'],
  ] as const)('is refused where the images do not fit: %j as %s', async (images, kind) => {
    await expect(ask({ images, kind, replies: [] })).rejects.toThrow(RangeError);
  });
});

describe('the trace ends', () => {
  it('with "stop" and no answer where the last allowed turn, which was told to answer, did not', async () => {
    const { trace, engine } = await ask({
      replies: [draw(box(1, 'a')), draw(box(2, 'b')), draw(box(3, 'c'))],
      limits: { maxTurns: 3 },
    });
    expect(trace).toMatchObject({ finish: 'stop', answer: null });
    expect(trace.turns.map(({ images }) => images)).toEqual([[2], [3], []]);
    expect(words(messages(engine)[3])).toContain('Go on');
    expect(words(messages(engine)[5])).toContain('no more drawings');
  });

  it('with "length" where a turn runs out of tokens, drawings or not', async () => {
    const { trace } = await ask({
      replies: [{ text: `${draw(box(1, 'a')).text} and so on and on` }],
      limits: { maxTokens: 15 },
    });
    expect(trace).toMatchObject({ finish: 'length', turns: [{ finish: 'length', tokens: 15 }] });
  });

  it.each([
    ['ToolError', 'I do not know.'],
    ['ToolError', formatDrawingTurn('t', [box(0, 'a')])],
    ['IndexError', formatDrawingTurn('t', [box(2, 'a')])],
    [
      'ToolGenError',
      '<think> t </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": ["a"], "label": "b"}]\n```',
    ],
    ['stop', '</answer> tags out of order <answer>'],
  ])('with "%s" after: %s', async (finish, text) => {
    const { trace } = await ask({ replies: [{ text }] });
    expect(trace).toMatchObject({ finish, answer: null, error: null });
    expect(trace.turns.map((turn) => turn.images)).toEqual([[]]);
  });

  it('told to answer at the limit of images, and with "TooManyImages" where it draws on', async () => {
    const { trace, engine } = await ask({
      replies: [draw(box(1, 'a')), draw(box(2, 'b')), draw(box(3, 'c'))],
      limits: { maxImages: 3 },
    });
    expect(trace.finish).toBe('TooManyImages');
    expect(words(messages(engine)[3])).toContain('Go on');
    expect(words(messages(engine)[5])).toContain('no more drawings');
  });

  it('with the images that fit where one turn would draw more than the limit', async () => {
    const { trace, engine } = await ask({
      images: [1, 2, 3],
      kind: 'multi-view',
      replies: [draw(box(1, 'a'), box(2, 'b'), box(3, 'c')), answer],
      limits: { maxImages: 5 },
    });
    expect(trace.turns[0]?.images).toEqual([4, 5]);
    expect(shown(messages(engine)[3]).length).toBe(2);
    expect(words(messages(engine)[3])).toContain('no more drawings');
    expect(readTrace(writeTrace(trace)).trace).toEqual(trace);
  });

  it('before the first turn where the question alone has too many images', async () => {
    const { trace } = await ask({ images: [1, 2, 3], kind: 'video', replies: [], limits: { maxImages: 2 } });
    expect(trace).toMatchObject({
      finish: 'TooManyImages',
      turns: [],
      error: 'The question has 3 images; the limit is 2.',
    });
  });
});

describe('what was said is kept', () => {
  it('where it is cancelled in the middle of a turn', async () => {
    const abort = new AbortController();
    const { trace } = await ask({
      replies: [draw(box(1, 'a')), { ...answer, tokenDelay: 5 }],
      options: {
        signal: abort.signal,
        onEvent: (event) => event.type === 'text' && event.turn === 1 && event.tokens === 3 && abort.abort(),
      },
    });
    expect(trace).toMatchObject({ finish: 'cancelled', answer: null });
    expect(trace.error).not.toBeNull();
    expect(trace.turns[1]).toMatchObject({ text: '<think> So B.', tokens: 3, finish: 'cancelled' });
    expect(readTrace(writeTrace(trace)).trace).toEqual(trace);
  });

  it('where it is cancelled while an image is drawn: the image too, with an empty turn after it', async () => {
    const abort = new AbortController();
    const { trace, engine } = await ask({
      replies: [draw(box(1, 'a')), answer],
      options: { signal: abort.signal, onEvent: (event) => event.type === 'turn' && abort.abort() },
    });
    expect(trace.finish).toBe('cancelled');
    expect(trace.turns.map(({ text, images }) => [text.length > 0, images])).toEqual([
      [true, [2]],
      [false, []],
    ]);
    expect(engine.requests.length).toBe(1);
  });

  it('where it is cancelled before anything was said', async () => {
    const { trace } = await ask({ replies: [answer], options: { signal: AbortSignal.abort() } });
    expect(trace).toMatchObject({
      finish: 'cancelled',
      turns: [{ text: '', finish: 'cancelled', tokens: 0 }],
    });
  });

  it('where the engine fails, with its words', async () => {
    const failure = {
      afterTokens: 2,
      kind: 'out-of-memory',
      message: 'The model ran out of memory.',
    } as const;
    const { trace } = await ask({ replies: [draw(box(1, 'a')), { ...answer, failure }] });
    expect(trace).toMatchObject({ finish: 'failed', error: 'The model ran out of memory.' });
    expect(trace.turns.map((turn) => [turn.text.slice(0, 10), turn.finish])).toEqual([
      ['<think> I ', 'stop'],
      ['<think> So', 'failed'],
    ]);
  });

  it('where an image cannot be painted', async () => {
    const broken: PixelService = {
      ...pixels,
      paint: () => Promise.reject(new Error('The pixel process was killed.')),
    };
    const { trace } = await ask({ replies: [draw(box(1, 'a')), answer], options: { pixels: broken } });
    expect(trace).toMatchObject({ finish: 'failed', error: 'The pixel process was killed.' });
    expect(trace.turns.length).toBe(1);
  });
});

it('a picture that cannot be read is an error before anything is asked', async () => {
  await expect(ask({ images: [9], replies: [answer] })).rejects.toThrow(/9\.png/);
});
