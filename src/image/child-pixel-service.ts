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
  return {
    load: (path, limits) => orImageError(supervisor.call('load', { path, limits }), `Cannot use ${path}`),
    paint: (image, canvas) => orImageError(supervisor.call('paint', { image, canvas }), 'Cannot paint'),
    render: (request, signal) =>
      orImageError(supervisor.call('render', request, { signal }), `Cannot use ${request.path}`),
    savePng: async (image, path) => {
      await orImageError(supervisor.call('savePng', { image, path }), `Cannot write ${path}`);
    },
    encodePng: (image) => orImageError(supervisor.call('encodePng', { image }), 'Cannot encode an image'),
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
