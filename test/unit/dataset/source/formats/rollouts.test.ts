import { describe, expect, it } from 'vitest';
import { conversationSource } from '../../../../../src/dataset/source/formats/conversation-source';
import { recognise } from '../../../../../src/dataset/source/recognise';
import {
  type ConversationPlan,
  conversationRow,
  planOf,
  rolloutRow,
  rolloutTruth,
} from '../../../../helpers/data-files';
import { codesOf, decode } from './decode';

const filesOf = ({ sizes }: ConversationPlan) => sizes.map((_, k) => `images/${k}.png`);
const plans = Array.from({ length: 18 }, (_, i) => planOf(i));
describe('a rollout that verl dumped', () => {
  it('is recognised by what it was asked and what it said', () => {
    expect(recognise(rolloutRow(planOf(0), 'B'))?.format).toBe('rollouts');
    expect(recognise({ input: 'a', output: 'b' })).toBeNull();
  });

  it('is a trace with the turns of the model and the pictures that the ground truth names', async () => {
    for (const plan of plans) {
      const { trace, findings } = await decode(rolloutRow(plan, rolloutTruth(plan)));
      expect(findings).toEqual([]);
      const { text: question, options, type, kind } = plan.question;
      expect(trace).toMatchObject({ id: 'a1b2', question, options, type, kind });
      expect(trace).toMatchObject({ gold: plan.answer, answer: plan.answer, finish: null });
      const spoken = conversationRow(plan).conversations.filter(({ role }) => role === 'assistant');
      expect(trace?.turns.map(({ text }) => text)).toEqual(spoken.map(({ content }) => content));
      const files = filesOf(plan).map((path, k) => ({ path, file: null, model: plan.sizes[k] }));
      expect(trace?.images).toEqual(files);
      expect(trace?.source).toEqual({ format: 'rollouts', row: { score: 1, step: 3 } });
      expect(trace && conversationSource(trace)).toBeNull();
    }
  });

  it('of another data set has its answer, and says that it names no pictures', async () => {
    const { trace, findings } = await decode(rolloutRow(planOf(0), 'B'));
    expect(trace).toMatchObject({ gold: 'B', type: 'multiple-choice', kind: 'single' });
    expect(findings.map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ['missing-image', 'warning', 'gts'],
    ]);
    const untold = await decode({ ...rolloutRow(planOf(0), null), request_id: undefined, uid: 'u_0_1' });
    expect(untold.trace).toMatchObject({ id: 'u_0_1', gold: null });
  });

  it('may end within a turn, or have no system message', async () => {
    const row = rolloutRow(planOf(0), rolloutTruth(planOf(0)));
    const output = String(row.output).slice(0, 40);
    const input = String(row.input).replace(/^system\n[\s\S]*?\nuser\n/, 'user\n');
    const { trace, findings } = await decode({ ...row, input, output });
    expect(trace?.turns.map(({ text }) => text)).toEqual([output]);
    expect(findings.some(({ path, turn }) => path === 'output' && turn === 0)).toBe(true);
  });

  it('without a question says where it should be', async () => {
    const item = await decode({ ...rolloutRow(planOf(0), 'B'), input: 'What is it?' });
    expect([item.trace, codesOf(item)]).toEqual([null, [['bad-field', 'input']]]);
    const broken = await decode({ ...rolloutRow(planOf(0), 'B'), uid: 5 });
    expect(codesOf(broken)).toEqual([['bad-field', 'uid']]);
  });
});
