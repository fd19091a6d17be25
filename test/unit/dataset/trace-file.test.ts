import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTraceFile } from '../../../src/dataset/trace-file';
import type { Trace } from '../../../src/trace/trace';
import { writeTrace } from '../../../src/trace/trace-line';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { sampleTrace } from '../trace/sample-trace';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'out', 'run.traces.jsonl');
});

/** With characters of one to four bytes, and line separators that are no line feeds. */
const traceOf = (id: string): Trace => ({ ...sampleTrace, id, question: 'Where? 🧭 é \u2028 \r here' });

async function append(...traces: Trace[]): Promise<void> {
  const file = await openTraceFile(path);
  for (const trace of traces) await file.append(trace);
  await file.close();
}

async function readBack(): Promise<Trace[]> {
  const file = await openTraceFile(path);
  const traces: Trace[] = [];
  for await (const trace of file.traces()) traces.push(trace);
  await file.close();
  return traces;
}

async function put(content: string | Buffer): Promise<void> {
  await mkdir(join(folder, 'out'), { recursive: true });
  await writeFile(path, content);
}

it('makes the file and its folder, and reads back what was appended, once and again', async () => {
  await append(traceOf('a'));
  await append(traceOf('b'), traceOf('c'));
  expect(await readBack()).toEqual(['a', 'b', 'c'].map(traceOf));
});

it('leaves no file behind that nothing was appended to, but keeps one that was there', async () => {
  await append();
  await expect(readFile(path)).rejects.toThrow('ENOENT');
  await put('');
  await append();
  expect(await readFile(path, 'utf8')).toBe('');
});

describe('a file that is open', () => {
  const another = JSON.stringify({ pid: process.pid, host: hostname(), id: 'another' });

  it('is refused to others, with what to do, until it is closed', async () => {
    const file = await openTraceFile(path);
    await expect(openTraceFile(path)).rejects.toThrow(
      `Another vilasr is writing to ${path}, and holds ${path}.lock. Wait until it has ended, or choose another file.`,
    );
    await file.append(traceOf('a'));
    await file.close();
    expect(await readdir(join(folder, 'out'))).toEqual(['run.traces.jsonl']);
    await append(traceOf('b'));
    expect(await readBack()).toEqual(['a', 'b'].map(traceOf));
  });

  it('is open again after its owner was killed', async () => {
    await put(`${writeTrace(traceOf('a'))}\n`);
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'x' }));
    await append(traceOf('b'));
    expect(await readBack()).toEqual(['a', 'b'].map(traceOf));
  });

  it('is left alone by one that stood still and was taken for dead', async () => {
    const file = await openTraceFile(path);
    await writeFile(`${path}.lock`, another);
    await expect(file.append(traceOf('a'))).rejects.toThrow(`Another vilasr has begun to write to ${path}`);
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('');
    expect(await readFile(`${path}.lock`, 'utf8')).toBe(another);
  });

  it('stays free if it cannot be used', async () => {
    await put('my notes');
    await expect(openTraceFile(path)).rejects.toThrow('does not end with a trace');
    expect(await readdir(join(folder, 'out'))).toEqual(['run.traces.jsonl']);
  });
});

describe('the first run', () => {
  const run = sampleTrace.run;
  const foreign = (id: string): Trace => ({ ...traceOf(id), run: null });

  it('is that of the first trace which the loop made, if there is one', async () => {
    const file = await openTraceFile(path);
    expect(await file.firstRun()).toBeNull();
    await file.append(foreign('a'));
    expect(await file.firstRun()).toBeNull();
    if (run === null) throw new Error('the sample has no run');
    await file.append({ ...traceOf('b'), run: { ...run, weights: 'int8' } });
    await file.append({ ...traceOf('c'), run: { ...run, weights: 'fp32' } });
    expect(await file.firstRun()).toEqual({ ...run, weights: 'int8' });
    await file.close();
  });

  it('can be looked up in a long file, which is read and appended to after that', async () => {
    const first = [traceOf('a'), ...Array.from({ length: 200 }, (_, i) => traceOf(`b${i}`))];
    await put(first.map((trace) => `${writeTrace(trace)}\n`).join(''));
    const file = await openTraceFile(path);
    expect(await file.firstRun()).toEqual(run);
    await file.append(traceOf('c'));
    const ids: string[] = [];
    for await (const { id } of file.traces()) ids.push(id);
    await file.close();
    expect(ids).toEqual([...first.map(({ id }) => id), 'c']);
  });
});

describe('a last line', () => {
  it('that was cut short at any byte is taken away, and nothing before it', async () => {
    const kept = `${writeTrace(traceOf('a'))}\n`;
    const last = Buffer.from(writeTrace(traceOf('b')));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: last.length - 1 }), async (length) => {
        await put(Buffer.concat([Buffer.from(kept), last.subarray(0, length)]));
        await append(traceOf('c'));
        expect(await readFile(path, 'utf8')).toBe(`${kept}${writeTrace(traceOf('c'))}\n`);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('that lacks only its line feed is kept', async () => {
    await put(writeTrace(traceOf('a')));
    await append(traceOf('b'));
    expect(await readBack()).toEqual(['a', 'b'].map(traceOf));
  });

  it('longer than a piece that is read at a time is taken away whole', async () => {
    await put(`${writeTrace(traceOf('a'))}\n${writeTrace(traceOf('b')).slice(0, -1)}${' '.repeat(200_000)}`);
    expect(await readBack()).toEqual([traceOf('a')]);
  });

  const whole = writeTrace(traceOf('a'));
  it.each([
    ['that is no beginning of a trace', 'my notes'],
    ['that is no trace but whole', '# Notes\n'],
    ['in which someone made a mistake', whole.replace('"id":', '"id"')],
    ['that someone left a field out of', whole.replace('"turns":', '"turn":')],
    ['after which something stands', `${whole} and more`],
  ])('%s is left as it is, and the file is refused', async (_, content) => {
    await put(content);
    await expect(openTraceFile(path)).rejects.toThrow(`${path} does not end with a trace`);
    expect(await readFile(path, 'utf8')).toBe(content);
  });
});

it('names the line that is no trace', async () => {
  await put(`${writeTrace(traceOf('a'))}\n{"format": 1}\n${writeTrace(traceOf('b'))}\n`);
  await expect(readBack()).rejects.toThrow(`${path}, line 2: `);
});

it('says why a file cannot be written to', async () => {
  await mkdir(path, { recursive: true });
  await expect(openTraceFile(path)).rejects.toThrow(`Cannot write to ${path}: it is a folder.`);
  await writeFile(join(folder, 'file'), '');
  await chmod(join(folder, 'file'), 0o444);
  await expect(openTraceFile(join(folder, 'file', 'x'))).rejects.toThrow('Cannot write to ');
});
