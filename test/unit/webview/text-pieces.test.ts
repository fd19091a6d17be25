import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPieces, linePieces, type TextPiece, wordPieces } from '../../../webview/trace/model/text-pieces';

const textOf = (pieces: readonly TextPiece[], without: TextPiece['kind']) =>
  pieces.map(({ kind, text }) => (kind === without ? '' : text)).join('');

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.constantFrom('a', 'box', ' ', '\n', '[70, 98]', '\r\n', '<think>', '—'), { maxLength: 30 })
    .map((words) => words.join('')),
);

describe.each([
  ['words', wordPieces],
  ['lines', linePieces],
])('the pieces of two texts, by %s', (_, piecesOf) => {
  it('are the one without what was added, and the other without what was removed', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const pieces = piecesOf(before, after);
        expect(textOf(pieces, 'added')).toBe(before);
        expect(textOf(pieces, 'removed')).toBe(after);
      }),
      { seed: 31, numRuns: 500 },
    );
  });

  it('are one that is the same where nothing differs', () => {
    expect(piecesOf('a box', 'a box')).toEqual([{ kind: 'same', text: 'a box' }]);
    expect(piecesOf('', '')).toEqual([]);
  });

  it('are two whole texts where hardly anything is the same', () => {
    const [before, after] = [0, 1].map((n) =>
      Array.from({ length: 3_000 }, (_, i) => `${i * 2 + n}\n`).join(''),
    );
    expect(piecesOf(before ?? '', after ?? '').map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});

it('words are told apart, and numbers in brackets too', () => {
  expect(wordPieces('at [70, 98] now', 'at [71, 98] now')).toEqual([
    { kind: 'same', text: 'at [' },
    { kind: 'removed', text: '70' },
    { kind: 'added', text: '71' },
    { kind: 'same', text: ', 98] now' },
  ]);
});

it('long pieces that are the same are cut down to what is beside a change', () => {
  const long = `${'x'.repeat(200)}MIDDLE${'y'.repeat(200)}`;
  const same = { kind: 'same', text: long } as const;
  const added = { kind: 'added', text: '!' } as const;
  const kept = (pieces: readonly TextPiece[]) => foldPieces(pieces, 10).map((piece) => piece?.text ?? null);
  expect(kept([same, added])).toEqual([null, 'y'.repeat(10), '!']);
  expect(kept([added, same, added])).toEqual(['!', 'x'.repeat(10), null, 'y'.repeat(10), '!']);
  expect(kept([added, same])).toEqual(['!', 'x'.repeat(10), null]);
  expect(kept([{ kind: 'same', text: 'short' }, added])).toEqual(['short', '!']);
});
