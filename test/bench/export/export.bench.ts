/**
 * `vilasr export` against Python's json and Pillow (`pillow_peer.py`) on the same traces, turn about; that its memory does not
 * grow with the number of traces; and how soon it stops. Usage: scripts/bench-export.mjs.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDerived } from '../../../src/trace/derive';
import type { Drawing } from '../../../src/trace/drawing';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import type { InputImage, Trace } from '../../../src/trace/trace';
import { writeTrace } from '../../../src/trace/trace-line';
import { Bars, median, note, noteLoad } from '../bars';
import { PICTURES, pictureOf, SIZE, writePictures } from '../pictures';

const [program = '', python = '', folder = ''] = process.argv.slice(2);
const TRACES = 200;
/** So many times as many, to see whether memory grows. */
const MORE = 4;
const ROUNDS = 3;
const DRAWING_TURNS = 4;

/** One of the traces: each turn draws three boxes and a line on the image before. */
function traceOf(i: number, image: InputImage): Trace {
  const think = 'I look at the walls and at what stands between them. '.repeat(6);
  const turns = Array.from({ length: DRAWING_TURNS }, (_, t) => {
    const index = t + 1;
    const box = (k: number): Drawing => {
      const [x, y] = [20 + ((i * 37 + t * 91 + k * 53) % 400), 20 + ((i * 17 + t * 29 + k * 83) % 300)];
      return { index, bbox_2d: [x, y, x + 160, y + 110], label: `thing ${k} of ${i}` };
    };
    const line: Drawing = {
      index,
      start_point_2d: [30 + (i % 90), 40],
      end_point_2d: [560 - (i % 70), 60 + t * 90],
      label: 'the way',
    };
    return formatDrawingTurn(think, [box(0), box(1), box(2), line]);
  });
  const texts = [...turns, formatAnswerTurn(think, 'a red door')];
  return withDerived({
    format: 'vilasr.trace/1',
    ...{ id: `trace-${i}`, question: `How does the way of thing ${i} end?`, options: [], type: 'free-form' },
    ...{ gold: null, kind: 'single', images: [image] },
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
    ...{ finish: 'stop', error: null, run: null, source: null },
  });
}

async function writeTraces(path: string, count: number): Promise<void> {
  const images = Array.from({ length: PICTURES }, (_, i): InputImage => {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(folder, pictureOf(i))))
      .digest('hex');
    return { path: pictureOf(i), sha256, file: SIZE, model: SIZE };
  });
  const file = createWriteStream(path);
  for (let i = 0; i < count; i++) {
    const image = images[i % PICTURES];
    if (image !== undefined) file.write(`${writeTrace(traceOf(i, image))}\n`);
  }
  await new Promise((resolve) => file.end(resolve));
}

interface Measured {
  readonly seconds: number;
  /** Seconds of all cores together. */
  readonly work: number;
  /** Most memory that any of its processes held, in MB. */
  readonly memory: number;
}

async function measure(command: string, args: readonly string[]): Promise<Measured> {
  const child = spawn('/usr/bin/env', ['time', '-f', '\n%e %U %S %M', command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${command} failed: ${said.slice(-500)}`);
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] =
    said.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { seconds, work: user + system, memory: kilobytes / 1024 };
}

let outs = 0;
const newOut = (): string => join(folder, `out-${outs++}`);

const exported = async (file: string): Promise<Measured> => {
  const out = newOut();
  const made = await measure(process.execPath, exportArgs(file, out));
  rmSync(out, { recursive: true });
  return made;
};

const exportArgs = (file: string, out: string) => [
  ...[program, 'export', file, '--for', 'llamafactory', '--all', '--out', out],
];

const exportedByPillow = async (file: string): Promise<Measured> => {
  const out = newOut();
  mkdirSync(out);
  const peer = join(process.cwd(), 'test', 'bench', 'export', 'pillow_peer.py');
  const made = await measure(python, [peer, file, out]);
  rmSync(out, { recursive: true });
  return made;
};

/** Seconds from Ctrl-C until it has ended, with nothing left of it. */
async function cancelled(file: string): Promise<number> {
  const out = newOut();
  const child = spawn(process.execPath, exportArgs(file, out), { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (!existsSync(`${out}.partial/images/5`)) await sleep(20);
  const began = performance.now();
  child.kill('SIGINT');
  const code = await ended;
  const left = [out, `${out}.partial`, `${out}.lock`].filter((path) => existsSync(path));
  if (left.length > 0 || code === 0) throw new Error(`It ended with ${code}, and left ${left.join(', ')}.`);
  return (performance.now() - began) / 1000;
}

async function main(): Promise<void> {
  await writePictures(folder, 1);
  const [some, more] = [join(folder, 'some.traces.jsonl'), join(folder, 'more.traces.jsonl')];
  await writeTraces(some, TRACES);
  await writeTraces(more, TRACES * MORE);
  noteLoad();
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await exported(some));
    theirs.push(await exportedByPillow(some));
  }
  const of = (all: readonly Measured[], what: keyof Measured) => median(all.map((one) => one[what]));
  const drawn = TRACES * DRAWING_TURNS;
  for (const [name, all] of [
    ['vilasr export', ours],
    ["Python's json and Pillow", theirs],
  ] as const) {
    note(
      `${name}, ${drawn} images drawn, ${of(all, 'work').toFixed(1)} s of work, ${of(all, 'memory').toFixed(0)} MB`,
      of(all, 'seconds'),
      ' s',
    );
  }
  const bars = new Bars();
  bars.least('speed beside Pillow', of(theirs, 'seconds') / of(ours, 'seconds'), 1, ' times');
  const large = await exported(more);
  bars.most(`memory for ${MORE} times as many traces`, large.memory / of(ours, 'memory'), 1.5, ' times');
  bars.most('Ctrl-C until it has ended and left nothing', await cancelled(more), 1, ' s');
  noteLoad();
  if (bars.missed.length > 0) process.exitCode = 1;
}

void main();
