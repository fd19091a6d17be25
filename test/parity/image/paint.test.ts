import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { paint } from '../../../src/image/paint';
import type { Canvas } from '../../../src/trace/drawing';
import type { RgbImage } from '../../../src/trace/geometry';

/** One set of shapes as `make_paint_golden.py` wrote it, with the digest of Pillow's pixels. */
interface GoldenSet extends Canvas {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly sha256: string;
}

const golden = new URL('../golden/paint.json.gz', import.meta.url);
const sets: GoldenSet[] = JSON.parse(gunzipSync(readFileSync(golden)).toString());

/** The image under the shapes: the same formula as in the script. */
function pattern(width: number, height: number, seed: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    data[at] = x * 7 + y * 13 + (at % 3) * 29 + x * y + seed;
  }
  return { width, height, data };
}

describe('paint equals Pillow', () => {
  test('on 1,000 random sets of boxes, labels and lines, every pixel', () => {
    expect(sets.length).toBe(1000);
    const different = sets.filter((set) => {
      const painted = paint(pattern(set.width, set.height, set.seed), set);
      return createHash('sha256').update(painted.data).digest('hex').slice(0, 16) !== set.sha256;
    });
    expect(different).toEqual([]);
  });
});
