import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { readTrace, writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { changeFor, changeSeed, sha256 } from '../overlay/edits';
import { drawnTrace, exported, hashes, input, writeSource } from './exported';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'out');
});

/** Lines in a form that we would not write ourselves. */
const oddLine = (id: string) => JSON.stringify({ note: { id }, ...drawnTrace(id) }).replaceAll('","', '", "');

async function edit(
  path: string,
  line: string,
  occurrence: number,
  seeds: readonly Parameters<typeof changeFor>[1][],
) {
  const find = async () => readTrace(line).trace;
  const session = new EditSession({ file: await OverlayFile.of(path), find, who: 'Ann' });
  const ref = { hash: sha256(line), occurrence };
  for (const seed of seeds) await session.edit(ref, seed.kind, [changeFor(await session.trace(ref), seed)]);
  await session.save();
  return session.trace(ref);
}

const ask = { kind: 'question', a: 0, b: 0, text: 'Why?' } as const;

describe('a trace file', () => {
  it('keeps the bytes of traces without edits', async () => {
    const lines = [oddLine('a'), oddLine('b'), oddLine('a')];
    const path = await writeSource(folder, lines);
    await exported(path, 'traces', out);
    expect(await readFile(join(out, 'data.traces.jsonl'))).toEqual(await readFile(path));
  });

  it('has the edits, of two traces of the same text too, wherever they stand', async () => {
    const path = await writeSource(folder, [oddLine('a'), oddLine('b'), oddLine('a')]);
    const edited = await edit(path, oddLine('a'), 1, [ask]);
    await writeFile(path, `${[oddLine('a'), oddLine('a'), oddLine('b')].join('\n')}\n`);
    const { counts } = await exported(path, 'traces', out);
    expect(counts).toMatchObject({ read: 3, written: 3, edited: 1 });
    const lines = (await readFile(join(out, 'data.traces.jsonl'), 'utf8')).split('\n');
    expect(lines).toEqual([oddLine('a'), writeTrace(edited), oddLine('b'), '']);
  });

  it('tells of edits whose trace is gone, and of those that do not fit', async () => {
    const path = await writeSource(folder, [oddLine('a'), oddLine('b')]);
    await edit(path, oddLine('b'), 0, [ask]);
    await edit(path, oddLine('a'), 0, [ask]);
    const overlay = await readFile(`${path}.edits.jsonl`, 'utf8');
    await writeFile(`${path}.edits.jsonl`, overlay.replace('"before":"Where is a?"', '"before":"no"'));
    await writeFile(path, `${oddLine('a')}\n`);
    const manifest = await exported(path, 'traces', out);
    expect(manifest.overlay?.notApplied.map(({ label, reason }) => [label, reason])).toEqual([
      ['question', 'The field question is not what it was when it was changed.'],
      ['question', 'Its trace is not in the data file.'],
    ]);
    expect(await readFile(join(out, 'data.traces.jsonl'), 'utf8')).toBe(`${oddLine('a')}\n`);
  });

  it('brings the pictures along, each once, at the same relative paths', async () => {
    const traces = [drawnTrace('a'), { ...drawnTrace('a'), id: 'again' }, drawnTrace('b')];
    const path = await writeSource(folder, traces);
    const { counts } = await exported(path, 'traces', out);
    expect(counts.images).toEqual({ copied: 2, linked: 0, resized: 0, drawn: 0 });
    const { 'manifest.json': _, ...written } = await hashes(out);
    const given = await hashes(folder);
    expect(written).toEqual(Object.fromEntries(Object.keys(written).map((name) => [name, given[name]])));
    expect(Object.keys(written)).toEqual(['data.traces.jsonl', 'images/a.png', 'images/b.png']);
  });

  it('or links to them', async () => {
    await exported(await writeSource(folder, [drawnTrace('a')]), 'traces', out, { mode: 'link' });
    expect((await lstat(join(out, 'images/a.png'))).isSymbolicLink()).toBe(true);
  });

  it('is whole without a picture that is not there, which is told', async () => {
    const images = ['gone.png', '../up.png', '/abs.png', 'x/../../up.png', 'manifest.json'].map((path) =>
      input(path),
    );
    const path = await writeSource(folder, []);
    await writeFile(path, `${writeTrace(drawnTrace('a', { kind: 'multi-view', images }))}\n`);
    const { notes, counts } = await exported(path, 'traces', out);
    expect(counts.written).toBe(1);
    expect(notes.map(({ note }) => note.slice(0, 45))).toEqual([
      'The image "gone.png" cannot be found. no file',
      'The image "../up.png" was not taken along: it',
      'The image "x/../../up.png" was not taken alon',
      'The image "manifest.json" was not taken along',
    ]);
    expect(await readdir(out)).toEqual(['data.traces.jsonl', 'manifest.json']);
  });
});

it('exported, read and exported again, a data set stays the same, whatever was edited', async () => {
  const edits = fc.array(fc.tuple(fc.nat(2), fc.array(changeSeed, { maxLength: 4 })), { maxLength: 3 });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(edits, async (all) => {
      const here = join(folder, `round-${round++}`);
      const lines = ['a', 'b', 'c'].map(oddLine);
      const path = await writeSource(
        here,
        ['a', 'b', 'c'].map((id) => drawnTrace(id)),
      );
      await writeFile(path, lines.map((line) => `${line}\n`).join(''));
      for (const [which, seeds] of all) await edit(path, lines[which] ?? '', 0, seeds);
      const [once, twice] = [join(here, 'once'), join(here, 'twice')];
      await exported(path, 'traces', once);
      await exported(join(once, 'data.traces.jsonl'), 'traces', twice);
      const { 'manifest.json': _, ...first } = await hashes(once);
      const { 'manifest.json': __, ...second } = await hashes(twice);
      expect(second).toEqual(first);

      // What trainers get of the edited file is what they get of the one that was written.
      const options = { skipMissing: true };
      const results = await Promise.allSettled([
        exported(path, 'llamafactory', join(here, 'sft'), options),
        exported(join(once, 'data.traces.jsonl'), 'llamafactory', join(here, 'sft-again'), options),
      ]);
      expect(results[1].status).toBe(results[0].status);
      if (results[0].status === 'rejected') return;
      const { 'manifest.json': ___, ...sft } = await hashes(join(here, 'sft'));
      const { 'manifest.json': ____, ...again } = await hashes(join(here, 'sft-again'));
      expect(again).toEqual(sft);
    }),
    { seed: 51, numRuns: process.env.VILASR_LONG ? 1_000 : 12 },
  );
});

it('an export of traces that is cancelled leaves nothing, wherever it was', async () => {
  const path = await writeSource(
    folder,
    ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => drawnTrace(id)),
  );
  for (const at of [0, 1, 4, 6]) {
    const abort = new AbortController();
    let done = 0;
    const onProgress = () => {
      if (++done === at) abort.abort();
    };
    if (at === 0) abort.abort();
    const exporting = exported(path, 'traces', out, { signal: abort.signal, onProgress });
    await expect(exporting).rejects.toThrow('aborted');
    expect((await readdir(folder)).sort()).toEqual(['data.traces.jsonl', 'images']);
  }
});
