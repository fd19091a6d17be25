import { appendFile, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTraceFile } from '../../../../src/dataset/trace-file';
import { RunStore } from '../../../../src/host/run/run-store';
import type { Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';

let store: RunStore;
beforeEach(async () => {
  store = new RunStore(join(await temporaryFolder(), 'storage', 'recent-runs.traces.jsonl'));
});

const traceOf = (id: string, changes: Partial<Trace> = {}): Trace => ({ ...sampleTrace, id, ...changes });
const ids = async () => (await store.list()).map(({ id }) => id);

it('is empty while nothing was kept', async () => {
  expect(await store.list()).toEqual([]);
  expect(await store.read('a')).toBeNull();
  await store.clear();
  expect(await store.list()).toEqual([]);
});

it('lists what was kept, the newest first, and gives it back by its id', async () => {
  await Promise.all(['a', 'b', 'c'].map((id) => store.append(traceOf(id))));
  expect(await ids()).toEqual(['c', 'b', 'a']);
  expect(await store.read('b')).toEqual(traceOf('b'));
  expect(await store.read('d')).toBeNull();
});

it('says in a word what came of a run', async () => {
  await store.append(traceOf('right'));
  await store.append(traceOf('wrong', { gold: 'A' }));
  await store.append(traceOf('answered', { gold: null }));
  await store.append(traceOf('unanswered', { turns: sampleTrace.turns.slice(0, 1), finish: 'ToolError' }));
  await store.append(traceOf('stopped', { finish: 'cancelled', error: 'Cancelled.' }));
  await store.append(traceOf('failed', { finish: 'failed', error: 'The engine crashed.' }));
  const runs = await store.list();
  expect(runs.map(({ outcome }) => outcome)).toEqual(runs.map(({ id }) => id));
  expect(runs).toHaveLength(6);
});

it('takes out single runs and leaves the others as they are', async () => {
  for (const id of ['a', 'b', 'c']) await store.append(traceOf(id));
  const lines = (await readFile(store.path, 'utf8')).split('\n');
  await store.delete(new Set(['b']));
  expect(await ids()).toEqual(['c', 'a']);
  expect(await readFile(store.path, 'utf8')).toBe([lines[0], lines[2], ''].join('\n'));
  await store.append(traceOf('d'));
  expect(await ids()).toEqual(['d', 'c', 'a']);
  await store.clear();
  expect(await ids()).toEqual([]);
});

it('sees what another window has kept meanwhile', async () => {
  await store.append(traceOf('a'));
  expect(await ids()).toEqual(['a']);
  await new RunStore(store.path).append(traceOf('b'));
  expect(await ids()).toEqual(['b', 'a']);
  expect(await store.read('b')).toEqual(traceOf('b'));
});

it('leaves out lines that are no traces, such as one that was cut short', async () => {
  await store.append(traceOf('a'));
  await appendFile(store.path, '{"format":"vilasr.trace/1","id":"cut');
  expect(await ids()).toEqual(['a']);
  await store.append(traceOf('b'));
  expect(await ids()).toEqual(['b', 'a']);
});

describe('a file that another window writes to', () => {
  it('is read on from where it ended, not from its beginning', async () => {
    for (const id of ['a', 'b']) await store.append(traceOf(id));
    expect(await ids()).toEqual(['b', 'a']);
    // What was read before is not looked at again: that it is spoilt goes unseen.
    const file = await open(store.path, 'r+');
    await file.write('x', 0);
    await file.close();
    await new RunStore(store.path).append(traceOf('c'));
    expect(await ids()).toEqual(['c', 'b', 'a']);
    expect(await store.read('c')).toEqual(traceOf('c'));
  });

  it('is read from its beginning where it is another file, or a shorter one', async () => {
    for (const id of ['a', 'b']) await store.append(traceOf(id));
    expect(await ids()).toEqual(['b', 'a']);
    const lines = ['c', 'd', 'e'].map((id) => `${writeTrace(traceOf(id))}\n`);
    await writeFile(`${store.path}.new`, lines.join(''));
    await rename(`${store.path}.new`, store.path);
    expect(await ids()).toEqual(['e', 'd', 'c']);
    await writeFile(store.path, lines.slice(1).join(''));
    expect(await ids()).toEqual(['e', 'd']);
    await rm(store.path);
    expect(await ids()).toEqual([]);
  });

  it('whose last line was cut short is read from there, whatever takes its place', async () => {
    await store.append(traceOf('a'));
    const line = writeTrace(traceOf('b'));
    await appendFile(store.path, line.slice(0, 40));
    expect(await ids()).toEqual(['a']);
    await appendFile(store.path, line.slice(40));
    expect(await ids()).toEqual(['b', 'a']);
    await appendFile(store.path, `\n${writeTrace(traceOf('c'))}\n`);
    expect(await ids()).toEqual(['c', 'b', 'a']);
  });

  it('keeps what is added while runs are taken out of it', async () => {
    for (const id of ['a', 'b']) await store.append(traceOf(id));
    expect(await ids()).toEqual(['b', 'a']);
    const other = await openTraceFile(store.path);
    const deleted = store.delete(new Set(['a']));
    await other.append(traceOf('c'));
    await other.close();
    await deleted;
    expect(await ids()).toEqual(['c', 'b']);
  });
});

it('keeps the newest where there are very many', async () => {
  const small = new RunStore(store.path, { most: 5, kept: 3 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) await small.append(traceOf(id));
  expect(await ids()).toEqual(['e', 'd', 'c', 'b', 'a']);
  await small.append(traceOf('f'));
  expect(await ids()).toEqual(['f', 'e', 'd']);
});
