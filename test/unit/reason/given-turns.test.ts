import { describe, expect, it } from 'vitest';
import type { ScriptedEngine } from '../../../src/engine/scripted-engine';
import { answer, ask, box, draw, picture } from './ask-scripted';

describe('a job with given turns', () => {
  const replies = [
    draw(box(1, 'cup'), box(2, 'plate')),
    draw(box(3, 'cup', 20)),
    draw(box(1, 'spoon'), box(5, 'cup', 30)),
    answer,
  ];
  const setup = { images: [1, 2], kind: 'multi-view' } as const;

  it('goes on as if the model had said them: the same messages, the same pixels, the same turns', async () => {
    const whole = await ask({ replies, ...setup });
    for (let count = 0; count < replies.length; count++) {
      const given = whole.trace.turns.slice(0, count);
      const rest = await ask({ replies: replies.slice(count), ...setup, job: { given } });
      const untimed = { startedAt: '', seconds: 0 };
      expect({ ...rest.trace, run: { ...rest.trace.run, ...untimed } }).toEqual({
        ...whole.trace,
        turns: whole.trace.turns.map((turn, i) =>
          i < count ? turn : expect.objectContaining({ text: turn.text }),
        ),
        run: { ...whole.trace.run, ...untimed },
      });
      const asked = (engine: ScriptedEngine) =>
        engine.requests.map(({ messages, sampling }) => ({
          sampling,
          // Tokens are known of what was heard alone.
          messages: messages.map((message) => ({ ...message, tokens: undefined })),
        }));
      expect(asked(rest.engine)).toEqual(asked(whole.engine).slice(count));
      const made = ({ events }: typeof whole) => events.filter(({ type }) => type === 'image');
      expect(made(rest)).toEqual(made(whole));
      expect(rest.events.filter(({ type }) => type === 'turn')).toHaveLength(replies.length - count);
    }
  });

  it('ends at once where they leave nothing to go on with', async () => {
    const given = [{ text: answer.text, finish: 'stop', tokens: null, seconds: null }] as const;
    const { trace, engine } = await ask({ replies: [], job: { given } });
    expect([trace.finish, trace.answer, engine.requests.length]).toEqual(['stop', 'B', 0]);
  });

  it('goes on after a turn that was cut short: it counts as ended by the model', async () => {
    const given = [{ text: draw(box(1, 'cup')).text, finish: 'cancelled', tokens: 3, seconds: 1 }] as const;
    const { trace } = await ask({ replies: [answer], job: { given } });
    expect(trace.turns.map(({ finish }) => finish)).toEqual(['cancelled', 'stop']);
    expect(trace.finish).toBe('stop');
  });

  it('is refused where the model would see an image at another size than they are about', async () => {
    const images = [{ path: '1.png', file: picture(1), model: { width: 56, height: 56 } }];
    await expect(ask({ replies: [], job: { images } })).rejects.toThrow(
      'The model would see 1.png as 112 by 84 pixels; what is drawn already is about 56 by 56.',
    );
    const same = [{ path: '1.png', file: picture(1), model: { width: 112, height: 84 } }];
    expect((await ask({ replies: [answer], job: { images: same } })).trace.finish).toBe('stop');
  });
});
