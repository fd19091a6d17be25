import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationOf, countImages } from '../../../../src/dataset/export/conversation';
import { CannotExport } from '../../../../src/dataset/export/export-target';
import { ScriptedEngine } from '../../../../src/engine/scripted-engine';
import { paint } from '../../../../src/image/paint';
import { defaultProfile } from '../../../../src/reason/default-profile';
import { reason } from '../../../../src/reason/reason';
import { deriveTurns, withDerived } from '../../../../src/trace/derive';
import { applyChanges } from '../../../../src/trace/edit/change';
import type { Trace } from '../../../../src/trace/trace';
import { changeFor, changeSeed } from '../overlay/edits';
import { drawnTrace, picture, SIZE } from './exported';

function said(trace: Trace, original = trace) {
  const lineage = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages).images;
  return conversationOf(
    { trace, original },
    lineage,
    lineage.map(() => SIZE),
    defaultProfile,
  );
}

describe('what a trace says to a trainer', () => {
  /** Has the loop ask for the turns of the sample trace; `requests` are what the model heard. */
  async function loop(maxTurns: number, maxImages: number) {
    const { turns, question, options, type, gold, kind } = drawnTrace('a');
    const engine = new ScriptedEngine(turns.map(({ text }) => ({ text })));
    const trace = await reason(
      {
        id: 'a',
        question: { text: question, options, type, gold, kind },
        images: [{ path: 'a.png', file: 'a.png' }],
        source: null,
      },
      {
        engine,
        pixels: {
          load: async () => ({ file: SIZE, sha256: '0'.repeat(64), image: picture(SIZE) }),
          paint: async (image, canvas) => paint(image, canvas),
          savePng: async () => {},
          close: async () => {},
        },
        profile: defaultProfile,
        limits: { maxTurns, maxImages, maxTokens: 500, minPixels: 784, maxPixels: 1 << 20 },
        sampling: { temperature: 0, topP: 1, seed: 1 },
        drawing: true,
      },
    );
    const heard = engine.requests.at(-1)?.messages.map((message) => {
      if (message.role !== 'user') return message.text;
      return message.parts.map((part) => (part.type === 'text' ? part.text : '<image>')).join('');
    });
    return { trace, heard };
  }

  it.each([
    ['with turns and images to spare', 10, 45],
    ['in as many turns as it may have', 3, 45],
    ['with as many images as it may have', 10, 4],
  ])('is, word for word, what the loop says %s', async (_, maxTurns, maxImages) => {
    const { trace, heard } = await loop(maxTurns, maxImages);
    const { messages } = said(trace);
    expect(messages.slice(0, -1).map(({ content }) => content)).toEqual(heard);
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: trace.turns.at(-1)?.text });
  });

  it('shows every image once, or cannot be said, whatever was done to the trace', () => {
    fc.assert(
      fc.property(fc.array(changeSeed, { maxLength: 6 }), (seeds) => {
        const trace = seeds.reduce((now, seed) => applyChanges(now, [changeFor(now, seed)]), drawnTrace('a'));
        const { images } = deriveTurns(trace.images.length, trace.turns);
        try {
          const { messages } = said(trace);
          expect(messages.map(({ role }) => role)).toEqual([
            'system',
            ...trace.turns.flatMap(() => ['user', 'assistant']),
          ]);
          const shown = messages.slice(1).reduce((sum, { content }) => sum + countImages(content), 0);
          expect(shown).toBe(images.length);
        } catch (error) {
          if (!(error instanceof CannotExport)) throw error;
        }
      }),
      { seed: 41, numRuns: process.env.VILASR_LONG ? 20_000 : 500 },
    );
  });
});

describe('a trace that was read from a conversation', () => {
  const users = [
    '<image>\n### Question:\nWhere is a?\nA. left\nB. right\nBegin:\n',
    '<image>\nThe index of the given image is 2.',
    '<image>Three.\n<image>Four.',
  ];
  const at = (text: string) => ({
    start: users[0]?.indexOf(text) ?? 0,
    end: (users[0]?.indexOf(text) ?? 0) + text.length,
  });
  const source = {
    system: 'Be brief.',
    users,
    question: at('Where is a?'),
    options: at('A. left\nB. right'),
    row: { id: 7 },
  };
  const trace = drawnTrace('a', { source });
  const contents = (edited: Trace) => {
    const { messages, reworded } = said(edited, trace);
    return {
      system: messages[0]?.content,
      users: messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])),
      reworded,
    };
  };

  it('keeps its own words and the other fields of its row', () => {
    expect(contents(trace)).toEqual({ system: 'Be brief.', users, reworded: false });
    expect(said(trace).row).toEqual({ id: 7 });
    expect(said(drawnTrace('a', { source: { ...source, system: null } })).messages[0]?.role).toBe('user');
  });

  it('has an edited question and options where the old ones stood', () => {
    const edited = { ...trace, question: 'Where is the <b>?', options: ['A. up'] };
    expect(contents(edited).users[0]).toBe('<image>\n### Question:\nWhere is the <b>?\nA. up\nBegin:\n');
    expect(contents(edited).reworded).toBe(false);
  });

  it.each<[string, Trace]>([
    ['another type of answer is asked for', { ...trace, type: 'numerical' }],
    ['a turn draws fewer images', withDerived({ ...trace, turns: trace.turns.toSpliced(1, 1) })],
    [
      'an image has another size',
      { ...trace, images: trace.images.map((one) => ({ ...one, model: { width: 56, height: 56 } })) },
    ],
  ])('is worded by the profile where its words no longer fit: %s', (_, edited) => {
    const { system, reworded } = contents(edited);
    expect(reworded).toBe(true);
    expect(system).not.toBe('Be brief.');
  });

  it('is worded by the profile where nobody knows where its question stands', () => {
    const vague = drawnTrace('a', { source: { ...source, question: null } });
    const { reworded } = said({ ...vague, question: 'What?' }, vague);
    expect(reworded).toBe(true);
  });
});
