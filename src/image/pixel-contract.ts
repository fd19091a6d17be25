import * as v from 'valibot';
import type { Contract, Failure } from '../protocol/contract';
import { ImageError } from './pixel-service';

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const size = v.object({ width: side, height: side });
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes');
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const limits = v.object({ factor: side, minPixels: side, maxPixels: side });

const image = v.pipe(
  v.object({
    width: side,
    height: side,
    data: bytes,
  }),
  v.check(({ width, height, data }) => data.length === width * height * 3, 'must have 3 bytes a pixel'),
);

const point = v.tuple([v.number(), v.number()]);
const box = v.object({
  index: v.number(),
  bbox_2d: v.tuple([v.number(), v.number(), v.number(), v.number()]),
  label: v.string(),
});
const unpaintedBox = v.object({
  index: v.number(),
  bbox_2d: v.array(v.number()),
  label: v.string(),
  unpainted: v.literal(true),
});
const line = v.object({ index: v.number(), start_point_2d: point, end_point_2d: point, label: v.string() });
const canvas = v.object({ boxes: v.array(v.union([unpaintedBox, box])), lines: v.array(line) });

/**
 * What the pixel process is asked: the methods of `PixelService`, `ImageRenderer` and `PngEncoder`. It refuses with the
 * message of an `ImageError`.
 */
export const pixelContract = {
  methods: {
    load: {
      params: v.object({ path: v.string(), limits }),
      event: v.never(),
      result: v.object({ file: size, sha256, image }),
    },
    paint: {
      params: v.object({ image, canvas, withPng: v.boolean() }),
      event: v.never(),
      result: v.object({ painted: image, png: v.nullable(bytes) }),
    },
    render: {
      params: v.object({
        path: v.string(),
        size: v.union([limits, size]),
        canvas: v.nullable(canvas),
        out: v.string(),
      }),
      event: v.never(),
      result: v.object({ file: size, model: size }),
    },
    savePng: { params: v.object({ image, path: v.string() }), event: v.never(), result: v.null() },
    encodePng: { params: v.object({ image }), event: v.never(), result: bytes },
  },
  failure: v.object({ message: v.string() }),
} satisfies Contract;

export type PixelContract = typeof pixelContract;

/** An error as the contract writes it; undefined for one that nobody foresaw. */
export function failureOf(error: unknown): Failure<PixelContract> | undefined {
  return error instanceof ImageError ? { message: error.message } : undefined;
}
