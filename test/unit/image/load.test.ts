import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode';
import { loadImage } from '../../../src/image/load';
import { ImageError } from '../../../src/image/pixel-service';
import { temporaryFolder } from '../../helpers/temporary-folder';

const limits = { factor: 28, minPixels: 3136, maxPixels: 12_845_056 };
/** Time for the full counts. */
const LONG = { timeout: 600_000 };
const fixtures = fileURLToPath(new URL('../../fixtures/images/', import.meta.url));

describe('loadImage refuses with an ImageError that names the file and says why', () => {
  const file = async (name: string, content: string | Uint8Array) => {
    const path = join(await temporaryFolder(), name);
    writeFileSync(path, content);
    return path;
  };
  const refusal = async (path: string) => {
    const error = await loadImage(path, limits).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImageError);
    return error instanceof Error ? error.message : '';
  };

  test('a file that is not there', async () => {
    const path = join(await temporaryFolder(), 'nowhere.png');
    expect(await refusal(path)).toBe(`Cannot read ${path}: there is no such file.`);
  });

  test('a folder', async () => {
    const path = join(await temporaryFolder(), 'folder.png');
    mkdirSync(path);
    expect(await refusal(path)).toBe(`Cannot use ${path}: it is not a file.`);
  });

  test('an empty file', async () => {
    expect(await refusal(await file('empty.png', ''))).toMatch(/: it is empty\.$/);
  });

  test('a file that is not a picture, whatever its name says', async () => {
    expect(await refusal(await file('text.png', 'not a picture'))).toMatch(/it is not a picture of a format/);
  });

  test('a format that the native library could read but that is not offered', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    expect(await refusal(await file('drawing.svg', svg))).toMatch(/it is not a picture of a format/);
  });

  const heif = (...brands: string[]) => {
    const names = Buffer.from(brands.join(''), 'latin1');
    const box = Buffer.concat([Buffer.alloc(4), Buffer.from('ftyp'), names]);
    box.writeUInt32BE(box.length);
    return Buffer.concat([box, Buffer.from('\0\0\0\x08meta')]);
  };

  test.each([
    ['of its own brand', 'heic', 'mif1', 'heic'],
    ['of many pictures', 'hevc', 'msf1', 'hevc'],
    ['of the brand that AVIF may have too', 'mif1', 'mif1', 'heic'],
    ['of that brand and many pictures', 'msf1', 'heis', 'msf1'],
  ])('a HEIC picture %s, with what to do', async (_, brand, ...others) => {
    const bytes = heif(brand, '\0\0\0\0', ...others);
    expect(await refusal(await file('photo.heic', bytes))).toMatch(
      /it is a HEIC picture, which is not read; convert it to PNG or JPEG first\.$/,
    );
  });

  test.each(['avif', 'avis', 'mif1', 'msf1'])(
    'an AVIF picture of brand %s that is cut short',
    async (brand) => {
      const bytes = heif(brand, '\0\0\0\0', 'miaf', 'avif');
      expect(await refusal(await file('photo.avif', bytes))).toMatch(
        /it is a damaged AVIF file, or cut short/,
      );
    },
  );

  test('a film, which is in the same container', async () => {
    const bytes = heif('isom', '\0\0\0\0', 'avif');
    expect(await refusal(await file('film.mp4', bytes))).toMatch(/it is not a picture of a format/);
  });

  test('a header that says 40,000 x 40,000 pixels, before anything is decoded', async () => {
    expect(await refusal(await file('bomb.png', pngHeader(40_000, 40_000)))).toMatch(
      /it says it has 40000 x 40000 pixels, more than the limit of 178956970/,
    );
    expect(await refusal(await file('bomb.bmp', bmpHeader(40_000, 40_000)))).toMatch(/40000 x 40000 pixels/);
  });

  test('a BMP without pixels', async () => {
    expect(await refusal(await file('none.bmp', bmpHeader(0, 5)))).toMatch(/it says it has 0 x 5 pixels/);
  });

  test('a picture over 200 times wider than high', async () => {
    expect(await refusal(await file('thin.bmp', bmpHeader(401, 2, 24)))).toMatch(
      /it has 401 x 2 pixels, one side more than 200 times the other.*crop or split it\.$/,
    );
  });
});

test('loadImage tells a picture by its bytes, whatever it is called', async () => {
  const folder = await temporaryFolder();
  const bytes = readFileSync(`${fixtures}rgba.png`);
  writeFileSync(join(folder, 'moved'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect((await loadImage(`${fixtures}rgba.png`, limits)).sha256).toBe(sha256);
  expect((await loadImage(join(folder, 'moved'), limits)).sha256).toBe(sha256);
  expect((await loadImage(`${fixtures}rgb.png`, limits)).sha256).not.toBe(sha256);
});

test('damaged bytes are decoded or refused with an ImageError; nothing else comes out', LONG, async () => {
  const originals = readdirSync(fixtures).map((name) => readFileSync(fixtures + name));
  const damage = fc.record({
    original: fc.constantFrom(...originals),
    edits: fc.array(fc.tuple(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.nat(255)), { maxLength: 6 }),
    kept: fc.double({ min: 0.1, max: 1, noNaN: true }),
  });
  const property = fc.asyncProperty(damage, async ({ original, edits, kept }) => {
    const bytes = original.subarray(0, Math.ceil(original.length * kept)).map((byte) => byte);
    // Squared: most edits hit the headers.
    for (const [where, value] of edits) bytes[Math.floor(where ** 2 * bytes.length)] = value;
    const outcome = await decodeImage(bytes).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ImageError);
  });
  await fc.assert(property, { seed: 7, numRuns: process.env.VILASR_LONG ? 20_000 : 400 });
});

function pngHeader(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(33);
  header.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.set([8, 2, 0, 0, 0], 24);
  header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
  const data = Buffer.from('\0\0\0\0IDAT\x35\xaf\x06\x1e', 'latin1');
  return Buffer.concat([header, data]);
}

/** A BMP of black pixels if `bits` are given, else only its header. */
function bmpHeader(width: number, height: number, bits = 0): Uint8Array {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(bits || 24, 28);
  return Buffer.concat([header, Buffer.alloc(((width * bits + 31) >> 5) * 4 * height)]);
}
