import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepBreaks, placeIn } from '../../../webview/trace/model/line-breaks';

/** As a text field gives a text back. */
const field = (text: string) => text.replaceAll(/\r\n?/g, '\n');

describe('line breaks of a text that went through a text field', () => {
  it('are what they were where nothing was typed', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, texts, (start, middle, end) => {
        const base = start + middle + end;
        expect(keepBreaks(base, field(base))).toBe(base);
        const typed = field(base).replace('a', 'x');
        expect(field(keepBreaks(base, typed))).toBe(typed);
      }),
      { seed: 4, numRuns: process.env.VILASR_LONG === '1' ? 100_000 : 500 },
    );
  });

  it('are kept around what was typed', () => {
    expect(keepBreaks('a\r\nb\r\nc', 'a\nB\n\nc')).toBe('a\r\nB\n\r\nc');
    expect(keepBreaks('a\nb', 'a\nx')).toBe('a\nx');
  });

  it('count as one, as the place of a caret counts them', () => {
    expect([0, 1, 2, 3, 9].map((place) => placeIn('a\r\nb', place))).toEqual([0, 1, 3, 4, 4]);
  });
});
