import { describe, expect, it } from 'vitest';
import { TextBuffer } from '../../../webview/trace/model/text-buffer';

/** A buffer on a clock that the test moves; taking a text takes `cost` milliseconds. */
function timed(cost: number) {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const taken: [at: number, text: string][] = [];
  const buffer = new TextBuffer(
    (text) => {
      taken.push([now, text]);
      now += cost;
    },
    {
      now: () => now,
      after: (milliseconds, run) => due.push({ at: now + milliseconds, run }),
      rendered: (run) => run(),
    },
  );
  const passTo = (time: number) => {
    for (;;) {
      due.sort((a, b) => a.at - b.at);
      const next = due[0];
      if (!next || next.at > time) break;
      due.shift();
      now = Math.max(now, next.at);
      next.run();
    }
    now = Math.max(now, time);
  };
  return { buffer, taken, passTo };
}

describe('text that is being said', () => {
  it('is handed on at once after a pause, and then once a frame', () => {
    const { buffer, taken, passTo } = timed(1);
    buffer.add('a');
    buffer.add('b');
    passTo(5);
    buffer.add('c');
    passTo(100);
    buffer.add('d');
    expect(taken).toEqual([
      [0, 'a'],
      [17, 'bc'],
      [100, 'd'],
    ]);
  });

  it('takes no more than a quarter of the time, however long it takes to show', () => {
    const { buffer, taken, passTo } = timed(50);
    for (let time = 0; time < 2000; time += 5) {
      passTo(time);
      buffer.add('x');
    }
    passTo(3000);
    expect(taken.length).toBeLessThanOrEqual(2000 / 200 + 2);
    expect(taken.map(([, text]) => text).join('').length).toBe(400);
  });

  it('is forgotten when the whole turn is here', () => {
    const { buffer, taken, passTo } = timed(1);
    buffer.add('a');
    buffer.add('b');
    buffer.clear();
    passTo(100);
    expect(taken).toEqual([[0, 'a']]);
  });
});
