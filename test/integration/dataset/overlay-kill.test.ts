import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OverlayFile } from '../../../src/dataset/overlay/overlay-file';
import { replay } from '../../../src/dataset/overlay/replay';
import { readTrace } from '../../../src/trace/trace-line';
import { bundle } from '../../helpers/bundle';
import { randomNumbers } from '../../helpers/random';
import { questionEvent, sha256, sourceTrace } from '../../unit/dataset/overlay/edits';

const KILLS = process.env.VILASR_LONG === '1' ? 200 : 10;

let root: string;
let program: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vilasr-kill-'));
  program = await bundle(join(import.meta.dirname, '..', '..', 'fixtures', 'edit-program.ts'), root);
});
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** A process that edits, saves and judges until it is killed, and the events that it said were on disk. */
function start(data: string, who: string) {
  const child = spawn(process.execPath, [program, data, who], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const closed = once(child, 'close');
  return {
    /** Kills it some time after it has saved `least` times: a busy machine gives it little in however long. */
    kill: async (least: number, milliseconds: number) => {
      while (printed.split('\n').length <= least && child.exitCode === null) await sleep(2);
      await sleep(milliseconds);
      child.kill('SIGKILL');
      await closed;
      expect(complaint).toBe('');
      return printed.split('\n').slice(0, -1);
    },
  };
}

describe.each([1, 2])('%i processes that are killed while they save', (processes) => {
  it('lose no edit and no verdict that they said was saved, and leave the source as it is', async () => {
    const random = randomNumbers(31 + processes);
    const folder = join(root, `with-${processes}`);
    const sources = ['a', 'b', 'c'].map((id) => sourceTrace(`${id}${processes}`));
    const text = sources.map(({ line }) => `${line}\n`).join('');
    const data = join(await mkdtemp(folder), 'data.traces.jsonl');
    await writeFile(data, text);
    const saved: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const running = Array.from({ length: processes }, (_, i) => start(data, `person ${i}`));
      const said = await Promise.all(
        running.map(({ kill }) => kill(Math.floor(random() * 12), random() * 30)),
      );
      saved.push(...said.flat());

      const file = await OverlayFile.of(data);
      const unknown = saved.filter((id) => !file.overlay.has(id));
      expect(unknown).toEqual([]);
      expect(file.findings.filter(({ code }) => code !== 'torn-line')).toEqual([]);
    }
    expect(saved.length).toBeGreaterThan(KILLS);
    expect(await readFile(data, 'utf8')).toBe(text);

    const file = await OverlayFile.of(data);
    for (const { ref } of sources) expect(file.overlay.verdicts.of(ref).length).toBeGreaterThan(0);
    const after = sourceTrace('beside');
    await file.append([questionEvent(after, 1, null)]);
    expect(file.findings).toEqual([]);
    for (const { ref, line } of sources) {
      const { trace } = readTrace(line);
      expect(ref.hash).toBe(sha256(line));
      if (trace === null) throw new Error('it is no trace');
      expect(replay(trace, file.overlay.of(ref)).findings).toEqual([]);
    }
    expect((await readdir(join(data, '..'))).sort()).toEqual([
      'data.traces.jsonl',
      'data.traces.jsonl.edits.jsonl',
    ]);
  });
});
