import { Refusal } from '../protocol/call-error';
import type { Failure } from '../protocol/contract';
import { Supervisor } from '../protocol/supervisor';
import { type PixelContract, pixelContract } from './pixel-contract';
import { ImageError, type PixelService, type PngEncoder } from './pixel-service';
import type { ImageRenderer } from './render';

/** All that the pixel process does. */
export type Pixels = PixelService & ImageRenderer & PngEncoder;

/**
 * The pixel process, which starts with the first use and again after it died. `entry` is the program's file, `pixels.js`
 * of the build. How the process failed is an `ImageError` too, whose `cause` is the `CallError`.
 */
export function startPixelService(entry: string): Pixels {
  const supervisor = new Supervisor(pixelContract, { entry, name: 'the pixel process' });
  // By their pixels. What is painted on one comes with its own: whoever wants the one wants the other, and its pixels need not
  // go back for it.
  const pngs = new WeakMap<Uint8Array, Uint8Array>();
  return {
    load: (path, limits) => orImageError(supervisor.call('load', { path, limits }), `Cannot use ${path}`),
    paint: async (image, canvas) => {
      const call = supervisor.call('paint', { image, canvas, withPng: pngs.has(image.data) });
      const { painted, png } = await orImageError(call, 'Cannot paint');
      if (png !== null) pngs.set(painted.data, png);
      return painted;
    },
    render: (request, signal) =>
      orImageError(supervisor.call('render', request, { signal }), `Cannot use ${request.path}`),
    savePng: async (image, path) => {
      await orImageError(supervisor.call('savePng', { image, path }), `Cannot write ${path}`);
    },
    encodePng: async (image) => {
      const made = pngs.get(image.data);
      if (made) return made;
      const png = await orImageError(supervisor.call('encodePng', { image }), 'Cannot encode an image');
      pngs.set(image.data, png);
      return png;
    },
    close: () => supervisor.close(),
  };
}

async function orImageError<T>(call: Promise<T>, what: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Refusal) {
      const failure: Failure<PixelContract> = error.failure;
      throw new ImageError(failure.message);
    }
    const message = error instanceof Error ? error.message : String(error);
    throw new ImageError(`${what}: ${message}.`, { cause: error });
  }
}
