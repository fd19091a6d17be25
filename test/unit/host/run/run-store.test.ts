import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { RunStore } from '../../../../src/host/run/run-store';
import type { Trace } from '../../../../src/trace/trace';
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
