import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** A file or folder of the repository to copy. */
export interface Copy {
  readonly copyOf: string;
}

/** Content of files by their paths in the workspace. */
export type WorkspaceFiles = Readonly<Record<string, string | Uint8Array | Copy>>;

/** The pictures that come with the extension. */
export const MAZE: Copy = { copyOf: 'media/samples/maze.png' };
export const SCENE: Copy = { copyOf: 'media/samples/scene.png' };

/** Fills the folder of a workspace. */
export function writeWorkspace(folder: string, files: WorkspaceFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (typeof content === 'object' && 'copyOf' in content)
      cpSync(join(ROOT, content.copyOf), target, { recursive: true });
    else writeFileSync(target, content);
  }
}
