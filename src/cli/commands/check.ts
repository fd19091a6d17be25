import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathFrom } from '../../dataset/path-from';
import { type CheckedFinding, type CheckSummary, checkSource } from '../../dataset/source/check-source';
import { openDataSource } from '../../dataset/source/open-source';
import type { Args } from '../args';
import { CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { indexThread } from '../parts';
import { Progress } from '../progress';
import { printable } from '../turn-printer';

export const check: Command = {
  name: 'check',
  usage: 'FILE|FOLDER [--images DIR]... [--json]',
  summary:
    'List all that is found of a data file: its JSON, its messages, its drawings, its traces, its images.',
  options: {
    images: {
      value: 'DIR',
      multiple: true,
      help: 'a folder that image paths may start from; may be given again',
    },
    json: { help: 'print a JSON object a line: one for each finding, then the summary' },
  },
  notes: `It takes traces (*.traces.jsonl), cold-start and reflective files (sharegpt: conversations and images), results.jsonl,
question files, verl's dumps of rollouts, each as JSON lines or as one JSON array, and output folders of upstream's inference
(sample_*/text_data.json). What a file is, it tells from what is in it.

Image paths start from the file's folder, from those that it lies in, from the working folder or from --images. Only
what lies in the file's folder, the working folder or --images is looked at.

A finding is an error, a warning, or information: what is nothing wrong, such as a correction.

Exit codes: 0 nothing is wrong, 1 cancelled, 2 something is, or the file is none of these.`,
  examples: ['cold_start/maze.json', 'results.jsonl --images ~/benchmark --json', 'out/'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The file', 1, 1);
  const given = [io.workingFolder, ...args.all('images').map((dir) => resolve(io.workingFolder, dir))];
  const json = args.flag('json');
  const source = await openDataSource(resolve(io.workingFolder, word), {
    startIndex: indexThread(),
    images: (folder) => ({ folder, roots: [folder, ...given], followLinks: true }),
  });
  const progress = new Progress(io);
  const print = async (text: string) => {
    progress.clear();
    if (!io.stdout.write(text)) await once(io.stdout, 'drain', { signal: io.signal });
  };
  try {
    const summary = await checkSource(
      source,
      (finding) => print(json ? jsonLine(finding, io) : textLine(finding, io)),
      { signal: io.signal, onItem: (index) => progress.show(`${index + 1} items`) },
    );
    await print(json ? `${JSON.stringify(summary)}\n` : table(summary));
    const isWrong = summary.codes.some(({ severity }) => severity !== 'information');
    return isWrong ? EXIT.badInput : EXIT.answered;
  } catch (error) {
    if (io.signal.aborted)
      throw new CliError(EXIT.notAnswered, 'Cancelled before the whole file was checked.');
    throw error;
  } finally {
    progress.clear();
    await source.close();
  }
}

const shownPath = (file: string, io: Io): string => pathFrom(io.workingFolder, file);

function jsonLine({ file, ...finding }: CheckedFinding, io: Io): string {
  return `${JSON.stringify({ file: shownPath(file, io), ...finding })}\n`;
}

/** As compilers have it, so that terminals and editors can lead to the line. */
function textLine(finding: CheckedFinding, io: Io): string {
  const { file, line, byte, id, item, turn, path, severity, code, message } = finding;
  const name = id ?? (item === null ? null : `item ${item + 1}`);
  const place = path ?? (turn === undefined ? null : `turn ${turn + 1}`);
  const where = [name, place, `byte ${byte}`].filter((part) => part != null).join(', ');
  return `${printable(`${shownPath(file, io)}:${line}: ${severity} ${code}: ${message} [${where}]`)}\n`;
}

function table({ format, items, clean, codes }: CheckSummary): string {
  const head = `${format}: ${items === 1 ? '1 item' : `${items} items`}, ${clean} with nothing wrong\n`;
  return (
    head +
    codes.map(({ code, severity, count }) => `${String(count).padStart(8)}  ${severity} ${code}\n`).join('')
  );
}
