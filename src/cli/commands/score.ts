import { once } from 'node:events';
import { resolve } from 'node:path';
import { scoreDialogues } from '../../dataset/scoring/score-dialogues';
import { openDataSource } from '../../dataset/source/open-source';
import { MIN_SHIFT } from '../../score/reflection';
import { ScoreSums } from '../../score/score-sums';
import { scoredTrace } from '../../score/scored-trace';
import { type ScoredAlone, ScoresAmong, scoreAlone } from '../../score/scores-among';
import type { Args } from '../args';
import { CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import { describeScores } from '../describe-scores';
import type { Io } from '../io';
import { indexThread, SCORE_WORKER } from '../parts';
import { Progress } from '../progress';

export const score: Command = {
  name: 'score',
  usage: 'FILE|FOLDER [--messages] [--min-shift PX] [--json]',
  summary:
    'Score traces: accuracy, format and reward as the paper and as its code have them, reflection, flags.',
  options: {
    messages: { help: 'the file has a dialogue a line: {messages, question_type, gold}' },
    'min-shift': {
      value: 'PX',
      help: `pixels that a shape must move to count as revised (default ${MIN_SHIFT})`,
    },
    json: { help: 'print a JSON object a line, in the order of the file, one for each trace' },
  },
  notes: `It takes what \`vilasr check\` takes, and with --messages a file of JSON lines:
{"messages": [{"role": …, "content": …}], "question_type": "multiple choice", "gold": "A"}.
docs/scores.md says what each score is, and where the paper and its code differ.

Exit codes: 0 all was scored, 1 cancelled, 2 something was not: it is no trace, or no dialogue.`,
  examples: ['runs.traces.jsonl', 'out/ --json', '--messages rollouts.jsonl --json'],
  run,
};

/** One of the file: what it comes to, or why it is not scored. */
type Entry = { readonly line: number } & (
  | (ScoredAlone & { readonly id?: string })
  | { readonly error: string }
);

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The file', 1, 1);
  const path = resolve(io.workingFolder, word);
  const minShift = args.number('min-shift', { min: 0 }) ?? MIN_SHIFT;
  const json = args.flag('json');
  const progress = new Progress(io);
  const known = new ScoresAmong();
  const sums = new ScoreSums();
  let errors = 0;
  const scored: AsyncIterable<readonly Entry[]> = args.flag('messages')
    ? scoreDialogues(path, { minShift, entry: SCORE_WORKER })
    : scoreTraces(path, minShift, io);
  try {
    for await (const entries of scored) {
      io.signal.throwIfAborted();
      let text = '';
      for (const entry of entries) {
        if ('error' in entry) {
          errors++;
          progress.clear();
          io.stderr.write(`${word}:${entry.line}: ${entry.error}\n`);
          continue;
        }
        const result = known.add(entry);
        sums.add(result);
        if (json) text += `${JSON.stringify({ line: entry.line, id: entry.id ?? null, ...result })}\n`;
      }
      if (text !== '') await print(text, io);
      progress.show(`${sums.count} scored`);
    }
  } catch (error) {
    if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled before all was scored.');
    throw error;
  } finally {
    progress.clear();
  }
  if (!json) await print(describeScores(sums.means), io);
  return errors === 0 ? EXIT.answered : EXIT.badInput;
}

async function print(text: string, io: Io): Promise<void> {
  if (!io.stdout.write(text)) await once(io.stdout, 'drain', { signal: io.signal });
}

async function* scoreTraces(path: string, minShift: number, io: Io): AsyncGenerator<readonly Entry[]> {
  const source = await openDataSource(path, {
    startIndex: indexThread(),
    images: (folder) => ({ folder, roots: [folder, io.workingFolder], followLinks: true }),
  });
  try {
    for (let index = 0; ; index++) {
      const item = await source.item(index);
      if (item === null) break;
      const { line, trace, findings } = item;
      if (trace === null) yield [{ line, error: findings[0]?.message ?? 'It is no trace.' }];
      else yield [{ line, id: trace.id, ...scoreAlone(scoredTrace(trace), { minShift }) }];
    }
    const { fault } = source;
    if (fault !== null)
      yield [{ line: fault.line, error: `It cannot be read beyond here: ${fault.message}` }];
  } finally {
    await source.close();
  }
}
