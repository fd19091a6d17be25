import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { vilasr } from '../../helpers/vilasr';
import { sha256 } from '../../unit/dataset/overlay/edits';
import { said } from '../../unit/dataset/report/said';

/** Mazes that two people have judged; gives the folder that `mazes` is in. */
async function reviewed(): Promise<string> {
  const cwd = await temporaryFolder();
  await vilasr(['synth', 'maze', '--count', '4', '--seed', '5', '--out', 'mazes'], { cwd });
  const path = join(cwd, 'mazes/cold-start.traces.jsonl');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const refs = lines.map((line) => ({ ref: { hash: sha256(line), occurrence: 0 } }));
  const events = refs.flatMap((source, i) => [
    ...(i < 3
      ? [said(source, 2 * i, 'Al', i === 0 ? 'rejected' : 'approved', i === 0 ? { reason: '=wrong' } : {})]
      : []),
    ...(i < 2 ? [said(source, 2 * i + 1, 'Bo', 'approved')] : []),
  ]);
  await writeFile(
    `${path}.edits.jsonl`,
    events
      .map((event, i) => `${JSON.stringify({ ...event, id: event.id.replace(/^0/, String(i)) })}\n`)
      .join(''),
  );
  return cwd;
}

const FILE = 'mazes/cold-start.traces.jsonl';

it('prints what the review comes to, and writes a table and a page', async () => {
  const cwd = await reviewed();
  const args = ['report', FILE, '--csv', 'out.csv', '--html', 'out.html'];
  const { stdout, stderr, exitCode } = await vilasr(args, { cwd });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^4 traces, 3 judged \(75 %\), 100 % of these approved, 0 edited\n/);
  expect(stdout).toMatch(/\nAl and Bo +2 +50 % +0\.00\n/);
  expect(stdout).toContain('line 1, maze-5-0: Al rejected (=wrong), Bo approved\n');
  expect(exitCode).toBe(0);
  expect((await readdir(cwd)).sort()).toEqual(['mazes', 'out.csv', 'out.html']);
  expect((await readFile(join(cwd, 'out.csv'), 'utf8')).split('\r\n')).toHaveLength(6);
  expect(await readFile(join(cwd, 'out.html'), 'utf8')).toMatch(/^<!DOCTYPE html>[\s\S]*<\/html>\n$/);
});

it('is one JSON object, if that is asked for', async () => {
  const { stdout } = await vilasr(['report', FILE, '--json'], { cwd: await reviewed() });
  expect(JSON.parse(stdout)).toMatchObject({
    traces: 4,
    verdicts: { approved: 3, rejected: 0, 'not-judged': 1 },
    agreement: { pairs: 2, agreed: 1, disagreements: [{ place: { line: 1, id: 'maze-5-0' } }] },
  });
});

it('never writes over the data file, and says what it cannot read', async () => {
  const cwd = await reviewed();
  const before = await readFile(join(cwd, FILE), 'utf8');
  const { stderr, exitCode } = await vilasr(['report', FILE, '--html', FILE], { cwd });
  expect(stderr).toContain('itself is never written');
  expect(exitCode).toBe(2);
  expect(await readFile(join(cwd, FILE), 'utf8')).toBe(before);
  expect((await vilasr(['report', 'nowhere.jsonl'], { cwd })).exitCode).toBe(2);
});
