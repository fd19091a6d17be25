import { expect, it } from 'vitest';
import { type AskedQuestion, type Keep, RecentQuestions } from '../../../../src/host/ask/recent-questions';

class Memory implements Keep {
  readonly values = new Map<string, unknown>();
  get(key: string): unknown {
    return this.values.get(key);
  }
  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

const question = (text: string, options: string[] = []): AskedQuestion => ({
  text,
  options,
  type: 'free-form',
});

it('keeps each question once, the newest first, and thirty of them', async () => {
  const recent = new RecentQuestions(new Memory());
  for (let i = 0; i < 40; i++) await recent.add(question(`${i}`));
  await recent.add(question('20'));
  const texts = recent.list().map(({ text }) => text);
  expect(texts).toHaveLength(30);
  expect(texts.slice(0, 3)).toEqual(['20', '39', '38']);
  expect(texts.filter((text) => text === '20')).toHaveLength(1);
});

it('takes the same text with other options for another question', async () => {
  const recent = new RecentQuestions(new Memory());
  await recent.add(question('Which?', ['A. this', 'B. that']));
  await recent.add(question('Which?', ['A. here', 'B. there']));
  expect(recent.list()).toHaveLength(2);
  await recent.remove(question('Which?', ['A. this', 'B. that']));
  expect(recent.list()).toEqual([question('Which?', ['A. here', 'B. there'])]);
});

it('leaves out what an older version, or nobody, wrote', async () => {
  const memory = new Memory();
  memory.values.set('recentQuestions', [{ text: 'old' }, question('new'), 7]);
  expect(new RecentQuestions(memory).list()).toEqual([question('new')]);
  memory.values.set('recentQuestions', 'nonsense');
  expect(new RecentQuestions(memory).list()).toEqual([]);
});
