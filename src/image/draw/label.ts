import type { Rgb, RgbImage } from '../../trace/geometry';
import { blend, dividedBy255 } from '../blend';
import { GLYPHS, type GlyphData, LINE_HEIGHT, MISSING_GLYPH } from './label-font';

interface Glyph {
  readonly advance: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly coverage: Uint8Array;
}

const missing = decodeGlyph(MISSING_GLYPH);
const glyphs = new Map(Object.entries(GLYPHS).map(([character, data]) => [character, decodeGlyph(data)]));
const all = [missing, ...glyphs.values()];
const leftmost = Math.min(...all.map((glyph) => glyph.left));
const rows = Math.max(...all.map((glyph) => glyph.top + (glyph.coverage.length / glyph.width || 0)));

/**
 * Text in Pillow's default font, as `ImageDraw.text((x, y), text)`: `(x, y)` is the left end of the ascender line in whole
 * pixels, edges are smooth, lines go down 14 pixels each, and a character that the font lacks (it has ASCII and a few
 * signs) is drawn as a small box. What lies outside the image is left out.
 */
export function drawLabel(image: RgbImage, x: number, y: number, text: string, colour: Rgb): void {
  text.split('\n').forEach((line, index) => {
    const top = y + index * LINE_HEIGHT;
    if (top < image.height && top + rows > 0) drawTextLine(image, x, top, line, colour);
  });
}

/** The glyphs are joined in one mask first: where two overlap, their coverage adds up before the colour is laid on. */
function drawTextLine(image: RgbImage, x: number, y: number, text: string, colour: Rgb): void {
  const mask = new Uint8Array(image.width * rows);
  let pen = x;
  for (const character of text) {
    if (pen + leftmost >= image.width) break;
    const glyph = glyphs.get(character) ?? missing;
    addToMask(mask, image.width, glyph, pen + glyph.left);
    pen += glyph.advance;
  }
  for (let row = Math.max(0, -y); row < rows && y + row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      const coverage = mask[row * image.width + column];
      if (coverage) layOn(image, ((y + row) * image.width + column) * 3, coverage, colour);
    }
  }
}

function addToMask(mask: Uint8Array, maskWidth: number, glyph: Glyph, x: number): void {
  if (x >= maskWidth || x + glyph.width <= 0) return;
  glyph.coverage.forEach((coverage, index) => {
    const column = x + (index % glyph.width);
    if (coverage === 0 || column < 0 || column >= maskWidth) return;
    const at = (glyph.top + Math.floor(index / glyph.width)) * maskWidth + column;
    mask[at] = Math.min(255, coverage + dividedBy255((mask[at] ?? 0) * (255 - coverage)));
  });
}

function layOn(image: RgbImage, at: number, coverage: number, colour: Rgb): void {
  colour.forEach((value, channel) => {
    image.data[at + channel] = blend(image.data[at + channel] ?? 0, value, coverage);
  });
}

function decodeGlyph([advance, left, top, width, coverage]: GlyphData): Glyph {
  const bytes = Uint8Array.from(coverage.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { advance, left, top, width, coverage: bytes };
}
