/**
 * Opening a large data file against reading it whole with JSON.parse and with Python's json, each in a process of its own,
 * turn about; prints ratios, of which more than 1 means that opening is faster or smaller. Usage: scripts/bench-data.mjs.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { openDataSource } from '../../src/dataset/source/open-source';
import { indexInWorker } from '../../src/dataset/source/start-index';
import { type ConversationPlan, conversationRow, planOf } from '../helpers/data-files';

const ITEMS = 33_000;
const ROUNDS = 5;
/** The longest string of Node is shorter than larger files. */
const MOST_PARSED = 500;

/** Seconds to the first item, to the whole, to an item far on; and the most memory of the process, in megabytes. */
const measuredSchema = v.object({
  first: v.number(),
  whole: v.number(),
  jump: v.optional(v.number()),
  memory: v.number(),
});
type Measured = v.InferOutput<typeof measuredSchema>;

/** Rows of a data set, so long that all of them have about so many bytes. */
function* rows(bytes: number): Generator<string> {
  const rowOf = (i: number, filler: string) => {
    const plan: ConversationPlan = planOf(i);
    const row = conversationRow(plan);
    const last = row.conversations.length - 1;
    const conversations = row.conversations.map((message, k) =>
      k === last
        ? { ...message, content: message.content.replace('</think>', `${filler}</think>`) }
        : message,
    );
    return JSON.stringify({ ...row, conversations });
  };
  const missing = bytes / ITEMS - Buffer.byteLength(rowOf(1, ''));
  const filler = 'It goes on to the left, and "then" it turns.\\n'.repeat(
    Math.max(0, Math.round(missing / 48)),
  );
  for (let i = 0; i < ITEMS; i++) yield `${i === 0 ? '[' : ','}\n${rowOf(i, filler)}`;
  yield '\n]\n';
}

const since = (start: number) => (performance.now() - start) / 1000;
const memory = () => process.resourceUsage().maxRSS / 1024;

async function measureSource(path: string, worker: string): Promise<Measured> {
  const start = performance.now();
  const source = await openDataSource(path, { startIndex: indexInWorker(worker) });
  await source.item(0);
  const first = since(start);
  const last = await source.item(ITEMS - 1);
  const whole = since(start);
  if (last?.trace == null) throw new Error('The last item is no trace.');
  const jumped = performance.now();
  await source.item(Math.floor(ITEMS * 0.7));
  const jump = since(jumped);
  await source.close();
  return { first, whole, jump, memory: memory() };
}

function measureParse(path: string): Measured {
  const start = performance.now();
  const all: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(all) || all.length !== ITEMS) throw new Error('The file is not what it should be.');
  const first = since(start);
  return { first, whole: first, memory: memory() };
}

const measured = (command: string, args: readonly string[]): Measured =>
  v.parse(measuredSchema, JSON.parse(execFileSync(command, args, { encoding: 'utf8' })));

function median(all: readonly Measured[], of: (one: Measured) => number | undefined): number {
  const sorted = all.map((one) => of(one) ?? Number.NaN).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(megabytes: number, folder: string, worker: string, python: string): Promise<void> {
  const path = join(folder, 'data.json');
  await pipeline(Readable.from(rows(megabytes * 2 ** 20)), createWriteStream(path));
  console.log(`${ITEMS} items, ${(statSync(path).size / 2 ** 20).toFixed(0)} MB`);
  const ways: Record<string, () => Measured> = {
    'opened here': () => measured(process.execPath, [__filename, 'source', path, worker]),
    "Python's json": () => measured(python, [join(process.cwd(), 'test', 'bench', 'json_peer.py'), path]),
  };
  if (megabytes <= MOST_PARSED)
    ways['JSON.parse'] = () => measured(process.execPath, [__filename, 'parse', path]);
  const found = new Map<string, Measured[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measure] of Object.entries(ways)) found.get(name)?.push(measure());
  }
  const ours = found.get('opened here') ?? [];
  for (const [name, all] of found) {
    const [first, whole, peak] = [
      median(all, (m) => m.first),
      median(all, (m) => m.whole),
      median(all, (m) => m.memory),
    ];
    const ratio = (of: (one: Measured) => number) => (median(all, of) / median(ours, of)).toFixed(1);
    const against =
      all === ours
        ? ''
        : `; ratio first item ${ratio((m) => m.first)}, whole ${ratio((m) => m.whole)}, memory ${ratio((m) => m.memory)}`;
    console.log(
      `${name}: first item ${(first * 1000).toFixed(0)} ms, whole ${(whole * 1000).toFixed(0)} ms, peak ${peak.toFixed(0)} MB${against}`,
    );
  }
  console.log(`jump to an item far on: ${(median(ours, (m) => m.jump) * 1000).toFixed(1)} ms`);
}

const [mode = '', path = '', worker = '', python = ''] = process.argv.slice(2);
if (mode === 'source') void measureSource(path, worker).then((result) => console.log(JSON.stringify(result)));
else if (mode === 'parse') console.log(JSON.stringify(measureParse(path)));
else void main(Number(mode), path, worker, python);
