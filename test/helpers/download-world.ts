import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadProgress, downloadModel } from '../../src/engine/hub/download-model';
import { type FolderContent, tinyFolder, writeFolder } from './checkpoint-folder';
import { localHub } from './hub-server';
import { temporaryFolder } from './temporary-folder';

export const repo = 'some-org/Some-Model';
export const retry = { times: 3, first: 5, longest: 60_000 };

/** A local hub that has a model, and what downloads it into an empty cache. */
export async function downloadWorld(content: FolderContent = tinyFolder()) {
  const root = await temporaryFolder();
  const source = join(root, 'source');
  await writeFolder(source, content);
  await writeFile(join(source, 'README.md'), 'Not of the checkpoint.');
  const hub = await localHub(source);
  const cacheDir = join(root, 'hub');
  const seen: DownloadProgress[] = [];
  const download = (more: { token?: string; revision?: string; signal?: AbortSignal; repo?: string } = {}) =>
    downloadModel({
      repo: more.repo ?? repo,
      ...(more.revision !== undefined && { revision: more.revision }),
      settings: { endpoint: hub.url, token: more.token ?? null, cacheDir, proxy: null, noProxy: [] },
      signal: more.signal ?? new AbortController().signal,
      onProgress: (progress) => void seen.push(progress),
      client: { retry },
    });
  return { source, hub, cacheDir, seen, download };
}
