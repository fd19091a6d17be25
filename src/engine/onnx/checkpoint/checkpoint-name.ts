import { basename, dirname } from 'node:path';

/**
 * What people call the checkpoint in a folder: the folder's name, or for a snapshot in a cache of the Hugging Face Hub,
 * `models--org--name/snapshots/REVISION`, the name in it.
 */
export function checkpointName(dir: string): string {
  const repo = basename(dirname(dirname(dir)));
  const isSnapshot = basename(dirname(dir)) === 'snapshots' && repo.startsWith('models--');
  return isSnapshot ? (repo.split('--').at(-1) ?? repo) : basename(dir);
}
