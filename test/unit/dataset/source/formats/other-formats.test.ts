import { describe, expect, it } from 'vitest';
import { conversationSource } from '../../../../../src/dataset/source/formats/conversation-source';
import { recognise } from '../../../../../src/dataset/source/recognise';
import { writeTrace } from '../../../../../src/trace/trace-line';
import {
  conversationRow,
  planOf,
  questionRow,
  resultsRow,
  rolloutRow,
  textData,
} from '../../../../helpers/data-files';
import { sampleTrace } from '../../../trace/sample-trace';
import { codesOf, decode } from './decode';

const plans = Array.from({ length: 18 }, (_, i) => planOf(i));
const spoken = (plan: (typeof plans)[number]) =>
  conversationRow(plan)
    .conversations.filter(({ role }) => role === 'assistant')
    .map(({ content }) => content);

it.each([
  ['traces', sampleTrace],
  ['sharegpt', conversationRow(planOf(0))],
  ['results', resultsRow(planOf(0))],
  ['inference', textData(planOf(0))],
  ['rollouts', rolloutRow(planOf(0))],
  ['questions', questionRow(planOf(0))],
  [undefined, { text: 'x' }],
  [undefined, [1]],
  [undefined, null],
])('%s are recognised by their fields', (format, value) => {
  expect(recognise(value)?.format).toBe(format);
});

describe('a row of results', () => {
  it('is a trace of its question with the turns of its conversations', async () => {
    for (const plan of plans) {
      const { trace, findings } = await decode(resultsRow(plan));
      expect(findings).toEqual([]);
      const { text: question, options, type, kind } = plan.question;
      expect(trace).toMatchObject({ question, options, type, kind, gold: plan.answer, answer: plan.answer });
      expect(trace?.turns.map(({ text }) => text)).toEqual(spoken(plan));
      expect(trace?.images.map(({ model }) => model)).toEqual(plan.sizes);
      expect(trace && conversationSource(trace)?.row).toMatchObject({ model_id: 'some-model' });
    }
  });

  it('has the turns of its output where the conversations hold none', async () => {
    const chat = 'Go.<|im_end|>\n<|im_start|>assistant\n<think> a </think><|im_end|>';
    for (const [output, turns] of [
      ['<think> x </think>', ['<think> x </think>']],
      [chat, ['<think> a </think>']],
    ] as const) {
      const row = {
        ...resultsRow(planOf(0)),
        conversations: [],
        model_output: output,
        finish_reason: 'ToolError',
      };
      const { trace } = await decode(row);
      expect(trace?.turns.map(({ text }) => text)).toEqual(turns);
      expect(trace?.finish).toBe('ToolError');
    }
  });

  it('that holds nothing of the model says so', async () => {
    const item = await decode({ ...resultsRow(planOf(0)), conversations: [], model_output: 5 });
    expect([item.trace, codesOf(item)]).toEqual([null, [['bad-field', 'model_output']]]);
  });
});

describe('a text_data.json', () => {
  it('is a trace with the turns of its sequence and the images beside it', async () => {
    for (const plan of plans) {
      const { trace, findings } = await decode(textData(plan));
      expect(findings).toEqual([]);
      expect(trace).toMatchObject({ question: plan.question.text, type: plan.question.type, finish: 'stop' });
      expect(trace?.turns.map(({ text }) => text)).toEqual(spoken(plan));
      expect(trace?.images).toEqual(
        plan.sizes.map((model, k) => ({ path: `some-1/images/image_${k}.png`, file: null, model })),
      );
    }
  });

  it('may end within a turn, or before it', async () => {
    const data = textData(planOf(0));
    const sequence = String(data.sequence);
    for (const [rest, turns, finish] of [
      ['<|im_start|>assistant\n<think> I go', 4, 'length'],
      ['<|im_start|>assistant\n', 3, 'length'],
    ] as const) {
      const { trace } = await decode({ ...data, sequence: sequence + rest, finish_reason: 'max_tokens' });
      expect([trace?.turns.length, trace?.finish]).toEqual([turns, finish]);
    }
  });

  it('that marks no messages says so', async () => {
    const item = await decode({ ...textData(planOf(0)), sequence: 'hello' });
    expect([item.trace, codesOf(item)]).toEqual([null, [['bad-field', 'sequence']]]);
  });
});

describe('a row of a question file', () => {
  it('is a trace without turns', async () => {
    for (const plan of plans) {
      const { trace, findings } = await decode(questionRow(plan));
      expect(findings).toEqual([]);
      const { text: question, options, type, kind } = plan.question;
      const gridSize = kind === 'single' ? 5 : null;
      expect(trace).toMatchObject({ question, options, type, gold: plan.answer, turns: [], finish: null });
      expect(trace?.source).toMatchObject({ format: 'questions', gridSize });
    }
  });

  it('names each field that is wrong', async () => {
    const item = await decode({ ...questionRow(planOf(0)), options: ['A. x', 2], answer: undefined });
    expect(codesOf(item)).toEqual([
      ['bad-field', 'answer'],
      ['bad-field', 'options[1]'],
    ]);
  });
});

describe('a line of traces', () => {
  it('is the trace that wrote it', async () => {
    const { trace, findings, raw } = await decode(sampleTrace);
    expect([trace, findings, raw]).toEqual([sampleTrace, [], writeTrace(sampleTrace)]);
  });

  it('has its findings at their places', async () => {
    const { findings, raw } = await decode({ ...sampleTrace, answer: 'é' });
    const [finding] = findings;
    expect(finding).toMatchObject({ code: 'derived-differs', path: 'answer', line: 1 });
    expect(Buffer.from(raw).toString('utf8', finding?.byte).startsWith('"é"')).toBe(true);
  });
});
