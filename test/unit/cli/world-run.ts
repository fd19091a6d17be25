import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundQuestion } from '../../../src/dataset/read-questions';
import type { ScriptedReply } from '../../../src/engine/scripted-engine';
import { loadImage } from '../../../src/image/load';
import { paint } from '../../../src/image/paint';
import type { PixelService } from '../../../src/image/pixel-service';
import { savePng } from '../../../src/image/save-png';
import { makeWorld } from '../../../src/synth/make-world';

/** The real decoder, painter and encoder, in this process. */
export const pixels: PixelService = {
  load: loadImage,
  paint: async (image, canvas) => paint(image, canvas),
  savePng,
  close: async () => {},
};

/** A maze on disk, its question, and the replies of a model that solves it. */
export async function mazeRun(
  folder: string,
  index: number,
): Promise<{ question: FoundQuestion; replies: ScriptedReply[] }> {
  const world = makeWorld('maze', 1, index, { several: 0, mistaken: 0 });
  const path = join(folder, `${index}.png`);
  await mkdir(folder, { recursive: true });
  await savePng(world.image, path);
  return {
    question: {
      line: index + 1,
      id: `maze-${index}`,
      question: {
        text: world.question,
        options: world.options,
        type: world.type,
        gold: world.gold,
        kind: 'single',
      },
      imagePaths: [path],
      images: [path],
      gridSize: 3,
    },
    replies: world.turns.map(({ text }) => ({ text })),
  };
}
