/**
 * Measures how fast dialogues are scored, against the same formulas in plain Python (`test/bench/score_peer.py`), in the same
 * run. Both must say the same of every dialogue.
 *
 *     npm run bench:score [-- THOUSANDS]
 *
 * VILASR_PYTHON is the Python to compare with (python3).
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureDependencies, entry, ROOT, run, SetupError } from './setup.mjs';

const PROGRAM = join(ROOT, 'dist', 'cli.js');
const WORLDS = 500;

entry(async ([thousands = '100']) => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  const folder = mkdtempSync(join(tmpdir(), 'vilasr-bench-'));
  try {
    const rows = join(folder, 'rows.jsonl');
    const count = Number(thousands) * 1000;
    await write(rows, dialogues(folder), count);
    console.log(`${count} dialogues; ${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)}`);
    const python = process.env.VILASR_PYTHON ?? 'python3';
    const [here, there] = [join(folder, 'ours.jsonl'), join(folder, 'theirs.jsonl')];
    const ours = timed(process.execPath, [PROGRAM, 'score', '--messages', rows, '--json'], here);
    const theirs = timed(python, [join(ROOT, 'test', 'bench', 'score_peer.py'), rows], there);
    await compare(here, there, count);
    console.log(`vilasr score   ${describe(ours, count)}`);
    console.log(`plain Python   ${describe(theirs, count)}`);
    console.log(`ratio          ${(theirs.seconds / ours.seconds).toFixed(2)}x`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Generated traces of both families as dialogues. */
function dialogues(folder) {
  return ['maze', 'scene'].flatMap((family) => {
    const out = join(folder, family);
    run('The worlds', process.execPath, [PROGRAM, 'synth', family, '--count', String(WORLDS), '--out', out], {
      stdio: 'ignore',
    });
    const lines = readFileSync(join(out, 'cold-start.traces.jsonl'), 'utf8').trim().split('\n');
    return lines.map((line) => {
      const { turns, gold, type, question } = JSON.parse(line);
      const said = turns.flatMap(({ text }, turn) => [
        { role: 'user', content: turn === 0 ? `<image>\n${question}` : '<image>\nGo on.' },
        { role: 'assistant', content: text },
      ]);
      const messages = [{ role: 'system', content: 'You look and draw.' }, ...said];
      return JSON.stringify({ messages, question_type: type.replace('-', ' '), gold });
    });
  });
}

/** The rows, over and over, `count` lines. */
async function write(path, rows, count) {
  const file = createWriteStream(path);
  for (let i = 0; i < count; i++) {
    if (!file.write(`${rows[i % rows.length]}\n`))
      await new Promise((resolve) => file.once('drain', resolve));
  }
  await new Promise((resolve) => file.end(resolve));
}

/** Says so and ends if two files do not hold the same scores, in the same order, `count` of them. */
async function compare(here, there, count) {
  const theirs = linesOf(there);
  let line = 0;
  for await (const ours of linesOf(here)) {
    line++;
    const { value = 'null' } = await theirs.next();
    const same = JSON.stringify(JSON.parse(ours)) === JSON.stringify(JSON.parse(value));
    if (!same)
      throw new SetupError(`They differ in line ${line}.\nvilasr score  ${ours}\nplain Python  ${value}`);
  }
  if (line !== count || !(await theirs.next()).done) {
    throw new SetupError(`Not all of ${count} dialogues were scored by both.`);
  }
}

const linesOf = (path) => createInterface({ input: createReadStream(path) })[Symbol.asyncIterator]();

/** Seconds, and the most memory that it held, in MB; what it says goes to a file. */
function timed(command, args, into) {
  const out = openSync(into, 'w');
  const began = performance.now();
  const { status, stderr } = spawnSync('/usr/bin/env', ['time', '-f', '%M', command, ...args], {
    stdio: ['ignore', out, 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  closeSync(out);
  if (status !== 0) throw new SetupError(`${command} failed: ${stderr.slice(-500)}`);
  return {
    seconds: (performance.now() - began) / 1000,
    megabytes: Number(stderr.trim().split('\n').at(-1)) / 1024,
  };
}

const describe = ({ seconds, megabytes }, count) =>
  `${seconds.toFixed(1).padStart(6)} s  ${Math.round(count / seconds)} a second, ${Math.round(megabytes)} MB at most`;
