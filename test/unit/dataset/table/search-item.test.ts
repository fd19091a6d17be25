import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextSearch } from '../../../../src/dataset/table/search-item';
import { sampleTrace } from '../../trace/sample-trace';

it('looks in the question, the options, the right answer, the id and what was said, in any case', () => {
  const finds = (text: string, more: object) => new TextSearch(text).matches({ ...sampleTrace, ...more });
  expect(finds('CHAIRS', { question: 'How many chairs?' })).toBe(true);
  expect(finds('b. the table', { options: ['A. the cup', 'B. The Table'] })).toBe(true);
  expect(finds('maze-7', { id: 'Maze-7' })).toBe(true);
  expect(finds('nowhere to be found', {})).toBe(false);
});

it('never passes over an item that says it, however its JSON is written', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(text, text, text, (before, wanted, after) => {
      const question = `${before}${wanted}${after}`;
      const ascii = JSON.stringify({ question }).replaceAll(
        /[^ -~]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      const search = new TextSearch(wanted);
      expect(search.matches({ ...sampleTrace, question })).toBe(true);
      expect(search.mayMatch(JSON.stringify({ question }), '')).toBe(true);
      expect(search.mayMatch(ascii, '')).toBe(true);
    }),
  );
});

it('does not pass over what is put together from several fields, or is the id of an item that gives itself none', () => {
  const mayMatch = (text: string, raw: object) =>
    new TextSearch(text).mayMatch(JSON.stringify(raw), 'Maze-7');
  expect(mayMatch('A. a cup', { options: { A: 'a cup' } })).toBe(true);
  expect(mayMatch('maze-7', {})).toBe(true);
  expect(mayMatch('maze-8', {})).toBe(false);
});
