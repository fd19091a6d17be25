import { expect, test } from 'vitest';
import { NotSentError } from '../../../../../src/engine/onnx/engine-contract';
import { ImageStore } from '../../../../../src/engine/onnx/runtime/image-store';

/** Three of these exceed what is kept for later. */
const image = { width: 6000, height: 6000, data: new Uint8Array(6000 * 6000 * 3) };
const store = () => new ImageStore(async () => new Float32Array(4));

test('an image that a request needs is kept until that ends, whatever others do', () => {
  const images = store();
  images.add('a', image);
  const first = images.keep(['a', 'a']);
  const second = images.keep(['a']);
  for (const hash of ['b', 'c', 'd']) images.add(hash, image);
  images.keep(['c', 'd'])();
  expect(['a', 'b', 'c', 'd'].filter((hash) => images.has(hash))).toEqual(['a', 'd']);
  first();
  images.add('e', image);
  images.keep([])();
  expect(images.has('a')).toBe(true);
  second();
  images.add('f', image);
  images.keep([])();
  expect(images.has('a')).toBe(false);
});

test('a request for an image that was dropped, or never came, has to send it', () => {
  const images = store();
  images.add('a', image);
  expect(() => images.keep(['a', 'b'])).toThrow(NotSentError);
});
