import { once } from 'node:events';
import { resolve } from 'node:path';
import { makeReport } from '../../dataset/report/make-report';
import { writePage } from '../../dataset/report/write-page';
import { requireOther } from '../../dataset/require-other';
import type { Args } from '../args';
import { CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { describeReport } from '../describe-report';
import type { Io } from '../io';
import { indexThread } from '../parts';
import { Progress } from '../progress';

export const report: Command = {
  name: 'report',
  usage: 'FILE|FOLDER [--csv OUT.csv] [--html OUT.html] [--json]',
  summary: 'Say what the review of a data file comes to: progress, reasons, sources, scores, agreement.',
  options: {
    csv: { value: 'OUT.csv', help: 'write a table besides, a row a trace' },
    html: { value: 'OUT.html', help: 'write a page besides, with plots, that needs nothing else' },
    json: { help: 'print the report as one JSON object' },
  },
  notes: `FILE is whatever vilasr check takes. Its saved edits and the verdicts on its traces are those of FILE.edits.jsonl beside it.
docs/report.md says what is counted, how the rate and the agreement are measured, and what the columns of the table are.

Exit codes: 0 all was counted, 1 cancelled, 2 something was not: it is no trace, or the file cannot be read to its end.`,
  examples: ['cold-start.traces.jsonl', 'maze.json --csv review.csv --html review.html'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The data file', 1, 1);
  const outOf = (name: string) => {
    const given = args.text(name);
    return given === null ? null : resolve(io.workingFolder, given);
  };
  const path = resolve(io.workingFolder, word);
  const [csv, page] = [outOf('csv'), outOf('html')];
  if (page !== null && page === csv) {
    throw new CliError(EXIT.badInput, '--csv and --html name the same file. Give each a name of its own.');
  }
  if (page !== null) await requireOther(path, page);
  const progress = new Progress(io);
  try {
    const made = await makeReport(path, {
      ...{ startIndex: indexThread(), otherwise: null, csv, signal: io.signal },
      onProgress: (done, total) => progress.show(total === null ? `${done}` : `${done} of ${total}`),
    });
    if (page !== null) await writePage(made, path, page);
    progress.clear();
    const text = args.flag('json') ? `${JSON.stringify(made)}\n` : describeReport(made);
    if (!io.stdout.write(text)) await once(io.stdout, 'drain', { signal: io.signal });
    return made.notTraces === 0 && made.fault === null ? EXIT.answered : EXIT.badInput;
  } catch (error) {
    if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled before all was counted.');
    throw error;
  } finally {
    progress.clear();
  }
}
