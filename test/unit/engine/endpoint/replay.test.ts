import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Replay } from '../../../../src/engine/endpoint/replay';

/** A text in pieces. */
const pieces = fc.array(fc.string({ maxLength: 5 }), { maxLength: 8 });

it('hands on what is new of each try, however the tries are cut up', () =>
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(20), { maxLength: 4 }), (whole, breaks) => {
      const text = whole.join('');
      const replay = new Replay();
      let handedOn = '';
      for (const at of breaks) {
        replay.restart();
        for (const piece of text.slice(0, at)) handedOn += replay.add(piece);
      }
      replay.restart();
      for (const piece of whole) handedOn += replay.add(piece);
      expect(handedOn).toBe(text);
      expect(replay.text).toBe(text);
      expect(replay.isWhole).toBe(true);
    }),
    { seed: 7 },
  ));

it('notices a try that says something else, or less', () => {
  const replay = new Replay();
  replay.add('One two');
  replay.restart();
  expect(replay.add('One ')).toBe('');
  expect(replay.isWhole).toBe(false);
  expect(replay.add('tall')).toBeNull();
  expect(replay.text).toBe('One two');
});
