import type { RgbImage, Size } from '../trace/geometry';

/** Weights are whole numbers of 1 / 2^22, which leaves two bits of a signed 32-bit sum for values outside 0..255. */
const PRECISION_BITS = 22;

/** How far the bicubic kernel reaches to each side, in pixels of the larger of the two grids. */
const SUPPORT = 2;

/** For each output pixel, the first input pixel it takes from and the fixed-point weights from there on. */
type Taps = readonly { readonly first: number; readonly weights: Int32Array }[];

/**
 * The image resized to `size` as by Pillow's `Image.resize` with its default filter, bicubic, pixel for pixel: the kernel
 * widens with the scale when shrinking (antialias), and the two passes are each rounded to 8 bits.
 *
 * Pillow 13 starts with the columns where the height loses over twice as many pixels as the width; up to Pillow 12 it
 * always started with the rows. The order shows in the rounding of a few pixels.
 */
export function resizeBicubic(image: RgbImage, { width, height }: Size): RgbImage {
  const lostHeight = image.height - height;
  const columnsFirst = lostHeight > 0 && lostHeight > (image.width - width) * 2;
  const resized = columnsFirst
    ? resizeRows(resizeColumns(image, height), width)
    : resizeColumns(resizeRows(image, width), height);
  return resized === image ? { width, height, data: image.data.slice() } : resized;
}

function resizeRows(image: RgbImage, width: number): RgbImage {
  if (width === image.width) return image;
  const data = new Uint8Array(width * image.height * 3);
  const taps = computeTaps(image.width, width);
  const { data: source } = image;
  for (let y = 0, to = 0; y < image.height; y++) {
    const row = y * image.width * 3;
    for (const { first, weights } of taps) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      for (let i = 0, at = row + first * 3; i < weights.length; i++, at += 3) {
        const weight = weights[i] as number;
        red += (source[at] as number) * weight;
        green += (source[at + 1] as number) * weight;
        blue += (source[at + 2] as number) * weight;
      }
      data[to++] = toByte(red);
      data[to++] = toByte(green);
      data[to++] = toByte(blue);
    }
  }
  return { width, height: image.height, data };
}

function resizeColumns(image: RgbImage, height: number): RgbImage {
  if (height === image.height) return image;
  const stride = image.width * 3;
  const data = new Uint8Array(stride * height);
  const sums = new Int32Array(stride);
  computeTaps(image.height, height).forEach(({ first, weights }, y) => {
    sums.fill(HALF);
    weights.forEach((weight, i) => {
      const row = (first + i) * stride;
      for (let x = 0; x < stride; x++) (sums[x] as number) += (image.data[row + x] as number) * weight;
    });
    for (let x = 0; x < stride; x++) data[y * stride + x] = toByte(sums[x] as number);
  });
  return { width: image.width, height, data };
}

// Indices in the two passes stay inside their arrays, since taps end at `inSize`: hence the casts of what is read there.

/** The weights with which `outSize` pixels are made of `inSize`, normalised to a sum of 1 and then rounded. */
function computeTaps(inSize: number, outSize: number): Taps {
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  const inverse = 1 / stretch;
  return Array.from({ length: outSize }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inSize, Math.trunc(centre + support + 0.5));
    const kernel = Array.from({ length: end - first }, (_, i) =>
      bicubic((i + first - centre + 0.5) * inverse),
    );
    const sum = kernel.reduce((total, value) => total + value, 0);
    const fixed = kernel.map((value) => {
      const scaled = (value / sum) * 2 ** PRECISION_BITS;
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { first, weights: Int32Array.from(fixed) };
  });
}

/** Keys' cubic convolution kernel with a = -0.5, in the order of operations of Pillow. */
function bicubic(x: number): number {
  const a = -0.5;
  const distance = Math.abs(x);
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * a;
  return 0;
}

/** One half in fixed point, where every sum starts, so that the shift below rounds. */
const HALF = 1 << (PRECISION_BITS - 1);

const toByte = (sum: number): number => Math.min(Math.max(sum >> PRECISION_BITS, 0), 255);
