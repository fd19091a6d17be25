import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListRow } from '../../../src/view/trace-list';
import {
  alignTurns,
  comparedWith,
  ownDrawings,
  ownPieces,
  toggleCompared,
} from '../../../webview/trace/model/compare';
import { overlayOf } from '../../../webview/trace/model/overlay';
import { ANSWER, documentOf, drawing } from './documents';

const row = (index: number): ListRow => ({
  ...{ index, line: index + 1, id: `t${index}`, name: '', source: '', type: null },
  ...{ turns: 1, boxes: 0, lines: 0, revisions: 0, correct: null, codes: [], edited: false },
  verdict: 'pending',
});
const rows = (...indices: number[]) => indices.map(row);

describe('what is compared', () => {
  it('is the trace that is shown and the answer after it, round to the first', () => {
    expect(comparedWith(4, rows(4, 5, 9), [])).toEqual([4, 5]);
    expect(comparedWith(9, rows(4, 5, 9), [])).toEqual([4, 9]);
    expect(comparedWith(4, rows(4), [])).toEqual([4]);
  });

  it('stays as it is while one of it is shown', () => {
    const among = [4, 9];
    expect(comparedWith(9, rows(4, 5, 9), among)).toBe(among);
    expect(comparedWith(5, rows(4, 5, 9), among)).toEqual([5, 9]);
  });

  it('is as many at the next question, as far as that has so many answers', () => {
    expect(comparedWith(11, rows(11, 12, 13, 14), [1, 2, 3])).toEqual([11, 12, 13]);
    expect(comparedWith(11, rows(11, 12), [1, 2, 3])).toEqual([11, 12]);
  });

  it('always has the trace that is shown, in the order of the file, each once and no more than four', () => {
    const numbers = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 10 }).map((all) => all.sort());
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(12)), fc.nat(), (all, toggled, at) => {
        const shown = all[at % all.length] ?? 0;
        let among = comparedWith(shown, rows(...all), []);
        for (const index of toggled) among = toggleCompared(among, index, shown);
        expect(among).toContain(shown);
        expect(among).toEqual([...new Set(among)].sort((a, b) => a - b));
        expect(among.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});

describe('turns side by side', () => {
  const long = documentOf([drawing([1, 'a']), drawing([2, 'a', 5]), ANSWER]);

  it('are as many rows as the longest has turns, with nothing where there is none', () => {
    const aligned = alignTurns([long, documentOf([drawing([1, 'a'])])]);
    expect(aligned.map(({ cells }) => cells.map((cell) => cell?.number ?? null))).toEqual([
      [0, 0],
      [1, null],
      [2, null],
    ]);
    expect(aligned.map(({ differs }) => differs)).toEqual([[], ['missing'], ['missing']]);
  });

  it('say in what they differ', () => {
    const [first] = alignTurns([long, documentOf([drawing([1, 'a', 9])])]);
    expect(first?.differs).toEqual(['drawings']);
    const other = ANSWER.replace('Done', 'Ready').replace(' C ', ' D ');
    const [turn] = alignTurns([documentOf([ANSWER]), documentOf([other])]);
    expect(turn?.differs).toEqual(['think', 'answer']);
  });

  it('mark the drawings that another lacks', () => {
    const [one, other] = [documentOf([drawing([1, 'a'], [1, 'b'])]), documentOf([drawing([1, 'b'])])];
    const [turn, others] = [one.turns[0], other.turns];
    expect(turn && ownDrawings(turn, others).map(({ own }) => own)).toEqual([true, false]);
  });
});

describe('words of its own', () => {
  const words = fc
    .array(fc.constantFrom('the', 'green', 'box', ' ', '\n', '.', 'é', '😀'), { maxLength: 20 })
    .map((parts) => parts.join(' '));

  it('are those that any of the others lacks', () => {
    const pieces = ownPieces('the green box', ['the box', 'the green thing']);
    expect(pieces.filter(({ own }) => own).map(({ text }) => text.trim())).toEqual(['green box']);
  });

  it('leave the text as it is', () => {
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 3 }), (text, others) => {
        expect(
          ownPieces(text, others)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('are none where the others say the same', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(ownPieces(text, [text, text]).every(({ own }) => !own)).toBe(true);
      }),
    );
  });
});

describe('drawings over one picture', () => {
  const shown = documentOf([drawing([1, 'a']), drawing([2, 'a', 5]), ANSWER]);
  const other = documentOf([drawing([1, 'a', 3]), drawing([2, 'b', 7]), drawing([3, 'c', 9]), ANSWER]);
  const labels = (image: number, turn: number | null, of = other) => {
    const on = shown.images[image - 1];
    return on && overlayOf(shown, on, { turn, image }, of)?.shapes.map((one) => one.drawing.label);
  };

  it('are those of the other by the turn that is chosen', () => {
    expect(labels(2, 0)).toEqual(['a']);
    expect(labels(3, 1)).toEqual(['a', 'b']);
    expect(labels(3, 2)).toEqual(['a', 'b', 'c']);
  });

  it('are none where the picture is shown as it was at the beginning', () => {
    expect(labels(1, 1)).toEqual([]);
    expect(labels(1, null)).toEqual([]);
  });

  it('are those on the same input alone', () => {
    const elsewhere = documentOf([drawing([2, 'far'])], {}, 2);
    expect(labels(2, 0, elsewhere)).toEqual([]);
  });

  it('are not to be had of another picture, or of the same in another size', () => {
    const sized = (width: number, path: string) => {
      const document = documentOf([drawing([1, 'a'])]);
      const images = [{ path, file: null, model: { width, height: 80 } }];
      return { ...document, trace: { ...document.trace, images } };
    };
    expect(labels(2, 0, sized(100, '0.png'))).toEqual(['a']);
    expect(labels(2, 0, sized(101, '0.png'))).toBeUndefined();
    expect(labels(2, 0, sized(100, '1.png'))).toBeUndefined();
  });
});
