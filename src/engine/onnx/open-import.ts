import type { Checkpoint } from './checkpoint';
import { type ImportOptions, importCheckpoint, isImported } from './import';
import { type Hold, holdImport } from './import/hold';
import type { ImportedModel } from './imported-model';

/** An import that is there until it is released. */
export interface HeldImport {
  readonly imported: ImportedModel;
  readonly hold: Hold | null;
}

/** As `importCheckpoint`, for running the model: nobody removes what this process holds. Throws the same. */
export async function openImport(checkpoint: Checkpoint, options: ImportOptions): Promise<HeldImport> {
  for (;;) {
    const imported = await importCheckpoint(checkpoint, options);
    const hold = await holdImport(imported.dir, options.signal);
    // Somebody may have removed it just before.
    if (await isImported(checkpoint, options.weights, options.cacheDir)) return { imported, hold };
    await hold?.release();
  }
}
