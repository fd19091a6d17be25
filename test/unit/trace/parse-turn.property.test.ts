import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLiteral } from '../../../src/trace/literal/parse-literal';
import { parseTurn } from '../../../src/trace/parse-turn';
import { readDrawings } from '../../../src/trace/read-drawings';

/** All 100,000 texts where time is no matter, else a fixed part of them. */
const RUNS = { numRuns: process.env.VILASR_LONG ? 100_000 : 3_000, seed: 20250727 };

/** What the grammar is made of; a random row of these is far more often nearly right than random characters are. */
const PIECES = [
  ...[
    '<think>',
    '</think>',
    ' Action: ',
    'Object Mapper',
    'Path Tracer',
    'Answer',
    '<answer>',
    '</answer>',
    '\n',
  ],
  ...[
    '```json',
    '```',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    ',',
    ':',
    '"',
    "'",
    '"""',
    '\\',
    '#',
    '-',
    '+',
    '.',
    '_',
    ' ',
  ],
  ...[
    '"index": 1',
    '"bbox_2d": [1, 2, 3, 4]',
    '"start_point_2d": [1, 2]',
    "'end_point_2d': (3, 4)",
    '"label": "a"',
  ],
  ...[
    'null',
    'True',
    'None',
    '...',
    '1e999',
    '0x1F',
    '7',
    '1_0',
    'b"',
    "r'",
    '\\u00e9',
    '\\x',
    '\u2028',
    '\r\n',
    '\ud800',
  ],
];
const WHOLE = [
  '<think> a </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
  "<think> a\n```json\n[{'index': 2, 'start_point_2d': (1.5, -2), 'end_point_2d': [3, 4], 'label': 'l'},]\n```</think>",
  '<think> a </think> Action: Answer\n<answer> B </answer>',
];

const soup = fc
  .array(fc.constantFrom(...PIECES, ...WHOLE), { maxLength: 60 })
  .map((pieces) => pieces.join(''));
const mutated = fc
  .tuple(
    fc.constantFrom(...WHOLE),
    fc.array(fc.tuple(fc.nat(200), fc.nat(9), fc.constantFrom('', ...PIECES)), { maxLength: 6 }),
  )
  .map(([text, edits]) =>
    edits.reduce((t, [at, cut, put]) => t.slice(0, at) + put + t.slice(at + cut), text),
  );
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), soup, mutated);

describe('whatever the text', () => {
  it('parsing throws nothing, is the same each time, and every place lies within the text', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const parsed = parseTurn(raw);
        expect(parseTurn(raw)).toEqual(parsed);
        const values = parsed.located.flatMap(({ values }) => [...values.values()]);
        const places = [...parsed.findings, ...parsed.located].map(({ span }) => span);
        for (const { start, end } of [...places, ...parsed.blocks, ...values]) {
          expect(start >= 0 && start <= end && end <= raw.length).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('each drawing stands where it is said to stand, and has finite numbers', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const { drawings, located } = parseTurn(raw);
        expect(located.map(({ drawing }) => drawing)).toEqual(drawings);
        for (const { drawing, span } of located) {
          const again = parseLiteral(raw, span);
          if (!again.ok) throw new Error(again.message);
          expect(
            readDrawings({ kind: 'list', items: [again.literal], slots: [span], ...span }).located[0]
              ?.drawing,
          ).toEqual(drawing);
          expect(JSON.parse(JSON.stringify(drawing))).toEqual(drawing);
        }
      }),
      RUNS,
    );
  });

  it('a text that is not well-formed for its blocks, shape or tags has a finding that says why', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const { wellFormed, findings } = parseTurn(raw);
        if (!wellFormed) expect(findings.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});

describe('a text of a million characters made to be slow to read', () => {
  const LENGTH = 1_000_000;
  const fill = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length));
  it.each(['```json\n', '```json\n[\n', '</think> \t ', '<think>', '<answer>', 'Action: ', '\n', ' ', '`'])(
    'is read without a hang: %j over and over',
    (piece) => {
      expect(parseTurn(fill(piece)).drawings).toEqual([]);
    },
  );

  it.each([
    '[',
    '(',
    '{',
    '-',
    '1',
    '1_',
    '"a" ',
    "'",
    '\\\n',
    '#',
    '[1,',
    '{1:',
    '((1),',
    '1,',
    '"""',
    '\\',
    '0',
    '.',
    'a',
    '{"a":1},',
  ])('is read without a hang: %j over and over in a block', (piece) => {
    expect(parseTurn(`\`\`\`json\n${fill(piece)}\n\`\`\``).drawings).toEqual([]);
  });
});

describe('what is read as it stands', () => {
  /** A literal without its places. */
  const read = (text: string) => {
    const result = parseLiteral(text, { start: 0, end: text.length });
    return result.ok ? JSON.stringify(result.literal, (key, value) => (PLACES.has(key) ? 0 : value)) : null;
  };
  const PLACES = new Set(['start', 'end', 'slots']);

  it('a string is the same with a prefix that changes nothing', () => {
    const pieces = ['"', "'", '\\', '\n', '\u2028', 'a', '7', 'é', '😀', ' ', '#'];
    const inside = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(inside, fc.constantFrom('"', "'"), (text, quote) => {
        expect(read(`${quote}${text}${quote}`)).toBe(read(`u${quote}${text}${quote}`));
      }),
      RUNS,
    );
  });

  it('a number is what JSON says it is, and what its digits come to with underscores between them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n, max: 10n ** 25n }), (number) => {
        const text = `${number}`;
        const value = `"form":"int","value":${JSON.stringify(JSON.parse(text))},`;
        expect(read(text)).toContain(value);
        expect(read(text)).toBe(read(`${text.slice(0, 1)}_${text.slice(1)}`));
        expect(read(`0${text}`)).toBeNull();
      }),
      RUNS,
    );
  });
});
