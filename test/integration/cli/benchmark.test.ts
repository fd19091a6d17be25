import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { vilasr } from '../../helpers/vilasr';

it('scores a results file, with the averages of its benchmark', async () => {
  const path = join(await temporaryFolder(), 'results.jsonl');
  const row = (model_output: string, answer: string, problem_type: string, original_question_type: string) =>
    JSON.stringify({ model_output, answer, problem_type, original_question_type });
  const rows = [
    row('<answer> a table </answer>', 'A', 'multiple choice', 'route_planning'),
    row('<answer>4</answer>', '5', 'regression', 'object_counting'),
    row('', 'A', 'multiple choice', 'route_planning'),
  ];
  await writeFile(path, rows.join('\n'));
  const { stdout, stderr, exitCode } = await vilasr(['benchmark', path, '--json']);
  const [first, second, last] = stdout.split('\n', 3).map((line) => JSON.parse(line));
  expect([first.score, second.score]).toEqual([1, Math.fround(0.6)]);
  expect(last).toMatchObject({
    count: 2,
    benchmarks: [{ name: 'vsi-bench', overall: (1 + Math.fround(0.6)) / 2 }],
  });
  expect(stderr).toBe(`${path}:3: an answer is empty\n`);
  expect(exitCode).toBe(2);
});
