import { resolve } from 'node:path';
import { readConversations } from '../../dataset/conversation-rows';
import { DataError } from '../../dataset/data-error';
import { LineFile } from '../../dataset/line-file';
import { captureProfile } from '../../reason/capture-profile';
import { defaultProfile } from '../../reason/default-profile';
import { profileHash } from '../../reason/profile';
import type { Args } from '../args';
import { EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { printable } from '../turn-printer';

export const profileCapture: Command = {
  name: 'profile capture',
  usage: 'FILE [--out PROFILE.json]',
  summary: 'Take the prompt wording of a data set: the words that its model was trained on.',
  options: {
    out: { value: 'PROFILE.json', help: 'where to write the profile (stdout)' },
  },
  notes: `FILE holds conversations in LLaMA-Factory's sharegpt form: a JSON array, or one a line, of objects whose
"conversations" are messages with role and content. What no row shows is taken from the built-in profile; that and
everything doubtful is said on stderr.`,
  examples: ['cold_start/maze.json --out maze-profile.json'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The data set file', 1, 1);
  const path = resolve(io.workingFolder, word);
  const { profile, notes } = captureProfile(await readConversations(path), defaultProfile);
  for (const { field, message } of notes) io.stderr.write(`${field}: ${printable(message)}\n`);
  const json = JSON.stringify(profile, null, 2);
  const out = args.text('out');
  if (out === null) {
    io.stdout.write(`${json}\n`);
    return EXIT.answered;
  }
  const target = resolve(io.workingFolder, out);
  if (target === path) throw new DataError('--out is the data set itself; it would be lost.');
  const file = await LineFile.create(target);
  await file.add(json);
  await file.finish();
  io.stdout.write(`${target} (${profileHash(profile)})\n`);
  return EXIT.answered;
}
