import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode';
import { loadImage } from '../../../src/image/load';
import { ImageError } from '../../../src/image/pixel-service';

/** What the reference loader makes of a file: its pixels in file space, and size and digest after its resize. */
interface Reference {
  readonly mode: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
  readonly resized: readonly [width: number, height: number, sha256: string];
  readonly error?: string;
}

const folder = fileURLToPath(new URL('../../fixtures/images/', import.meta.url));
const golden: Record<string, Reference> = JSON.parse(
  gunzipSync(readFileSync(new URL('../golden/load.json.gz', import.meta.url))).toString(),
);
const limits = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 8 * 28 * 28 };
const names = Object.keys(golden);
const exact = names.filter((name) => !/^cut-|\.avif$|^ycbcr\.tif$/.test(name));

test('every picture of the folder has its golden value', () => {
  expect(readdirSync(folder).sort()).toEqual([...names].sort());
});

describe('a picture is seen as the reference loader sees it, every pixel', () => {
  test.each(exact)('%s', async (name) => {
    const expected = reference(name);
    const decoded = await decodeImage(readFileSync(folder + name));
    expect({ width: decoded.width, height: decoded.height }).toEqual({
      width: expected.width,
      height: expected.height,
    });
    expect(difference(decoded.data, expected).largest).toBe(0);

    const { file, image } = await loadImage(folder + name, limits);
    expect(file).toEqual({ width: expected.width, height: expected.height });
    const digest = createHash('sha256').update(image.data).digest('hex').slice(0, 16);
    expect([image.width, image.height, digest]).toEqual(expected.resized);
  });
});

describe('an AVIF picture is seen almost as the reference loader sees it', () => {
  // Colours stored at half resolution (4:2:0): the decoders spread them in different ways, seen at hard edges.
  const cases = names
    .filter((name) => name.endsWith('.avif') && !name.startsWith('cut-'))
    .map((name) =>
      name === '4-2-0.avif' ? { name, largest: 64, mean: 5 } : { name, largest: 1, mean: 0.5 },
    );

  test.each(cases)('$name: at most $largest levels, $mean in the mean', async ({ name, largest, mean }) => {
    const expected = reference(name);
    const decoded = await decodeImage(readFileSync(folder + name));
    expect([decoded.width, decoded.height]).toEqual([expected.width, expected.height]);
    const measured = difference(decoded.data, expected);
    expect(measured.largest).toBeLessThanOrEqual(largest);
    expect(measured.mean).toBeLessThanOrEqual(mean);
  });
});

describe('a picture that is cut short is refused with words, as the reference refuses it', () => {
  test.each(names.filter((name) => name.startsWith('cut-')))('%s', async (name) => {
    expect(golden[name]?.error).toBeDefined();
    const refusal = loadImage(folder + name, limits);
    await expect(refusal).rejects.toThrow(ImageError);
    await expect(refusal).rejects.toThrow(/^Cannot use .*\/cut-.*: it .*cut short/);
  });
});

test('a TIFF in YCbCr without JPEG is refused, where the native decoder would show wrong colours', async () => {
  await expect(loadImage(`${folder}ycbcr.tif`, limits)).rejects.toThrow(/YCbCr.*save it as RGB/);
});

function reference(name: string): Reference {
  const entry = golden[name];
  if (!entry) throw new Error(`no golden value for ${name}`);
  return entry;
}

function difference(data: Uint8Array, { pixels }: Reference): { largest: number; mean: number } {
  const expected = Buffer.from(pixels, 'base64');
  const levels = [...expected].map((value, at) => Math.abs(value - (data[at] ?? Number.NaN)));
  return {
    largest: Math.max(...levels),
    mean: levels.reduce((sum, value) => sum + value, 0) / levels.length,
  };
}
