import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/image/pixel-service';
import { resizeBicubic } from '../../../src/image/resize';
import { smartResize } from '../../../src/image/smart-resize';
import type { RgbImage } from '../../../src/trace/geometry';

const golden = (name: string) => readFileSync(new URL(`../golden/${name}`, import.meta.url));

describe('smartResize equals the reference loader', () => {
  const rows: [number, number, number, number, number, number, number][] = JSON.parse(
    gunzipSync(golden('smart-resize.json.gz')).toString(),
  );

  test('on 10,000 random sizes and limits, refusals included', () => {
    expect(rows.length).toBe(10_000);
    expect(rows.filter((row) => row[5] === 0).length).toBeGreaterThan(50);
    const different = rows.filter(([width, height, factor, minPixels, maxPixels, ...expected]) => {
      const size = targetOrZero({ width, height }, { factor, minPixels, maxPixels });
      return size.width !== expected[0] || size.height !== expected[1];
    });
    expect(different).toEqual([]);
  });

  function targetOrZero(...args: Parameters<typeof smartResize>) {
    try {
      return smartResize(...args);
    } catch (error) {
      if (error instanceof ImageError) return { width: 0, height: 0 };
      throw error;
    }
  }
});

describe('resizeBicubic equals Pillow', () => {
  const cases: (Picture & { size: [number, number]; sha256: string })[] = JSON.parse(
    golden('resize.json').toString(),
  );

  test.each(cases)('$kind $width x $height to $size', (entry) => {
    const [width, height] = entry.size;
    const resized = resizeBicubic(makePicture(entry), { width, height });
    expect(resized).toMatchObject({ width, height });
    expect(createHash('sha256').update(resized.data).digest('hex').slice(0, 16)).toBe(entry.sha256);
  });
});

interface Picture {
  readonly kind: 'noise' | 'edges';
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** The same pictures as in the script that made the golden values. */
function makePicture({ kind, width, height, seed }: Picture): RgbImage {
  const data = new Uint8Array(width * height * 3);
  let state = seed;
  for (let at = 0; at < data.length; at++) {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    if (kind === 'noise') data[at] = (state >> 16) & 255;
    else data[at] = (Math.floor(x / 5) ^ Math.floor(y / 3) ^ channel) & 1 ? 255 : 0;
  }
  return { width, height, data };
}
