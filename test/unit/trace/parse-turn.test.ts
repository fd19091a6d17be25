import { describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { parseTurn } from '../../../src/trace/parse-turn';

const drawing = (block: string): string =>
  `<think> t </think> Action: Object Mapper\n\`\`\`json\n${block}\n\`\`\``;
const box = { index: 1, bbox_2d: [10, 20, 30, 40], label: 'cup' };
const codes = (raw: string) => parseTurn(raw).findings.map(({ code }) => code);

describe('a turn in the form that the model is taught', () => {
  it('gives think text, action and drawings, without a finding', () => {
    const parsed = parseTurn(formatDrawingTurn('I mark it.', [{ ...box, bbox_2d: [10, 20, 30, 40] }]));
    expect(parsed).toMatchObject({
      think: 'I mark it.',
      action: 'Object Mapper',
      drawings: [box],
      answer: null,
    });
    expect(parsed.findings).toEqual([]);
    expect(parsed.wellFormed).toBe(true);
  });

  it('gives the answer', () => {
    const parsed = parseTurn(formatAnswerTurn('So it is B.', 'B'));
    expect(parsed).toMatchObject({
      think: 'So it is B.',
      action: 'Answer',
      drawings: [],
      answer: 'B',
      findings: [],
    });
    expect(parsed.wellFormed).toBe(true);
  });

  it('keeps any label through text and back', () => {
    const labels = [
      'a "b" \'c\'',
      'back\\slash',
      'two\nlines',
      '\u2028\u0085\u2029',
      '```',
      '😀é',
      '\ud800',
      '',
    ];
    const lines = labels.map(
      (label) => ({ index: 2, start_point_2d: [1, 2], end_point_2d: [-3.5, 4e5], label }) as const,
    );
    const [first, ...rest] = lines;
    if (!first) throw new Error('no label');
    expect(parseTurn(formatDrawingTurn('t', [first, ...rest])).drawings).toEqual(lines);
  });
});

describe('where things stand in the text', () => {
  it('is known for each drawing and for the value of each of its keys', () => {
    const raw = drawing("[{'index': 1,\r\n 'bbox_2d': (10, 20, 30, 40), 'label': 'a' 'b'}]");
    const [located] = parseTurn(raw).located;
    const read = (key: string) => {
      const span = located?.values.get(key);
      return span && raw.slice(span.start, span.end);
    };
    expect(located && raw.slice(located.span.start, located.span.end)).toMatch(/^\{'index'.*\}$/s);
    expect([read('index'), read('bbox_2d'), read('label')]).toEqual(['1', '(10, 20, 30, 40)', "'a' 'b'"]);
  });

  it('is known for the place where a block stops being a literal', () => {
    const raw = drawing('[{"index": 1, "bbox_2d": [1 2], "label": "c"}]');
    const [finding] = parseTurn(raw).findings;
    expect(finding).toMatchObject({ code: 'bad-literal', severity: 'error' });
    expect(raw.slice(finding?.span.start, finding?.span.end)).toBe('2');
  });
});

describe('what upstream takes beyond its own format', () => {
  it.each([
    [
      'single quotes, tuples, comments, None and trailing commas',
      "[{'index': 1, 'bbox_2d': (10, 20, 30, 40,), 'label': 'cup', 'x': None,},] # one",
    ],
    [
      'objects after one another without a list',
      '{"index": 1, "bbox_2d": [10, 20, 30, 40], "label": "cup"}, {}',
    ],
    ['numbers of every form', "[{'index': 0x1, 'bbox_2d': [1_0, 2e1, +30., 40], 'label': 'cup'}]"],
  ])('%s', (_, block) => {
    expect(parseTurn(drawing(block)).drawings).toEqual([box]);
  });

  it('draws the blocks within the think text too, in the order of the text', () => {
    const block = (label: string) =>
      `\n\`\`\`json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "${label}"}]\n\`\`\`\n`;
    const raw = `<think> a ${block('in')} </think> Action: Object Mapper${block('out')}${block('third')}`;
    expect(parseTurn(raw).drawings.map(({ label }) => label)).toEqual(['in', 'out', 'third']);
  });

  it('reads a block without a closing fence up to </think>', () => {
    const raw =
      '<think> a\n```json\n[{"index": 1, "bbox_2d": [10, 20, 30, 40], "label": "cup"}]\n</think> Action: Object Mapper';
    const parsed = parseTurn(raw);
    expect(parsed.drawings).toEqual([box]);
    expect(parsed.findings.map(({ code }) => code)).toEqual(['open-fence']);
    expect(parsed.wellFormed).toBe(false);
  });
});

describe('what is not as it should be is a finding, and nothing is made up', () => {
  it('takes null, true and false, which upstream would not', () => {
    const parsed = parseTurn(
      drawing('[{"index": 1, "bbox_2d": [10, 20, 30, 40], "label": "cup", "a": null, "b": true}]'),
    );
    expect(parsed.drawings).toEqual([box]);
    expect(parsed.findings.map(({ code }) => code)).toEqual(['json-constant', 'json-constant']);
    expect(parsed.wellFormed).toBe(false);
  });

  it('keeps a box that has not four numbers, as one that is not painted', () => {
    const parsed = parseTurn(drawing('[{"index": 1, "bbox_2d": [1, 2, 3], "label": "cup"}]'));
    expect(parsed.drawings).toEqual([{ index: 1, bbox_2d: [1, 2, 3], label: 'cup', unpainted: true }]);
    expect(parsed.findings.map(({ code }) => code)).toEqual(['box-size']);
  });

  it('keeps coordinates outside the image and an index outside the trace as they are', () => {
    const block = '[{"index": -7, "bbox_2d": [-1, 99999, 3.25, 1e6], "label": "far"}]';
    expect(parseTurn(drawing(block)).drawings).toEqual([
      { index: -7, bbox_2d: [-1, 99999, 3.25, 1e6], label: 'far' },
    ]);
  });

  it.each([
    ['bad-literal', '[{"index": 1'],
    ['bad-literal', ''],
    ['not-a-list', '{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}'],
    ['not-an-item', '[7]'],
    ['missing-key', '[{"index": 1, "bbox_2d": [1, 2, 3, 4]}]'],
    ['missing-key', '[{"index": 1, "start_point_2d": [1, 2], "label": "c"}]'],
    ['missing-index', '[{"bbox_2d": [1, 2, 3, 4], "label": "c"}]'],
    ['bad-index', '[{"index": "1", "bbox_2d": [1, 2, 3, 4], "label": "c"}]'],
    ['bad-index', '[{"index": 1.0, "bbox_2d": [1, 2, 3, 4], "label": "c"}]'],
    ['bad-index', '[{"index": True, "bbox_2d": [1, 2, 3, 4], "label": "c"}]'],
    ['bad-label', '[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": 5}]'],
    ['bad-coordinates', '[{"index": 1, "bbox_2d": "1, 2, 3, 4", "label": "c"}]'],
    ['bad-coordinates', '[{"index": 1, "bbox_2d": [1, 2, "3", 4], "label": "c"}]'],
    ['bad-coordinates', '[{"index": 1, "start_point_2d": [1, 2, 3], "end_point_2d": [1, 2], "label": "c"}]'],
    ['non-finite', '[{"index": 1, "bbox_2d": [1, 2, 3, 1e999], "label": "c"}]'],
  ])('%s: %s', (code, block) => {
    const parsed = parseTurn(drawing(block));
    expect(parsed.drawings).toEqual([]);
    expect(parsed.findings.map((finding) => finding.code)).toEqual([code, 'empty-turn']);
  });

  it.each([
    ['no-think', 'Action: Answer\n<answer> A </answer>'],
    ['no-action', '<think> a </think>\n<answer> A </answer>'],
    ['unknown-action', '<think> a </think> Action: Box Drawer\n<answer> A </answer>'],
    ['action-mismatch', '<think> a </think> Action: Path Tracer\n<answer> A </answer>'],
    [
      'action-mismatch',
      drawing('[{"index": 1, "start_point_2d": [1, 2], "end_point_2d": [1, 2], "label": "c"}]'),
    ],
    ['answer-tags', '<think> a </think> Action: Answer\n<answer> A'],
    ['answer-tags', '<think> a </think> Action: Answer\n</answer> A <answer>'],
    [
      'draws-and-answers',
      `${drawing('[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]')}<answer> A </answer>`,
    ],
    ['empty-turn', '<think> a </think> Action: Object Mapper'],
    ['empty-turn', ''],
  ])('%s: %s', (code, raw) => {
    expect(codes(raw)).toContain(code);
  });
});

describe('a turn is well-formed as upstream scores format', () => {
  const good = drawing('[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]');
  it.each([
    ['a drawing turn', good, true],
    ['an unknown action', good.replace('Object Mapper', 'Box Drawer'), true],
    [
      'values that cannot be drawn, but with their keys',
      drawing('[{"bbox_2d": 0, "label": 0}, {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]'),
      true,
    ],
    ['text before <think>', ` ${good}`, false],
    ['an open fence', good.slice(0, -3), false],
    ['an item without keys', drawing('[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}, {}]'), false],
    ['one answer tag alone', `${good}</answer>`, false],
    ['neither a drawing nor an answer', '<think> a </think> Action: Object Mapper\n```json\n[]\n```', false],
  ])('%s', (_, raw, wellFormed) => {
    expect(parseTurn(raw).wellFormed).toBe(wellFormed);
  });
});
