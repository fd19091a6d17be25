import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { Trace } from '../../../src/trace/trace';
import { chatServer } from '../../helpers/chat-server';
import { draws } from '../../helpers/drawing-server';
import { randomNumbers } from '../../helpers/random';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { readTraces, startVilasr, vilasr } from '../../helpers/vilasr';

const KILLS = 100;
/** Sets that are drawn at the same time, each by processes of its own. */
const SETS = 2;

/** What a candidate says, whenever and by whichever process it was drawn. */
const gist = ({ id, turns, finish, run }: Trace) => ({
  ...{ id, finish, seed: run?.sampling.seed },
  texts: turns.map(({ text }) => text),
});
const byId = (traces: readonly Trace[]) => traces.map(gist).sort((a, b) => (a.id < b.id ? -1 : 1));

/** What is known of a set that is drawn by processes that are killed. */
class WatchedSet {
  /** Its whole lines, as they were when it was looked at last. */
  private lines = '';
  /** Ids of the candidates of which a process said that they are in the file, as failed. */
  private readonly said = new Set<string>();

  constructor(private readonly path: string) {}

  /** Looks at it when a process has ended: every line is still there, and what was said to be there is. */
  look(stderr: string): void {
    const now = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
    expect(now.startsWith(this.lines)).toBe(true);
    this.lines = now.slice(0, now.lastIndexOf('\n') + 1);
    const ids = this.lines
      .split('\n')
      .flatMap((line): string[] => (line === '' ? [] : [JSON.parse(line).id]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ''] of stderr.matchAll(/^(\S+) counts as failed/gm)) this.said.add(id);
    expect([...this.said].filter((id) => !ids.includes(id))).toEqual([]);
  }

  /** Compares it with one that nothing disturbed, and takes it away. */
  async end(whole: readonly Trace[]): Promise<void> {
    expect(byId(readTraces(this.path))).toEqual(byId(whole));
    expect(this.said.size).toBeGreaterThan(0);
    await rm(this.path);
    this.said.clear();
    this.lines = '';
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  await vilasr(['synth', 'maze', '--count', '5', '--seed', '4', '--out', folder]);
  return () => rm(folder, { recursive: true, force: true });
});

const sample = (url: string, out: string) => [
  ...['sample', join(folder, 'questions.jsonl'), '-n', '20', '--out', out],
  ...['--model', url, '--parallel', '4'],
];

/** Draws sets whose processes are killed so many times, until one is whole after that. How many became whole. */
async function drawAndKill(
  out: string,
  whole: readonly Trace[],
  kills: number,
  seed: number,
): Promise<number> {
  const server = await chatServer([draws()]);
  const random = randomNumbers(seed);
  const set = new WatchedSet(out);
  let ends = 0;
  for (let done = 0; done < kills; ) {
    const from = server.requests.length;
    const run = startVilasr(sample(server.url, out));
    // How far it gets is not for the speed of the machine to say. Some are killed before they ask for anything.
    const least = Math.floor(random() * 30);
    if (least < 3) await sleep(random() * 150);
    else while (server.requests.length < from + least && run.child.exitCode === null) await sleep(1);
    await sleep(random() * 5);
    const wasGoing = run.child.exitCode === null && run.child.kill('SIGKILL');
    const { exitCode, stderr } = await run.finished;
    set.look(stderr);
    if (exitCode === 0) {
      await set.end(whole);
      ends++;
    } else if (wasGoing) done++;
  }
  const { exitCode, stderr } = await vilasr(sample(server.url, out));
  expect(exitCode).toBe(0);
  set.look(stderr);
  await set.end(whole);
  return ends + 1;
}

it(`sampling of a server, killed at ${KILLS} random moments, loses no candidate and draws none twice`, async () => {
  const server = await chatServer([draws()]);
  const out = join(await temporaryFolder(), 'whole.traces.jsonl');
  expect((await vilasr(sample(server.url, out))).exitCode).toBe(0);
  const whole = readTraces(out);
  expect(new Set(whole.map(({ id }) => id)).size).toBe(100);
  expect(whole.some(({ finish }) => finish === 'failed')).toBe(true);
  const ends = await Promise.all(
    Array.from({ length: SETS }, async (_, i) =>
      drawAndKill(join(await temporaryFolder(), 'set.traces.jsonl'), whole, KILLS / SETS, 77 + i),
    ),
  );
  for (const count of ends) expect(count).toBeGreaterThan(1);
});
