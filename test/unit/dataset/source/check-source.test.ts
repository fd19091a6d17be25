import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { type CheckedFinding, checkSource } from '../../../../src/dataset/source/check-source';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import { writeTrace } from '../../../../src/trace/trace-line';
import { jsonArray, planOf, questionRow } from '../../../helpers/data-files';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { traceOf } from '../../trace/edit/traces';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'some.json');
});

async function check(content: string, signal = new AbortController().signal) {
  await writeFile(path, content);
  const source = await openDataSource(path, { startIndex: indexHere });
  onTestFinished(() => source.close());
  const findings: CheckedFinding[] = [];
  const summary = await checkSource(source, (finding) => void findings.push(finding), { signal });
  return { summary, findings };
}

it('counts items, those without a finding, and findings by their code', async () => {
  const rows = [0, 1, 2, 3].map((i) => ({ ...questionRow(planOf(i)), id: `q${i % 3}` }));
  const broken = [{ ...rows[1], answer: null, question: 3 }, ...rows];
  const { summary, findings } = await check(`${JSON.stringify(broken).slice(0, -1)},`);
  expect(summary).toEqual({
    format: 'questions',
    items: 5,
    clean: 3,
    findings: 4,
    codes: [
      { code: 'bad-field', severity: 'error', count: 2 },
      { code: 'cut-short', severity: 'error', count: 1 },
      { code: 'duplicate-id', severity: 'warning', count: 1 },
    ],
  });
  expect(findings.map(({ item, id, code }) => [item, id, code])).toEqual([
    [0, null, 'bad-field'],
    [0, null, 'bad-field'],
    [4, 'q0', 'duplicate-id'],
    [null, null, 'cut-short'],
  ]);
  expect(findings[2]?.message).toBe('The id "q0" is that of item 2 too.');
});

it('stops when it is told to', async () => {
  const abort = new AbortController();
  abort.abort(new Error('enough'));
  await expect(check(jsonArray(3, questionRow), abort.signal)).rejects.toThrow('enough');
});

it('finds what is to be said of each trace as a whole; information alone leaves an item clean', async () => {
  const turn = (left: number) =>
    formatDrawingTurn('I mark it.', [{ index: 1, bbox_2d: [left, 2, 30, 40], label: 'cup' }]);
  const trace = (id: string, ...texts: string[]) =>
    writeTrace({ ...traceOf([...texts, formatAnswerTurn('So.', 'B')]), id });
  const { summary, findings } = await check(`[${trace('a', turn(1), turn(9))},\n${trace('b', turn(-9))}]`);
  expect(findings).toMatchObject([
    { item: 0, id: 'a', code: 'revision', severity: 'information', turn: 1, line: 1 },
    { item: 1, id: 'b', code: 'out-of-image', severity: 'warning', turn: 0, line: 2 },
  ]);
  expect(summary).toMatchObject({ items: 2, clean: 1, findings: 2 });
});
