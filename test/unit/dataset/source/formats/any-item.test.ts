import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTrace, writeTrace } from '../../../../../src/trace/trace-line';
import {
  conversationRow,
  planOf,
  questionRow,
  resultsRow,
  rolloutRow,
  textData,
} from '../../../../helpers/data-files';
import { decode } from './decode';

type Row = Readonly<Record<string, unknown>>;

const ROWS: readonly (readonly [string, (i: number) => Row])[] = [
  ['sharegpt', (i) => ({ ...conversationRow(planOf(i)) })],
  ['results', (i) => resultsRow(planOf(i))],
  ['inference', (i) => textData(planOf(i))],
  ['rollouts', (i) => rolloutRow(planOf(i))],
  ['questions', (i) => questionRow(planOf(i))],
];

const message = fc.record({
  role: fc.oneof(fc.constantFrom('system', 'user', 'assistant', 'tool'), fc.jsonValue()),
  content: fc.oneof(
    fc.constantFrom(
      '<image>',
      '<image><image>\nWhat?',
      '<think> x </think> Action: Answer\n<answer> A </answer>',
      '',
    ),
    fc.jsonValue(),
  ),
});
/** What a field may hold in a file that anyone made. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(message, { maxLength: 5 }),
  fc.array(fc.constantFrom('a.png', 'b.png', '')),
  fc.constantFrom('multiple choice', 'video', 'A', 3, '<|im_start|>user\n<|image_pad|>'),
);
const field = fc.constantFrom(
  ...['conversations', 'images', 'messages', 'system', 'id', 'answer', 'question', 'image_path', 'options'],
  ...[
    'problem_type',
    'data_type',
    'grid_size',
    'model_output',
    'sequence',
    'input',
    'output',
    'gts',
    'finish_reason',
    '__proto__',
    'x',
  ],
);

const RUNS = process.env.VILASR_LONG === '1' ? 10_000 : 300;

it.each(ROWS)(
  'an item of %s with anything in its fields is a trace that can be written and read, or says why not',
  async (_, rowOf) => {
    const changes = fc.array(fc.tuple(field, anything), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.nat(30), changes, async (i, fields) => {
        const sound = rowOf(i);
        const { trace, findings } = await decode({ ...sound, ...Object.fromEntries(fields) }, sound);
        if (trace === null) {
          expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
          return;
        }
        const again = readTrace(writeTrace(trace));
        expect(again.trace).toEqual(JSON.parse(JSON.stringify(trace)));
        expect(
          again.findings.filter(({ code }) => code === 'derived-differs' || code === 'bad-field'),
        ).toEqual([]);
      }),
      { seed: 23, numRuns: RUNS },
    );
  },
);
