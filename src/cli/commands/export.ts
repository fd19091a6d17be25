import { resolve } from 'node:path';
import { dataSetName } from '../../dataset/export/data-set-name';
import { EditedItems } from '../../dataset/export/edited-items';
import { exportData } from '../../dataset/export/export-data';
import { EXPORT_FORMATS, hasImageFiles, IMAGE_MODES, saysPrompts } from '../../dataset/export/export-target';
import type { Manifest } from '../../dataset/export/manifest';
import { NewFolder } from '../../dataset/export/new-folder';
import { openTarget } from '../../dataset/export/open-target';
import { readOverlay } from '../../dataset/export/read-overlay';
import { findProfile } from '../../dataset/read-profile';
import { findImage } from '../../dataset/source/image-paths';
import { openDataSource } from '../../dataset/source/open-source';
import { defaultProfile } from '../../reason/default-profile';
import { profileHash } from '../../reason/profile';
import type { Args } from '../args';
import { badUsage, CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { indexThread, openPixels } from '../parts';
import { Progress } from '../progress';
import { printable } from '../turn-printer';

export const exportCommand: Command = {
  name: 'export',
  usage: `FILE --for ${EXPORT_FORMATS.join('|')} [--all] --out DIR [options]`,
  summary:
    'Write the approved traces of a data file, or all, with their edits as a new data set, ready to train on.',
  options: {
    for: { value: EXPORT_FORMATS.join('|'), help: 'the form of the new data set' },
    all: { help: 'all traces, whatever the verdicts on them (those that are approved)' },
    out: { value: 'DIR', help: 'folder for the new data set; it must be new or empty' },
    images: { value: IMAGE_MODES.join('|'), help: 'how pictures that stay as they are get there (copy)' },
    profile: {
      value: 'FILE',
      help: 'prompt profile for the words that are said to the model (the built-in one)',
    },
    'skip-missing': { help: 'leave traces out whose pictures are missing or broken' },
    json: { help: 'print the manifest as one JSON object' },
  },
  notes: `FILE is whatever vilasr check takes. It is never written; its edits and the verdicts on its traces are those of
FILE.edits.jsonl beside it. A trace that was edited since it was approved is not approved any more. In DIR:
  traces         FILE's name, where traces without edits keep their bytes, and the pictures at the same relative paths
  llamafactory   NAME.json in sharegpt form, dataset_info.json, settings for the cold start and the reflective stage, and
                 images/: inputs as the model sees them, byte for byte
                 where they have that size already, and what was drawn, drawn anew; of a file in sharegpt form
                 all images whose drawings have no edits byte for byte
  huggingface    data/train.parquet with questions, conversations, the same images, scores and verdicts, as datasets
                 loads them, and README.md, the card of the data set
  verl, easyr1   train.parquet with each question once, its pictures and its right answer, reward.py, whose values are those
                 of vilasr score, settings, train.sh, README.md; for verl also the rollout in which the model draws
  manifest.json  counts, the SHA-256 of every file, which edits were applied, who judged, what was left out and why
DIR is there when all of it is written and was read again, or not at all.`,
  examples: [
    'cold-start.traces.jsonl --for llamafactory --out maze-sft',
    'cold-start.traces.jsonl --for traces --all --out corrected --images link',
    'cold-start.traces.jsonl --for huggingface --out hub',
    'questions.traces.jsonl --for verl --all --out rl',
  ],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The data file', 1, 1);
  args.required('for');
  const format = args.choice('for', EXPORT_FORMATS) ?? 'traces';
  const mode = args.choice('images', IMAGE_MODES) ?? 'copy';
  const out = resolve(io.workingFolder, args.required('out'));
  const choice = args.flag('all') ? 'all' : 'approved';
  const profilePath = args.text('profile');
  if (profilePath !== null && !saysPrompts(format)) throw badUsage('--profile is not for --for traces.');
  if (mode === 'link' && !hasImageFiles(format))
    throw badUsage(`--images link is not for --for ${format}: the pictures are in its data file.`);
  const profile = profilePath === null ? defaultProfile : await findProfile(profilePath, io.workingFolder);

  const path = resolve(io.workingFolder, word);
  const name = dataSetName(path);
  const progress = new Progress(io);
  const open: { close(): Promise<void> }[] = [];
  try {
    const source = await openDataSource(path, { startIndex: indexThread() });
    open.push(source);
    const places = { folder: source.folder, roots: [source.folder, io.workingFolder], followLinks: true };
    const locate = (image: string) => findImage(image, places);
    const { overlay, record } = await readOverlay(path);
    const folder = await NewFolder.create(out);
    open.push({ close: () => folder.discard() });
    const pixels = openPixels();
    open.push(pixels);
    const fromTraces = source.format === 'traces';
    const given = { folder, name, fromTraces, locate, mode, profile, renderer: pixels };
    const target = await openTarget(format, given);
    const manifest = await exportData(new EditedItems(source, overlay, choice), {
      format,
      folder,
      target,
      overlay: record,
      profile: saysPrompts(format) ? profileHash(profile) : null,
      skipMissing: args.flag('skip-missing'),
      signal: io.signal,
      onProgress: (done, total) => progress.show(total === null ? `${done}` : `${done} of ${total}`),
    });
    progress.clear();
    for (const line of remarks(manifest)) io.stderr.write(`${printable(line)}\n`);
    io.stdout.write(args.flag('json') ? `${JSON.stringify(manifest)}\n` : `${summary(manifest, out)}\n`);
    return EXIT.answered;
  } catch (error) {
    if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled; nothing was written.');
    throw error;
  } finally {
    progress.clear();
    // The pixels first: they may still write into the folder.
    for (const part of open.reverse()) await part.close();
  }
}

/** More lines than anyone reads; the manifest has them all. */
const MOST = 20;

/** What the user should know besides. */
function remarks({ overlay, verdicts, leftOut, notes }: Manifest): string[] {
  const unjudged = verdicts.exported === 'approved' ? verdicts.counts['not-judged'] : 0;
  const all = [
    ...(overlay?.problems ?? []),
    ...(overlay?.notApplied ?? []).map(
      ({ label, who, at, reason }) => `"${label}" (${who}, ${at}) was not applied. ${reason}`,
    ),
    ...(unjudged > 0 ? [`${unjudged} that nobody judged were left out.`] : []),
    ...leftOut.map(
      ({ line, id, reason }) => `Line ${line}${id === null ? '' : `, ${id}`}, was left out: ${reason}`,
    ),
    ...notes.map(({ line, id, note }) => `Line ${line}, ${id}: ${note}`),
  ];
  if (all.length <= MOST) return all;
  return [...all.slice(0, MOST), `And ${all.length - MOST} more, which are in manifest.json.`];
}

function summary({ counts }: Manifest, out: string): string {
  const { written, read, edited, images } = counts;
  const how = Object.entries(images).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return `${written} of ${read} traces, ${edited} of them edited, in ${out}\n${how.length > 0 ? `images: ${how.join(', ')}` : 'no images'}`;
}
