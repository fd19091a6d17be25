import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OverlayFile } from '../../../src/dataset/overlay/overlay-file';
import { readTrace } from '../../../src/trace/trace-line';
import { bundle } from '../../helpers/bundle';
import { randomNumbers } from '../../helpers/random';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { questionEvent, sourceTrace } from '../../unit/dataset/overlay/edits';

const KILLS = process.env.VILASR_LONG === '1' ? 200 : 10;
const TRACES = 1500;

it('a process that is killed while it saves elsewhere leaves the old file or the new one, whole, and the source as it is', async () => {
  const random = randomNumbers(47);
  const program = await bundle(
    join(import.meta.dirname, '..', '..', 'fixtures', 'save-as-program.ts'),
    await temporaryFolder(),
  );
  const folder = await temporaryFolder();
  const [data, out] = [join(folder, 'data.traces.jsonl'), join(folder, 'copy.traces.jsonl')];
  const sources = Array.from({ length: TRACES }, (_, i) => sourceTrace(`trace ${i}`));
  const text = sources.map(({ line }) => `${line}\n`).join('');
  await writeFile(data, text);
  const edited = sources[TRACES - 1];
  if (edited === undefined) throw new Error('there is no trace');
  await (await OverlayFile.of(data)).append([questionEvent(edited, 1, null)]);
  let written = 0;
  for (let round = 0; round < KILLS; round++) {
    const isThere = round % 2 === 0;
    if (isThere) await writeFile(out, 'what was there before');
    else await rm(out, { force: true });
    const child = spawn(process.execPath, [program, data, out], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [printed, complaint] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => {
      printed += piece;
    });
    child.stderr.on('data', (piece: Buffer) => {
      complaint += piece;
    });
    const closed = once(child, 'close');
    // Some are killed in the first time, others while they write over what they wrote.
    while (round % 3 > 0 && printed === '' && child.exitCode === null) await sleep(5);
    await sleep(random() * 400);
    child.kill('SIGKILL');
    await closed;
    expect(complaint).toBe('');

    const now = await readFile(out, 'utf8').catch(() => null);
    const before = isThere ? 'what was there before' : null;
    if (printed !== '' || now !== before) {
      const lines = (now ?? '').split('\n');
      expect(lines).toHaveLength(TRACES + 1);
      expect(lines.slice(0, TRACES - 1)).toEqual(sources.slice(0, -1).map(({ line }) => line));
      expect(readTrace(lines[TRACES - 1] ?? '').trace?.question).toBe('Q1');
      written++;
    }
  }
  expect(written).toBeGreaterThan(KILLS / 2);
  expect(await readFile(data, 'utf8')).toBe(text);
  // What is cut short has a name that says so, and is written over by the next one.
  const names = ['copy.traces.jsonl', 'copy.traces.jsonl.partial', 'data.traces.jsonl'];
  expect([...names, 'data.traces.jsonl.edits.jsonl']).toEqual(expect.arrayContaining(await readdir(folder)));
});
