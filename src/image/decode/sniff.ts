/** The picture formats that are read, told by their first bytes; file names say nothing. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif' | 'bmp';

/** The format that these bytes begin like: one that is read, `heic`, which is not, or undefined. */
export function sniffFormat(bytes: Uint8Array): PictureFormat | 'heic' | undefined {
  const head = latin1(bytes, 16);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'webp';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/.test(head)) return 'tiff';
  if (head.startsWith('ftyp', 4)) return sniffHeif(bytes);
  if (head.startsWith('BM')) return 'bmp';
  return undefined;
}

/** More brands than any file names. */
const MOST_BRAND_BYTES = 1024;

/**
 * AVIF and HEIC are the same container, HEIF, with pictures compressed in different ways. Its first box (`ftyp`) names the
 * brand of the file, and after that all brands which it keeps to; `mif1` and `msf1` only say that it is HEIF.
 */
function sniffHeif(bytes: Uint8Array): 'avif' | 'heic' | undefined {
  const size = Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32BE();
  const [brand = '', _version, ...others] =
    latin1(bytes, Math.min(size, MOST_BRAND_BYTES)).slice(8).match(/.{4}/gs) ?? [];
  if (/^avi[fs]$/.test(brand)) return 'avif';
  if (/^m[is]f1$/.test(brand)) return others.some((other) => /^avi[fs]$/.test(other)) ? 'avif' : 'heic';
  return /^he(ic|ix|im|is|vc|vx|vm|vs)$/.test(brand) ? 'heic' : undefined;
}

function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, length)).toString('latin1');
}
