import type { Size } from '../trace/geometry';
import { ImageError, type ResizeLimits } from './pixel-service';

/** The most that one side may be longer than the other. */
const MAX_ASPECT_RATIO = 200;

/**
 * The model-space size of a picture of file-space size `size`: both sides multiples of `factor`, the area between
 * `minPixels` and `maxPixels`, the aspect ratio kept as nearly as that allows.
 *
 * This is the rule of the reference loader (qwen-vl-utils `smart_resize`); that of transformers' image processor is the
 * same but for pictures with a side under half of `factor`, where the loader's holds because it comes first. The loader
 * can arrive at a side of 0, which Pillow then refuses; here such a side becomes `factor`, as in transformers.
 *
 * @throws ImageError where one side is over 200 times the other.
 */
export function smartResize({ width, height }: Size, { factor, minPixels, maxPixels }: ResizeLimits): Size {
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (!(ratio <= MAX_ASPECT_RATIO)) {
    throw new ImageError(
      `it has ${width} x ${height} pixels, one side more than ${MAX_ASPECT_RATIO} times the other, ` +
        'which the model cannot take; crop or split it',
    );
  }
  const nearest = {
    width: Math.max(factor, roundHalfToEven(width / factor) * factor),
    height: Math.max(factor, roundHalfToEven(height / factor) * factor),
  };
  const area = nearest.width * nearest.height;
  if (area > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    return {
      width: Math.max(factor, Math.floor(width / shrink / factor) * factor),
      height: Math.max(factor, Math.floor(height / shrink / factor) * factor),
    };
  }
  if (area < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    return {
      width: Math.ceil((width * grow) / factor) * factor,
      height: Math.ceil((height * grow) / factor) * factor,
    };
  }
  return nearest;
}

/** Python's `round`: 2.5 becomes 2 and 3.5 becomes 4, where `Math.round` gives 3 and 4. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}
