import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A program that does what ffmpeg does for us: says how long a video is, and writes a frame where one is asked for. */
export async function fakeFfmpeg(folder: string): Promise<string> {
  const path = join(folder, 'ffmpeg');
  const script = `#!${process.execPath}
console.error('  Duration: 00:00:08.00, start: 0.000000');
const out = process.argv.at(-1);
if (out.endsWith('.png')) require('node:fs').writeFileSync(out, 'frame');
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}
