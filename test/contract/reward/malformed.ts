import { withDerived } from '../../../src/trace/derive';
import type { QuestionType, Trace } from '../../../src/trace/trace';
import { randomNumbers } from '../../helpers/random';

const ODD = [
  'null',
  'None',
  '5',
  '[5]',
  "['bbox_2d label']",
  "''",
  '{}',
  '[]',
  '()',
  '[1, 2',
  '',
  'foo()',
  "[{'bbox_2d': [1, 2, 3, 4], 'label': 'cup'},]",
  "[{'index': 1, 'bbox_2d': (1, 2, 3, 4), 'label': 'cup'}] # why",
  '[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": null}]',
  '[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "cup", "sure": true}]',
  "[{'index': True, 'bbox_2d': [1, 2, 3, 4], 'label': 'cup'}]",
  "[{'index': 1.0, 'bbox_2d': [1, 2, 3, 4], 'label': 'cup'}]",
  "[{'index': 1, 'bbox_2d': [1, 2, 3], 'label': 'cup'}]",
  "[{'index': 1, 'bbox_2d': ['1', '2', '3', '4'], 'label': 'cup'}]",
  "[{'index': 1, 'bbox_2d': [1e999, 2, 3, 4], 'label': 'cup'}]",
  `[{'index': 1, 'bbox_2d': [${'9'.repeat(400)}, 2, 3, 4], 'label': 'cup'}]`,
  "[{'index': 1, 'start_point_2d': [1, 2, 3], 'end_point_2d': [1, 2], 'label': 'way'}]",
  "[{'index': 1, 'bbox_2d': [1, 2, 3, 4], 'start_point_2d': [1, 2], 'end_point_2d': [3, 4], 'label': 'both'}]",
  "[{'bbox_2d': [1, 2], 'label': 1}, {'bbox_2d': [1, 3], 'label': True}]",
  "[{'bbox_2d': 5, 'label': 'cup'}]",
  "[b'x']",
  '[...]',
];
const ANSWERS = [
  'A',
  'B',
  'a',
  'A. table',
  ' A ',
  '',
  '4',
  '4.8',
  '2.4',
  '1,000',
  '-3',
  '.5',
  '3 chairs',
  '٣',
  '1e40',
  '4.5',
  '5.25',
  '3.75',
  '999999999999',
  '\u00a0B\u00a0',
];
const GOLDS = [
  'A',
  'B',
  '5',
  '<answer>5</answer>',
  '4',
  '0',
  '3.0',
  '1000',
  '-3',
  '0.5',
  '1,000',
  '7',
  '3.3',
  'A. table',
];
const DAMAGE = [
  '\n',
  '```',
  '```json\n',
  '<think>',
  '</think>',
  '<answer>',
  '</answer>',
  'Action:',
  ' ',
  '\u0085',
  '\u2028',
  '\r\n',
  "'",
  'ß😀',
];

/** Traces whose texts are right, or damaged in the ways that models damage them; the same for the same seed. */
export function malformedTraces(count: number, seed: number): Trace[] {
  const random = randomNumbers(seed);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const one = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const chosen = list[upTo(list.length - 1)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
  const number = () => one([10, 20, 30.5, 40, 50]);

  const drawing = (): string => {
    const rest = `"label": "${one(['cup', 'table', 'step 1'])}"}`;
    const index = `{"index": ${one([0, 1, 1, 1, 1, 2, 2, 3, 9])}`;
    return random() < 0.6
      ? `${index}, "bbox_2d": [${[number(), number(), number(), number()]}], ${rest}`
      : `${index}, "start_point_2d": [${[number(), number()]}], "end_point_2d": [${[number(), number()]}], ${rest}`;
  };
  const block = (): string =>
    random() < 0.12 ? one(ODD) : `[${Array.from({ length: upTo(2) + 1 }, drawing).join(', ')}]`;
  const fenced = (): string => {
    const opens = random() < 0.9 ? '```json' : one(['``` json', '  ```json  ', '```JSON', '```json x']);
    const closes = random() < 0.9 ? '```' : one(['', '``', '```json']);
    return [opens, block(), closes].join('\n');
  };
  const drawingTurn = (): string => {
    const more = random() < 0.1 ? `\n${fenced()}` : '';
    return `<think> I look. </think> Action: ${one(['Object Mapper', 'Path Tracer', 'Answer', ''])}\n${fenced()}${more}`;
  };
  const answerTurn = (): string => {
    const answer = one(ANSWERS);
    const form = random() < 0.8 ? '<answer> {} </answer>' : one(['{}', '<answer>{}', '</answer>{}<answer>']);
    return `<think> It is so. </think> Action: Answer\n${form.replace('{}', answer)}`;
  };
  const damaged = (text: string): string => {
    const at = upTo(text.length);
    switch (upTo(5)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1 + upTo(5));
      case 1:
        return text.slice(0, at) + one(DAMAGE) + text.slice(at);
      case 2:
        return one([' ', '\n', 'x']) + text;
      case 3:
        return text.replace('</think> ', one(['</think>', '</think>\n\n', '</think> x ', '</think>\u00a0']));
      case 4:
        return text.replaceAll('\n', one(['\r\n', '\u2028', '\u000b', ' ']));
      default:
        return text + one(['\n', ' and so on', '\n```json\n[]\n```', '\n```json\n[1']);
    }
  };

  return Array.from({ length: count }, (_, i) => {
    const turns = [...Array.from({ length: upTo(4) }, drawingTurn), answerTurn()];
    if (random() < 0.05) turns.unshift(answerTurn());
    if (random() < 0.05) turns.pop();
    const type: QuestionType = one(['multiple-choice', 'numerical', 'numerical', 'free-form']);
    const texts = turns.map((text) => (random() < 0.15 ? damaged(text) : text));
    return withDerived({
      format: 'vilasr.trace/1',
      id: `malformed-${i}`,
      question: 'Which one?',
      options: [],
      type,
      gold: one(GOLDS),
      kind: 'multi-view',
      images: ['a.png', 'b.png'].map((path) => ({ path, file: null, model: null })),
      turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
      finish: null,
      error: null,
      run: null,
      source: null,
    });
  });
}
