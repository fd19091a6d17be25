import { serve } from '../protocol/serve';
import { encodePng } from './decode/native';
import { loadImage } from './load';
import { paint } from './paint';
import { failureOf, pixelContract } from './pixel-contract';
import { renderImage } from './render';
import { savePng } from './save-png';

// The program of the pixel process: native image code lives here and nowhere else.
serve(
  pixelContract,
  {
    load: ({ path, limits }) => loadImage(path, limits),
    paint: async ({ image, canvas, withPng }) => {
      const painted = paint(image, canvas);
      return { painted, png: withPng ? await encodePng(painted) : null };
    },
    render: (request) => renderImage(request),
    savePng: async ({ image, path }) => {
      await savePng(image, path);
      return null;
    },
    encodePng: ({ image }) => encodePng(image),
  },
  failureOf,
);
