import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../shared/error-code';
import { sampleMoments } from './sample-frames';

/** There is no ffmpeg where it was looked for. */
export class NoFfmpeg extends Error {
  override readonly name = 'NoFfmpeg';
}

/** ffmpeg could not read the video; `message` ends with its own words. */
export class VideoError extends Error {
  override readonly name = 'VideoError';
}

export interface FrameOptions {
  /** The program. */
  readonly ffmpeg: string;
  /** How many frames. */
  readonly count: number;
  /** Folder in which the frames of each video get a folder of their own. */
  readonly storage: string;
  readonly signal: AbortSignal;
  readonly onFrame: (done: number, total: number) => void;
}

/**
 * Frames of a video as PNG files, from the middles of equal spans, in the order of time. Those of the same file and number
 * are not made again. Rejects with the signal's reason when it is aborted.
 *
 * @throws NoFfmpeg, VideoError
 */
export async function extractFrames(video: string, options: FrameOptions): Promise<string[]> {
  const { ffmpeg, count, storage, signal, onFrame } = options;
  const folder = join(storage, await nameOf(video, count));
  const list = async (from: string) => (await readdir(from)).sort().map((name) => join(folder, name));
  const found = await list(folder).catch(() => null);
  if (found !== null) return found;

  const seconds = await readDuration(ffmpeg, video, signal);
  // Of this call alone: another one, of another window too, may be taking the same frames.
  const partial = `${folder}.${randomUUID()}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    for (const [i, moment] of sampleMoments(seconds, count).entries()) {
      onFrame(i, count);
      const out = join(partial, `frame-${String(i + 1).padStart(String(count).length, '0')}.png`);
      const seek = ['-ss', moment.toFixed(3), ...input(video), '-frames:v', '1', '-an', '-y', out];
      const said = await runFfmpeg(ffmpeg, seek, signal);
      const written = await stat(out).catch(() => null);
      if (written === null) throw new VideoError(`No frame at ${moment.toFixed(1)} s: ${lastLine(said)}`);
    }
    await rename(partial, folder).catch(async (error: unknown) => {
      // The other one was faster; its frames are the same.
      if ((await list(folder).catch(() => null)) === null) throw error;
    });
    return await list(folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Only files are opened, whatever the video refers to. */
const input = (video: string): string[] => ['-protocol_whitelist', 'file', '-i', video];

/** Changes when the video does. */
async function nameOf(video: string, count: number): Promise<string> {
  const { size, mtimeMs } = await stat(video);
  const key = JSON.stringify([video, size, mtimeMs, count]);
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

async function readDuration(ffmpeg: string, video: string, signal: AbortSignal): Promise<number> {
  const said = await runFfmpeg(ffmpeg, input(video), signal);
  const seconds = parseDuration(said);
  if (seconds === null) throw new VideoError(`It cannot be said how long the video is: ${lastLine(said)}`);
  return seconds;
}

/** The length of the input in seconds, from what ffmpeg says of it; null if it says none. */
export function parseDuration(said: string): number | null {
  const [, hours, minutes, seconds] = /^\s*Duration: (\d+):(\d{2}):(\d{2}(?:\.\d+)?),/m.exec(said) ?? [];
  if (seconds === undefined) return null;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : null;
}

const lastLine = (said: string): string => said.trim().split('\n').at(-1)?.trim() ?? '';

const MOST_SAID = 64_000;

/** Runs the program and gives what it wrote to stderr, whatever its exit code: without an output it always fails. */
function runFfmpeg(ffmpeg: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(ffmpeg, ['-hide_banner', '-nostdin', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      windowsHide: true,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_SAID);
    });
    child.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') {
        reject(new NoFfmpeg(`${ffmpeg} cannot be started: ${error.message}`));
      } else reject(error);
    });
    child.on('close', () => resolve(said));
  });
}
