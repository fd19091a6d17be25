import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/engine';
import { ImageError } from '../../../src/image/pixel-service';
import { CallError } from '../../../src/protocol/call-error';
import type { Job } from '../../../src/reason/reason';
import { unspokenTrace } from '../../../src/sample/unspoken-trace';

const job: Job = {
  id: 'maze-1',
  question: { text: 'Where?', options: [], type: 'free-form', gold: null, kind: 'single' },
  images: [{ path: 'maze.png', file: '/pictures/maze.png' }],
  source: null,
};
const died = (kind: 'killed' | 'crashed' | 'hung' | 'out-of-memory') =>
  new ImageError('Cannot use maze.png: the pixel process ended.', { cause: new CallError(kind, 'it ended') });

describe('the trace of a question to which nothing was said', () => {
  it.each(['killed', 'crashed', 'hung', 'out-of-memory'] as const)(
    'is written when the engine or the pixel process is %s, with the reason',
    (kind) => {
      const expected = {
        id: 'maze-1',
        turns: [],
        run: null,
        finish: 'failed',
        images: [{ path: 'maze.png' }],
      };
      expect(unspokenTrace(job, new EngineError(kind, 'It ended.'))).toMatchObject({
        ...expected,
        error: 'It ended.',
      });
      expect(unspokenTrace(job, died(kind))).toMatchObject({
        ...expected,
        error: 'Cannot use maze.png: the pixel process ended.',
      });
    },
  );

  it('says that it was cancelled', () => {
    expect(unspokenTrace(job, new EngineError('cancelled', 'Cancelled.'))).toMatchObject({
      finish: 'cancelled',
    });
  });

  it('is not written for what is refused: bad models, bad images, faults of the program', () => {
    for (const error of [
      new EngineError('bad-model', 'No config.json.'),
      new ImageError('maze.png is no picture.'),
      new ImageError('Cannot use maze.png', { cause: new CallError('cannot-start', 'no such program') }),
      new TypeError('a fault'),
    ]) {
      expect(() => unspokenTrace(job, error)).toThrow(error);
    }
  });
});
