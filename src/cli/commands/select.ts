import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineFile } from '../../dataset/line-file';
import { pathFrom } from '../../dataset/path-from';
import { openDataSource } from '../../dataset/source/open-source';
import { CRITERIA, type Criteria, Selection, STAGES } from '../../sample/select';
import { selectionPath, writeSelection } from '../../sample/selection-record';
import { MAZE_FRAMES } from '../../trace/maze-grid';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import type { Args } from '../args';
import { badInput, badUsage, CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';
import { indexThread } from '../parts';
import { Progress } from '../progress';

export const select: Command = {
  name: 'select',
  usage: `SET.traces.jsonl --for ${STAGES.join('|')} --out KEPT.traces.jsonl [options]`,
  summary: 'Keep the candidates of a set that are examples for a stage of training.',
  options: {
    for: {
      value: STAGES.join('|'),
      help: 'both want right answers and a format that holds; cold-start also three turns and,\nin mazes, lines between centres of cells; reflective also a real revision',
    },
    out: { value: 'KEPT.traces.jsonl', help: 'a new file, whole or not at all' },
    'least-turns': {
      value: 'N',
      help: `least turns (${CRITERIA['cold-start'].leastTurns} for cold-start, else ${CRITERIA.reflective.leastTurns})`,
    },
    'maze-frame': {
      value: MAZE_FRAMES.join('|'),
      help: 'where the cells of mazes lie, for cold-start: all over the image, or within\nthe margins that matplotlib leaves around its axes (image)',
    },
    most: { value: 'N', help: 'candidates of one question, the first ones (all)' },
    json: { help: 'print what was kept and left out, and why, as one JSON object' },
  },
  notes: `By what was chosen, with every number, and how many were left out for which reason is written beside the file, as
KEPT.selection.json. A point is near the centre of a cell within half a cell.

Exit codes: 0 something was kept, 1 nothing was or it was cancelled, 2 the file cannot be read.`,
  examples: [
    'mazes.set.traces.jsonl --for reflective --out reflective.traces.jsonl',
    'teacher.set.traces.jsonl --for cold-start --most 1 --out cold-start.traces.jsonl',
  ],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The file', 1, 1);
  const path = resolve(io.workingFolder, word);
  const out = resolve(io.workingFolder, args.required('out'));
  const stage = args.choice('for', STAGES);
  if (stage === null) throw badUsage(`--for is missing: --for ${STAGES.join('|')}.`);
  const criteria = readCriteria(args, CRITERIA[stage]);
  const most = args.whole('most', { min: 1 });
  if (existsSync(out)) throw badInput(`${out} is there already. Name another file.`);
  const selection = new Selection(criteria, most ?? Number.POSITIVE_INFINITY);
  const source = await openDataSource(path, {
    startIndex: indexThread(),
    images: (folder) => ({ folder, roots: [folder, io.workingFolder], followLinks: true }),
  });
  const progress = new Progress(io);
  const file = await LineFile.create(out);
  try {
    for (let index = 0; ; index++) {
      if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled. Nothing was written.');
      const item = await source.item(index);
      if (item === null) break;
      const { trace, line, findings } = item;
      if (trace === null) throw badInput(`${word}:${line}: ${findings[0]?.message ?? 'It is no trace.'}`);
      if (selection.keeps(trace)) {
        const kept = moved(trace, dirname(path), dirname(out));
        await file.add(kept === trace && source.format === 'traces' ? item.raw : writeTrace(kept));
      }
      progress.show(`${selection.kept} of ${index + 1} kept`);
    }
    if (source.fault !== null) throw badInput(`${word} cannot be read to its end: ${source.fault.message}`);
    await (selection.kept > 0 ? file.finish() : file.discard());
  } catch (error) {
    await file.discard();
    throw error;
  } finally {
    progress.clear();
    await source.close();
  }
  const { kept, leftOut } = selection;
  if (kept > 0) {
    const record = { criteria, most, kept, leftOut: Object.fromEntries(leftOut) };
    await writeSelection(selectionPath(out), { from: pathFrom(dirname(out), path), ...record });
  }
  io.stdout.write(
    args.flag('json')
      ? `${JSON.stringify({ kept, leftOut: Object.fromEntries(leftOut) })}\n`
      : [`${kept} kept`, ...[...leftOut].map(([why, count]) => `${count} left out: ${why}`), ''].join('\n'),
  );
  return kept > 0 ? EXIT.answered : EXIT.notAnswered;
}

function readCriteria(args: Args, criteria: Criteria): Criteria {
  const frame = args.choice('maze-frame', MAZE_FRAMES);
  if (frame !== null && criteria.centres === null) throw badUsage('--maze-frame is for --for cold-start.');
  return {
    ...criteria,
    leastTurns: args.whole('least-turns', { min: 1 }) ?? criteria.leastTurns,
    centres: criteria.centres && { ...criteria.centres, frame: frame ?? criteria.centres.frame },
  };
}

/** The trace with its image paths as they are from another folder. */
function moved(trace: Trace, from: string, to: string): Trace {
  if (from === to) return trace;
  return {
    ...trace,
    images: trace.images.map((image) => ({ ...image, path: pathFrom(to, resolve(from, image.path)) })),
  };
}
