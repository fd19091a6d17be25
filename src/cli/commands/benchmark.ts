import { once } from 'node:events';
import { resolve } from 'node:path';
import { readResults } from '../../dataset/result-rows';
import { benchmarkScore } from '../../score/benchmark/benchmark-score';
import { BENCHMARKS, type Benchmark, macroAverage } from '../../score/benchmark/macro-average';
import type { Args } from '../args';
import { CliError, EXIT, type ExitCode } from '../cli-error';
import type { Command } from '../command';
import type { Io } from '../io';

export const benchmark: Command = {
  name: 'benchmark',
  usage: 'RESULTS.jsonl [--json]',
  summary:
    'Score a results file as evaluations do: first letters, rounded numbers, averages over kinds of questions.',
  options: { json: { help: 'print a JSON object a line: the score of each row, then the averages' } },
  notes: `RESULTS.jsonl is what upstream's inference writes: model_output, answer, problem_type, and for VSI-Bench and SPAR-Bench
original_question_type, over whose kinds their averages go. This is not how a model is rewarded: see \`vilasr score\`.

Exit codes: 0 all was scored, 1 cancelled, 2 a line was not: it is no row, or its answer is empty.`,
  examples: ['results.jsonl', 'vsi_results.jsonl --json'],
  run,
};

async function run(args: Args, io: Io): Promise<ExitCode> {
  const [word = ''] = args.expectWords('The file', 1, 1);
  const json = args.flag('json');
  const kinds: { kind: string; score: number }[] = [];
  let [count, sum, errors] = [0, 0, 0];
  const print = async (text: string) => {
    if (!io.stdout.write(text)) await once(io.stdout, 'drain', { signal: io.signal });
  };
  for await (const entry of readResults(resolve(io.workingFolder, word))) {
    if (io.signal.aborted) throw new CliError(EXIT.notAnswered, 'Cancelled before all was scored.');
    const result =
      'error' in entry
        ? { raises: entry.error }
        : benchmarkScore(entry.row.output, entry.row.gold, entry.row.problemType);
    if ('raises' in result) {
      errors++;
      io.stderr.write(`${word}:${entry.line}: ${result.raises}\n`);
      continue;
    }
    const { score } = result;
    count++;
    sum += score;
    if ('row' in entry && entry.row.kind !== null) kinds.push({ kind: entry.row.kind, score });
    if (json) await print(`${JSON.stringify({ line: entry.line, score })}\n`);
  }
  const mean = count === 0 ? null : sum / count;
  const averages = BENCHMARKS.map((name) => ({ name, ...macroAverage(name, kinds) })).filter(
    ({ overall }) => overall !== null,
  );
  if (json) await print(`${JSON.stringify({ count, mean, benchmarks: averages })}\n`);
  else await print(describe(count, mean, averages));
  return errors === 0 ? EXIT.answered : EXIT.badInput;
}

type Averages = readonly ({ readonly name: Benchmark } & ReturnType<typeof macroAverage>)[];

function describe(count: number, mean: number | null, averages: Averages): string {
  const row = (name: string, value: number | null, rows: number | null) =>
    `${name.padEnd(32)}${(value === null ? '-' : value.toFixed(3)).padStart(8)}${String(rows ?? '').padStart(8)}`;
  const parts = averages.flatMap(({ name, groups, overall }) => [
    '',
    row(name, overall, null),
    ...groups.flatMap((group) => group.kinds.map((one) => row(`  ${one.kind}`, one.mean, one.count))),
  ]);
  return `${[row('all rows', mean, count), ...parts].join('\n')}\n`;
}
