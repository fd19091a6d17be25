import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationSource } from '../../../../../src/dataset/source/formats/conversation-source';
import { type ConversationRow, conversationRow, planOf } from '../../../../helpers/data-files';
import { codesOf, decode } from './decode';

const plans = fc.integer({ min: 0, max: 500 }).map((i) => planOf(i));

describe('a row of a cold-start file', () => {
  it('is a trace: what was asked, what the model said, which images were given', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const row = conversationRow(plan);
        const { trace, findings } = await decode(row);
        expect(findings).toEqual([]);
        const { text: question, options, type, kind } = plan.question;
        expect(trace).toMatchObject({
          id: 'some-1',
          question,
          options,
          type,
          kind,
          gold: null,
          finish: null,
        });
        expect(trace?.turns.map(({ text }) => text)).toEqual(
          row.conversations.filter(({ role }) => role === 'assistant').map(({ content }) => content),
        );
        expect(trace?.answer).toBe(plan.answer);
        expect(trace?.images.map(({ path }) => path)).toEqual(row.images.slice(0, plan.sizes.length));
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('has the model-space sizes that its messages say', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { trace } = await decode(conversationRow(plan));
        expect(trace?.images.map(({ model }) => model)).toEqual(plan.sizes);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('keeps what it takes to write it again', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const row = { ...conversationRow(plan), extra: [1] };
        const { trace } = await decode(row);
        const source = trace && conversationSource(trace);
        const said = (role: string) =>
          row.conversations.filter((message) => message.role === role).map(({ content }) => content);
        expect(source).toMatchObject({
          format: 'sharegpt',
          system: said('system')[0],
          users: said('user'),
          drawn: row.images.slice(plan.sizes.length),
          row: { extra: [1] },
        });
        const { start = 0, end = 0 } = source?.question ?? {};
        expect(source?.users[0]?.slice(start, end)).toBe(plan.question.text);
        const options = source?.options;
        expect(options ? source?.users[0]?.slice(options.start, options.end).split('\n') : []).toEqual(
          plan.question.options,
        );
      }),
      { seed: 6, numRuns: 100 },
    );
  });
});

describe('names of fields may be', () => {
  const row = conversationRow(planOf(0));

  it('from and value, with human and gpt', async () => {
    const names: Record<string, string> = { user: 'human', assistant: 'gpt' };
    const conversations = row.conversations.map(({ role, content }) => ({
      from: names[role] ?? role,
      value: content,
    }));
    const { trace, findings } = await decode({ conversations, images: row.images });
    expect(findings).toEqual([]);
    expect(trace?.turns).toEqual((await decode(row)).trace?.turns);
    expect(trace && conversationSource(trace)?.form).toEqual({
      messages: 'conversations',
      role: 'from',
      text: 'value',
    });
  });

  it('messages, with a system column and one image as a text', async () => {
    const [system, ...messages] = row.conversations;
    const [first] = row.images;
    const [question] = messages;
    const answer = messages.at(-1);
    const { trace, findings } = await decode({
      messages: [question, answer],
      images: first,
      system: system?.content,
    });
    expect(findings).toEqual([]);
    expect(trace && conversationSource(trace)).toMatchObject({
      system: system?.content,
      form: { messages: 'messages' },
    });
  });

  it('an id and an answer of the row itself', async () => {
    expect((await decode({ ...row, id: 7, answer: 'B' })).trace).toMatchObject({ id: '7', gold: 'B' });
  });
});

describe('what does not fit is said with its field, and the rest is read', () => {
  const row = conversationRow(planOf(0));
  const change = (edit: (copy: ConversationRow) => void) => {
    const copy = structuredClone(row);
    edit(copy);
    return copy;
  };

  it.each([
    ['an image too few', change(({ images }) => images.pop()), [['image-count', 'images']], true],
    ['an image too many', change(({ images }) => images.push('x.png')), [['image-count', 'images']], true],
    [
      'no image for the question',
      change(({ images }) => images.splice(0)),
      [['image-count', 'images']],
      false,
    ],
    [
      'a message that shows less than was drawn',
      change(({ conversations, images }) => {
        images.pop();
        conversations[3] = { role: 'user', content: 'Go on.' };
      }),
      [['image-count', 'conversations[3].content']],
      true,
    ],
    [
      'a tool that speaks',
      change(({ conversations }) => conversations.splice(3, 0, { role: 'tool', content: '' })),
      [['wrong-role', 'conversations[3]']],
      true,
    ],
    [
      'a question without an answer',
      change(({ conversations }) => conversations.pop()),
      [['unanswered', 'conversations[5]']],
      true,
    ],
  ])('%s', async (_, broken, codes, readable) => {
    const item = await decode(broken);
    expect(codesOf(item)).toEqual(codes);
    expect(item.trace !== null).toBe(readable);
  });

  it.each([
    ['conversations that are no list', { conversations: 'x', images: [] }, [['bad-field', 'conversations']]],
    [
      'a message without a text',
      { conversations: [{ role: 'user' }], images: [] },
      [['bad-field', 'conversations[0].content']],
    ],
    ['images that are no paths', { conversations: [], images: [1] }, [['bad-field', 'images']]],
    ['no messages', { conversations: [], images: [] }, [['bad-field', undefined]]],
    [
      'no image',
      {
        conversations: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      },
      [['bad-field', 'conversations[0].content']],
    ],
    ['a row that is no object', 3, [['bad-field', undefined]]],
  ])('%s', async (_, value, codes) => {
    const item = await decode(value, row);
    expect(codesOf(item)).toEqual(codes);
    expect(item.trace).toBeNull();
  });

  it('a turn that is damaged, at the message that holds it', async () => {
    const { findings, raw } = await decode(
      change(({ conversations }) => {
        conversations[2] = {
          role: 'assistant',
          content: '<think> x </think> Action: Object Mapper\n```json\n[{]\n```',
        };
      }),
    );
    const finding = findings.find(({ code }) => code === 'bad-literal');
    expect(finding).toMatchObject({ turn: 0, path: 'conversations[2].content', line: 1 });
    expect(Buffer.from(raw).toString('utf8', finding?.byte).startsWith('"<think> x')).toBe(true);
  });
});
