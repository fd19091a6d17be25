import { expect, it } from 'vitest';
import { Once } from '../../../src/shared/once';

it('is made once, however many ask', async () => {
  let made = 0;
  const once = new Once(async () => ++made);
  expect(once.known).toBeNull();
  expect(await Promise.all([once.get(), once.get()])).toEqual([1, 1]);
  expect(await once.known).toBe(1);
});

it('is made anew where it failed', async () => {
  let tries = 0;
  const once = new Once(async () => {
    if (++tries === 1) throw new Error('no such file');
    return tries;
  });
  await expect(once.get()).rejects.toThrow('no such file');
  expect(once.known).toBeNull();
  expect(await once.get()).toBe(2);
});
