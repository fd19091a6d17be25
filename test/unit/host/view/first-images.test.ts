import { expect, it } from 'vitest';
import { firstImages } from '../../../../src/host/view/first-images';
import { inputImages, type LineageImage } from '../../../../src/trace/lineage';

/** Image `number`, as turn `turn` drew it on `base`. */
const drawn = (number: number, base: number, root: number, turn: number): LineageImage => ({
  ...{ number, base, root, turn, drawn: [], ghosts: [] },
  canvas: { boxes: [], lines: [] },
});
const lineage = [...inputImages(2), drawn(3, 2, 2, 0), drawn(4, 3, 2, 1)];

it('a view shows first the input that is drawn on first', () => {
  expect(firstImages({ lineage }, 'base')).toEqual([{ number: 2, pixels: 'base' }]);
  expect(firstImages({ lineage: inputImages(2) }, 'base')).toEqual([{ number: 1, pixels: 'base' }]);
});

it('a view that shows images as the model saw them needs what the first turn drew before that', () => {
  expect(firstImages({ lineage }, 'seen')).toEqual([
    { number: 3, pixels: 'seen' },
    { number: 2, pixels: 'base' },
  ]);
  const late = [...inputImages(1), drawn(2, 1, 1, 1)];
  expect(firstImages({ lineage: late }, 'seen')).toEqual([{ number: 1, pixels: 'base' }]);
});
