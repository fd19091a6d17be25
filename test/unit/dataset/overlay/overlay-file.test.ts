import { appendFile, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type EditEvent, writeEvent } from '../../../../src/dataset/overlay/edit-event';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { idOf, questionEvent, sourceTrace } from './edits';

const [a, b] = [sourceTrace('a'), sourceTrace('b')];
const first = questionEvent(a, 1, null);
const second = questionEvent(a, 2, 1);
const other = questionEvent(b, 3, null);

let folder: string;
let data: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'maze.traces.jsonl');
  path = `${data}.edits.jsonl`;
});

const lines = (...events: EditEvent[]) => events.map((event) => `${writeEvent(event)}\n`).join('');
const labels = (file: OverlayFile, source = a) => file.overlay.of(source.ref).map(({ label }) => label);
const content = () => readFile(path, 'utf8');

describe('an overlay', () => {
  it('lies beside the data file, and is there when something was written', async () => {
    const file = await OverlayFile.of(data);
    expect(await readdir(folder)).toEqual([]);
    expect(await file.append([first, other])).toEqual({
      written: [first, other],
      conflicts: [],
      healed: null,
    });
    expect(await readdir(folder)).toEqual(['maze.traces.jsonl.edits.jsonl']);
    expect(await content()).toBe(lines(first, other));
    expect((await OverlayFile.of(data)).overlay.traces()).toEqual([a.ref, b.ref]);
  });

  it('gives back what was written, with fields that it does not know, in their order', async () => {
    const odd: EditEvent = JSON.parse(
      writeEvent(first).replace('"turn"', '"turn"').replace('{"format"', '{"note":{"b":1,"a":2},"format"'),
    );
    await writeFile(path, `${JSON.stringify(odd)}\n`);
    const [read] = (await OverlayFile.of(data)).overlay.of(a.ref);
    expect(JSON.stringify(read)).toBe(JSON.stringify(odd));
  });

  it('drops events that it has seen, as after two overlays were put together', async () => {
    await writeFile(path, lines(first, second) + lines(first, other));
    const file = await OverlayFile.of(data);
    expect(file.overlay.size).toBe(3);
    expect(file.findings).toEqual([]);
  });

  it.each([
    ['no JSON', '{"format":"vilasr.edit/1",', 'bad-line'],
    ['another thing', '{"a":1}', 'bad-line'],
    ['an edit without changes', writeEvent({ ...second, changes: [] }), 'bad-line'],
    ['an edit of nothing', writeEvent({ ...second, trace: { hash: 'x', occurrence: 0 } }), 'bad-line'],
    ['a time that is none', writeEvent({ ...second, at: '2026-02-01T00:00:00+00' }), 'bad-line'],
    ['deep', '['.repeat(5000), 'bad-line'],
    ['of another type', writeEvent(second).replace('"edit"', '"remark"'), 'unknown-event'],
    ['no verdict', writeEvent(second).replace('"edit"', '"verdict"'), 'bad-line'],
    ['something else under a name that is taken', writeEvent({ ...second, id: first.id }), 'reused-id'],
  ])('leaves a line out that is %s, and tells which', async (_, line, code) => {
    await writeFile(path, `${lines(first)}${line}\n\n${lines(other)}`);
    const file = await OverlayFile.of(data);
    expect([labels(file), labels(file, b)]).toEqual([['Q1'], ['Q3']]);
    expect(file.findings).toMatchObject([{ code, line: 2 }]);
  });
});

describe('two that have one overlay open', () => {
  it('see what each other has written, and lose nothing', async () => {
    const [one, two] = [await OverlayFile.of(data), await OverlayFile.of(data)];
    await one.append([first]);
    await two.append([other]);
    expect([labels(one, b), labels(two)]).toEqual([[], ['Q1']]);
    await one.refresh();
    expect(labels(one, b)).toEqual(['Q3']);
  });

  it('that edit the same trace are told, and only those events are not written', async () => {
    const [one, two] = [await OverlayFile.of(data), await OverlayFile.of(data)];
    await one.append([first]);
    const mine = questionEvent(a, 7, null);
    expect(await two.append([mine, other])).toEqual({
      written: [other],
      conflicts: [{ trace: a.ref, parent: null, tip: idOf(1) }],
      healed: null,
    });
    expect(await content()).toBe(lines(first, other));
  });

  it('write one after the other, however many they are', async () => {
    const traces = Array.from({ length: 20 }, (_, i) => sourceTrace(`t${i}`));
    await Promise.all(
      traces.map(async (trace, i) => (await OverlayFile.of(data)).append([questionEvent(trace, i, null)])),
    );
    const file = await OverlayFile.of(data);
    expect(file.overlay.size).toBe(20);
    expect(file.findings).toEqual([]);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('do not write an event twice that was written before an error was told', async () => {
    const file = await OverlayFile.of(data);
    await file.append([first]);
    await file.append([first, second]);
    expect(await content()).toBe(lines(first, second));
  });
});

describe('looking for what others have appended', () => {
  it('tells whether there was anything, of which one’s own is nothing', async () => {
    const file = await OverlayFile.of(data);
    expect(await file.refresh()).toBe(false);
    await file.append([first]);
    expect(await file.refresh()).toBe(false);
    await (await OverlayFile.of(data)).append([other]);
    expect(await file.refresh()).toBe(true);
    expect(await file.refresh()).toBe(false);
    await rename(path, `${path}.old`);
    expect([await file.refresh(), await file.refresh()]).toEqual([true, false]);
  });
});

describe('a file that was replaced', () => {
  it('is read afresh', async () => {
    const file = await OverlayFile.of(data);
    await file.append([first, second]);
    await writeFile(`${path}.new`, lines(other, first));
    await rename(`${path}.new`, path);
    await file.refresh();
    expect([labels(file), labels(file, b)]).toEqual([['Q1'], ['Q3']]);
  });

  it('or taken away holds nothing', async () => {
    const file = await OverlayFile.of(data);
    await file.append([first]);
    await rename(path, `${path}.old`);
    await file.refresh();
    expect(file.overlay.size).toBe(0);
    await file.append([other]);
    expect(await content()).toBe(lines(other));
  });
});

describe('a last line that was cut short', () => {
  it('at any byte is told of, and taken away when something is written; no whole line is lost', async () => {
    const odd = questionEvent(a, 2, 1, { label: 'é😀 "quoted" \\' });
    const whole = Buffer.from(lines(first, other, odd));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        const cut = whole.subarray(0, length);
        await writeFile(path, cut);
        const file = await OverlayFile.of(data);
        const kept = [first, other, odd].filter((_, i, all) => {
          const bytes = Buffer.byteLength(lines(...all.slice(0, i + 1)));
          // The line feed may be missing: then it is a whole event nevertheless.
          return bytes - 1 <= length;
        });
        const end = Buffer.byteLength(lines(...kept));
        const isCut = length > end;
        expect(file.findings.map(({ code }) => code)).toEqual(isCut ? ['torn-line'] : []);
        const added = questionEvent(sourceTrace('c'), 9, null);
        const { healed } = await file.append([added]);
        expect(healed === null).toBe(!isCut);
        expect(await content()).toBe(lines(...kept, added));
        expect(file.findings).toEqual([]);
        expect(file.overlay.size).toBe(kept.length + 1);
      }),
      { seed: 5, numRuns: process.env.VILASR_LONG ? 2_000 : 100 },
    );
  });

  it('says how much was taken away', async () => {
    await writeFile(path, lines(first) + lines(second).slice(0, 40));
    const { healed } = await (await OverlayFile.of(data)).append([other]);
    expect(healed).toBe(
      `The last line of ${path} was cut short as it was written (40 bytes); it was taken away.`,
    );
  });

  it('by a power failure that left zeros is taken away too', async () => {
    await writeFile(path, lines(first) + '\0'.repeat(100));
    const { healed } = await (await OverlayFile.of(data)).append([other]);
    expect(healed).toContain('(100 bytes)');
    expect(await content()).toBe(lines(first, other));
  });

  it('is kept where it is none of ours', async () => {
    await writeFile(path, `${lines(first)}# my notes`);
    const file = await OverlayFile.of(data);
    await file.append([second]);
    expect(await content()).toBe(`${lines(first)}# my notes\n${lines(second)}`);
    expect(file.findings).toMatchObject([{ code: 'bad-line', line: 2 }]);
  });
});

describe('what cannot be written', () => {
  it.each(['my notes', 'my notes\n', '{"a":1}\n'])('%j is no overlay, and is left as it is', async (text) => {
    await writeFile(path, text);
    const file = await OverlayFile.of(data);
    await expect(file.append([first])).rejects.toThrow(`${path} holds something other than edits`);
    expect(await content()).toBe(text);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('says that the disk is full', async () => {
    await symlink('/dev/full', path);
    await expect((await OverlayFile.of(data)).append([first])).rejects.toThrow(
      `Cannot write to ${path}: the disk is full.`,
    );
    expect(await readdir(folder)).toHaveLength(1);
  });

  it.skipIf(process.platform !== 'linux')('says that the folder is read-only', async () => {
    // Nobody may write here, not even the system's administrator.
    await expect((await OverlayFile.of('/sys/data.jsonl')).append([first])).rejects.toThrow(
      /^Cannot write to \/sys\/data\.jsonl\.edits\.jsonl: (?:its permissions forbid it|the disk is read-only)\.$/,
    );
  });

  it('says that there is no way to the folder', async () => {
    await writeFile(join(folder, 'file'), '');
    const file = await OverlayFile.of(join(folder, 'gone', 'data.jsonl'));
    await expect(file.append([first])).rejects.toThrow('it is not there');
    await mkdir(path);
    await expect(OverlayFile.of(data)).rejects.toThrow(`Cannot read ${path}: it is a folder.`);
  });

  it('waits for a living process that writes, and goes on after a dead one', async () => {
    const file = await OverlayFile.of(data);
    await writeFile(`${path}.lock`, JSON.stringify({ pid: process.ppid, host: hostname(), id: 'x' }));
    const appended = file.append([first]);
    await appendFile(path, lines(other));
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'x' }));
    expect((await appended).written).toEqual([first]);
    expect(await content()).toBe(lines(other, first));
  });
});
