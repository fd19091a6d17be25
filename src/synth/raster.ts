import type { Point, RgbImage } from '../trace/geometry';

export type Rgb = readonly [r: number, g: number, b: number];

/** A picture being made: white at first, then shapes with smooth edges. */
export class Raster implements RgbImage {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8Array(width * height * 3).fill(255);
  }

  /** Fills `x1..x2` by `y1..y2`, all included; what lies outside the picture is left out. */
  fillRect(x1: number, y1: number, x2: number, y2: number, colour: Rgb): void {
    for (let y = Math.max(0, y1); y <= Math.min(this.height - 1, y2); y++) {
      for (let x = Math.max(0, x1); x <= Math.min(this.width - 1, x2); x++) this.blend(x, y, colour, 1);
    }
  }

  fillCircle([cx, cy]: Point, radius: number, colour: Rgb): void {
    this.fillShape([cx, cy], radius, colour, (x, y) => Math.hypot(x, y) - radius);
  }

  /** A triangle that stands on its base, as wide and as high as a circle of this radius. */
  fillTriangle([cx, cy]: Point, radius: number, colour: Rgb): void {
    const slope = Math.sqrt(5);
    this.fillShape([cx, cy], radius, colour, (x, y) =>
      Math.max(y - radius, (2 * Math.abs(x) - (y + radius)) / slope),
    );
  }

  /** Glyph rows of `#` and blanks, `scale` pixels a dot, centred. */
  drawGlyph([cx, cy]: Point, rows: readonly string[], scale: number, colour: Rgb): void {
    const left = cx - Math.floor(((rows[0]?.length ?? 0) * scale) / 2);
    const top = cy - Math.floor((rows.length * scale) / 2);
    rows.forEach((row, j) => {
      [...row].forEach((dot, i) => {
        if (dot !== '#') return;
        const [x, y] = [left + i * scale, top + j * scale];
        this.fillRect(x, y, x + scale - 1, y + scale - 1, colour);
      });
    });
  }

  /** Fills where the signed distance (pixels, negative inside, relative to the centre) says; half a pixel of soft edge. */
  private fillShape(
    [cx, cy]: Point,
    reach: number,
    colour: Rgb,
    distance: (x: number, y: number) => number,
  ): void {
    for (let y = -reach - 1; y <= reach + 1; y++) {
      for (let x = -reach - 1; x <= reach + 1; x++) {
        const cover = Math.min(1, Math.max(0, 0.5 - distance(x, y)));
        if (cover > 0) this.blend(cx + x, cy + y, colour, cover);
      }
    }
  }

  private blend(x: number, y: number, colour: Rgb, cover: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    colour.forEach((value, channel) => {
      const old = this.data[at + channel] ?? 0;
      this.data[at + channel] = Math.round(old + (value - old) * cover);
    });
  }
}
