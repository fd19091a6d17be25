import { join } from 'node:path';
import { ScriptedEngine, type ScriptedReply } from '../../src/engine/scripted-engine';
import type { EngineKeeper, ModelOpener } from '../../src/host/model/engine-keeper';
import { carryOut } from '../../src/host/run/carry-out';
import type { Run, RunRequest } from '../../src/host/run/run';
import type { RunStore } from '../../src/host/run/run-store';
import { Runs } from '../../src/host/run/runs';
import { readSettings } from '../../src/host/settings';
import { loadImage } from '../../src/image/load';
import { paint } from '../../src/image/paint';
import type { PixelService } from '../../src/image/pixel-service';
import { savePng } from '../../src/image/save-png';
import { defaultProfile } from '../../src/reason/default-profile';

const settings = readSettings(
  () => undefined,
  () => {},
);

/** A question about the maze that comes with the extension. */
export const mazeRequest: RunRequest = {
  question: { text: 'Where does it end?', options: [], type: 'multiple-choice', gold: 'B', kind: 'single' },
  files: [join(import.meta.dirname, '../../media/samples/maze.png')],
  source: null,
  model: settings.model,
  limits: settings.limits,
  sampling: settings.sampling,
};

/** Pixels of this process. */
export const pixelsHere: PixelService = {
  load: loadImage,
  paint: async (image, canvas) => paint(image, canvas),
  savePng,
  close: async () => {},
};

/** How to open a model that says these replies, one after the other, whoever asks. */
export function scriptedOpener(
  replies: readonly ScriptedReply[],
  opened: () => void = () => {},
): ModelOpener {
  const engine = new ScriptedEngine(replies);
  return {
    ...{ name: 'scripted', key: 'scripted' },
    open: async (onProgress) => {
      onProgress('Importing: 50 %');
      opened();
      return { engine, profile: defaultProfile };
    },
  };
}

export function runsOf(opener: ModelOpener, keeper: EngineKeeper, store: RunStore): Runs {
  const parts = { keeper, openerOf: () => opener, pixels: pixelsHere, openingMessage: 'Opening' };
  return new Runs((run) => carryOut(run, parts), store);
}

/** Resolves when the run has ended. */
export const ended = (run: Run) =>
  new Promise<void>((resolve) => {
    if (run.hasEnded) resolve();
    run.events.add(() => {
      if (run.hasEnded) resolve();
    });
  });
