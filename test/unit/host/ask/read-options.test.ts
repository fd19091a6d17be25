import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../../src/host/ask/read-options';

describe('options are taken off a question', () => {
  it.each([
    ['on one line', 'Which is larger? A. the left B. the right'],
    ['on lines of their own', 'Which is larger?\nA. the left\nB. the right'],
    ['with brackets', 'Which is larger? A) the left B) the right'],
    ['in brackets', 'Which is larger? (A) the left (B) the right'],
    ['with colons', 'Which is larger? A: the left, B: the right'],
    ['parted by commas or semicolons', 'Which is larger? A. the left; B. the right;'],
  ])('%s', (_, typed) => {
    expect(readOptions(typed)).toEqual({
      text: 'Which is larger?',
      options: ['A. the left', 'B. the right'],
    });
  });

  it('of any number, with points within them', () => {
    expect(readOptions('Where is Dr. No? A. at 1.5 m B. in St. Ives C. off D. on').options).toEqual([
      'A. at 1.5 m',
      'B. in St. Ives',
      'C. off',
      'D. on',
    ]);
  });

  it('from the last A on that begins the longest row', () => {
    expect(readOptions('Is plan A. sound, or point A. of it? A. yes B. no')).toEqual({
      text: 'Is plan A. sound, or point A. of it?',
      options: ['A. yes', 'B. no'],
    });
  });
});

describe('a question stays as it is', () => {
  it.each([
    ['without options', 'How many chairs are there?'],
    ['with its choices in a bracket', 'Where does it end (A, B, C or D) from the green point?'],
    ['with one option only', 'Which? A. this'],
    ['with options out of order', 'Which? B. this A. that'],
    ['with an option that says nothing', 'Which? A. B. that'],
    ['that is nothing but options', 'A. this B. that'],
    ['with small letters', 'see a. first b. then'],
  ])('%s', (_, typed) => {
    expect(readOptions(typed)).toEqual({ text: typed, options: [] });
  });
});

it('finds the options that were put there, whatever they say', () => {
  const words = fc.stringMatching(/^[a-z]{1,8}( [a-z0-9]{1,8}){0,3}$/);
  fc.assert(
    fc.property(words, fc.array(words, { minLength: 2, maxLength: 8 }), (text, contents) => {
      const options = contents.map((content, i) => `${String.fromCharCode(0x41 + i)}. ${content}`);
      for (const gap of [' ', '\n']) {
        expect(readOptions([`${text}?`, ...options].join(gap))).toEqual({ text: `${text}?`, options });
      }
    }),
    { seed: 1 },
  );
});
