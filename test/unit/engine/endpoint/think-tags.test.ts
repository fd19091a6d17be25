import { expect, it } from 'vitest';
import { ThinkTags } from '../../../../src/engine/endpoint/think-tags';

const join = (...pieces: [thought: string, rest: string][]): string => {
  const tags = new ThinkTags();
  return pieces.map(([thought, rest]) => tags.join(thought, rest)).join('');
};

it('puts the tags back where a thought begins and ends', () => {
  expect(join([' a', ''], ['b ', ''], ['', ' c'], ['', 'd'])).toBe('<think> ab </think> cd');
  expect(join(['a', 'b'], ['c', ''], ['', 'd'])).toBe('<think>a</think>b<think>c</think>d');
});

it('leaves a text without thoughts, and tags that come in it, as they are', () =>
  expect(join(['', '<think> a'], ['', '</think> b'], ['', ''])).toBe('<think> a</think> b'));

it('does not end a thought that nothing follows', () => expect(join(['a', ''])).toBe('<think>a'));
