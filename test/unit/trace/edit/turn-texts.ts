import fc from 'fast-check';
import type { Drawing } from '../../../../src/trace/drawing';
import { isLine } from '../../../../src/trace/drawing';
import { formatString } from '../../../../src/trace/python-string';

/** How many cases a property is tried with. */
export const runs = (few: number, many = few * 50) => ({
  numRuns: process.env.VILASR_LONG ? many : few,
});

const ODD_LABELS = ['cup', 'red cup', "it's", '"', '`', '```json', '</think> Action: Answer', '<answer>'];
export const anyLabel = fc.oneof(
  fc.constantFrom(...ODD_LABELS),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('a\nb', '\u2028', '\u0000', '\ud800', '\\', '😀', '</answer>'),
);

const anyNumber = fc.oneof(
  fc.integer({ min: -20, max: 900 }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => x + 0),
  fc.constantFrom(0, 1e21, 1e-7, 0.1 + 0.2),
);
export const anyQuad = fc.tuple(anyNumber, anyNumber, anyNumber, anyNumber);
export const anyIndex = fc.integer({ min: -1, max: 6 });

export const anyDrawing: fc.Arbitrary<Drawing> = fc
  .record({ index: anyIndex, label: anyLabel, at: anyQuad, line: fc.boolean() })
  .map(({ index, label, at: [x1, y1, x2, y2], line }) =>
    line
      ? { index, start_point_2d: [x1, y1], end_point_2d: [x2, y2], label }
      : { index, bbox_2d: [x1, y1, x2, y2], label },
  );

interface Style {
  readonly quote: '"' | "'";
  readonly gap: string;
  readonly tuple: boolean;
  readonly number: (value: number) => string;
  readonly extra: boolean;
  readonly parentheses: boolean;
}

const anyStyle: fc.Arbitrary<Style> = fc.record({
  quote: fc.constantFrom<'"' | "'">('"', "'"),
  gap: fc.constantFrom(' ', '', '\n    ', ' # why\n'),
  tuple: fc.boolean(),
  number: fc.constantFrom<Style['number']>(
    String,
    (value) => (Number.isInteger(value) && Math.abs(value) < 1e6 ? value.toFixed(1) : String(value)),
    (value) => (value >= 0 ? `+${value}` : String(value)),
    (value) => `(${value})`,
  ),
  extra: fc.boolean(),
  parentheses: fc.boolean(),
});

/** One object as an author with their own habits writes it. */
function objectText(drawing: Drawing, { quote, gap, tuple, number, extra, parentheses }: Style): string {
  const key = (name: string) => `${quote}${name}${quote}:${gap}`;
  const list = (numbers: readonly number[]) => {
    const inside = numbers.map(number).join(`,${gap}`);
    return tuple ? `(${inside})` : `[${inside},]`;
  };
  const place = isLine(drawing)
    ? `${key('start_point_2d')}${list(drawing.start_point_2d)}, ${key('end_point_2d')}${list(drawing.end_point_2d)}`
    : `${key('bbox_2d')}${list(drawing.bbox_2d)}`;
  const more = extra ? `, ${key('score')}None` : '';
  const label = `${key('label')}${formatString(drawing.label, quote)}`;
  const object = `{${key('index')}${drawing.index}, ${place},${gap}${label}${more}}`;
  return parentheses ? `(${object})` : object;
}

const anyObject = fc.tuple(anyDrawing, anyStyle).map(([drawing, style]) => objectText(drawing, style));

const SHAPES: readonly ((objects: readonly string[]) => string)[] = [
  (objects) => `[${objects.join(', ')}]`,
  (objects) => `[${objects.map((one) => `${one},`).join('')}]`,
  (objects) => `[\n  ${objects.join(',\n  ')},\n]`,
  (objects) => `[ # all\n${objects.map((one) => `${one} # this, that\n,`).join(' ')} ]`,
  (objects) => `(${objects.map((one) => `${one},`).join(' ')})`,
  (objects) => (objects.length > 1 ? `(${objects.join(',')})` : '()'),
  (objects) => `[${['None', ...objects].join(', ')}]`,
  (objects) =>
    objects.length > 0 && !objects.some((one) => one.includes('\n')) ? `${objects.join(', ')},` : '[]',
];

const anyList = (most: number) =>
  fc
    .tuple(fc.constantFrom(...SHAPES), fc.array(anyObject, { maxLength: most }))
    .map(([shape, objects]) => shape(objects));

const anyBlock = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: anyList(4) }, { weight: 1, arbitrary: fc.constant('[{') }),
    fc.constantFrom('', ' '),
  )
  .map(([list, blank]) => `${blank}\`\`\`json${blank}\n${list}\n\`\`\`${blank}`);

/** Texts of turns with every form that is tolerated, mixed. */
export const anyTurnText: fc.Arbitrary<string> = fc
  .record({
    lead: fc.constantFrom('', '', '', 'Well. '),
    inThink: fc.array(anyBlock, { maxLength: 1 }),
    tags: fc.constantFrom('both', 'both', 'both', 'open', 'none'),
    action: fc.constantFrom(
      ' Action: Object Mapper',
      ' Action: Path Tracer',
      ' Action: Answer',
      '\nAction:',
      '',
      ' Action: Lasso',
    ),
    blocks: fc.array(anyBlock, { maxLength: 3 }),
    between: fc.constantFrom('\n', '\nand then\n', '\r\n'),
    open: fc.option(anyList(3), { nil: null, freq: 4 }),
    end: fc.constantFrom('', '\n', '\n<answer> B </answer>', ' <answer>B</answer> done'),
  })
  .map(({ lead, inThink, tags, action, blocks, between, open, end }) => {
    const inside = inThink.length === 0 ? ' I look. ' : `I look.\n${inThink.join('\n')}\n`;
    const think =
      tags === 'both' ? `<think>${inside}</think>` : tags === 'open' ? `<think>${inside}` : inside;
    const unclosed = open === null ? '' : `\n\`\`\`json\n${open}`;
    return `${lead}${think}${action}\n${blocks.join(between)}${blocks.length > 0 ? end : end.trimStart()}${unclosed}`;
  });
