import { expect, test } from 'vitest';
import { commonPrefix } from '../../../../../src/engine/onnx/prompt/common-prefix';
import type { Prompt } from '../../../../../src/engine/onnx/prompt/prompt';

const pad = 9;
/** `hash` strings stand for images of 2 tokens. */
function prompt(...parts: (number | string)[]): Prompt {
  const ids: number[] = [];
  const images: Prompt['images'][number][] = [];
  for (const part of parts) {
    if (typeof part === 'number') {
      ids.push(part);
      continue;
    }
    images.push({ start: ids.length, rows: 1, columns: 2, image: { hash: part, width: 56, height: 28 } });
    ids.push(pad, pad);
  }
  return { ids, images };
}

test('text is shared up to the first token that differs', () => {
  expect(commonPrefix(prompt(1, 2, 3), prompt(1, 2, 4, 5))).toBe(2);
  expect(commonPrefix(prompt(1, 2), prompt(1, 2, 3))).toBe(2);
  expect(commonPrefix(prompt(), prompt(1))).toBe(0);
});

test('the same image is shared, another one ends the shared part where it begins', () => {
  expect(commonPrefix(prompt(1, 'a', 2, 3), prompt(1, 'a', 2, 4))).toBe(4);
  expect(commonPrefix(prompt(1, 'a', 2), prompt(1, 'b', 2))).toBe(1);
  expect(commonPrefix(prompt(1, 'a', 2, 'b', 3), prompt(1, 'a', 2, 'c', 3))).toBe(4);
});

test('part of the same image may be shared: a prefill that was cancelled inside it goes on there', () => {
  const whole = prompt(1, 'a', 2);
  expect(commonPrefix({ ids: whole.ids.slice(0, 2), images: whole.images }, whole)).toBe(2);
});

test('image tokens without an image are not the image', () => {
  expect(commonPrefix(prompt(1, 'a', 2), prompt(1, pad, pad, 2))).toBe(1);
});
