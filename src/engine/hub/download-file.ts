import { rename, rm, stat } from 'node:fs/promises';
import { brokenOff } from '../endpoint/endpoint-failure';
import { EngineError } from '../engine';
import type { HubClient } from './hub-client';
import { type HubFile, PartFile } from './part-file';

export interface FileProgress {
  /** So much of what was there before has been read, to go on from it. */
  readonly onChecked: (bytes: number) => void;
  /** So much of the file is there; it falls where the file has to begin anew. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Downloads a file to `blob`. What came of it before lies in `blob.part`, and it goes on there, also after a kill: a broken
 * connection is taken up as long as it brings something. It gets its name once all is there and its hash is right. Throws
 * `EngineError`.
 */
export async function downloadFile(
  client: HubClient,
  path: string,
  file: HubFile,
  blob: string,
  { onChecked, onBytes }: FileProgress,
  signal: AbortSignal,
): Promise<void> {
  const partPath = `${blob}.part`;
  const part = await PartFile.open(partPath, file, onChecked, signal);
  try {
    let resumed = part.bytes > 0;
    let most = part.bytes;
    onBytes(part.bytes);
    await client.patiently(async (reset) => {
      await fetchRest(client, path, file, part, signal, () => {
        // What only comes again does not count as more.
        if (part.bytes > most) reset();
        most = Math.max(most, part.bytes);
        onBytes(part.bytes);
      });
      if (part.isRight) return;
      await part.startAnew();
      onBytes(0);
      const damaged = `${file.name} did not arrive as it is at the hub: its hash is another one.`;
      // What was there before may have been wrong; what has just come is wrong on the way or at the hub.
      if (!resumed) throw new EngineError('server', `${damaged} Try again later.`);
      resumed = false;
      throw brokenOff(damaged);
    }, signal);
    await part.flush();
  } finally {
    await part.close();
    if ((await stat(partPath)).size === 0 && file.size > 0) await rm(partPath);
  }
  await rename(partPath, blob);
}

/** One try at what is missing. Throws where it breaks off; what came until then stays. */
async function fetchRest(
  client: HubClient,
  path: string,
  file: HubFile,
  part: PartFile,
  signal: AbortSignal,
  onBytes: () => void,
): Promise<void> {
  if (part.bytes === file.size) return;
  const range = part.bytes > 0 ? { range: `bytes=${part.bytes}-` } : {};
  const headers = { ...range, 'accept-encoding': 'identity' };
  const { status, headers: answer, body } = await client.get(path, headers, signal);
  const from = status === 206 ? Number(/^bytes (\d+)-/.exec(answer['content-range'] ?? '')?.[1]) : 0;
  if (from !== part.bytes) {
    // It gives the whole, or what nobody asked for.
    await part.startAnew();
    onBytes();
    if (status !== 200) throw brokenOff(`${file.name} could not be gone on with where it was.`);
  }
  for await (const piece of body) {
    if (part.bytes + piece.byteLength > file.size) {
      await part.startAnew();
      throw new EngineError('server', `The hub sends more of ${file.name} than it said that there is.`);
    }
    await part.append(piece);
    onBytes();
  }
  if (part.bytes < file.size)
    throw brokenOff(`${file.name} broke off at ${part.bytes} of ${file.size} bytes.`);
}
