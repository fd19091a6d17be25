import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { decodeFile } from '../../../../src/image/load';
import { savePng } from '../../../../src/image/save-png';
import type { Change } from '../../../../src/trace/edit/change';
import { addImages, moveImage, replaceImage } from '../../../../src/trace/edit/input-images';
import type { Trace } from '../../../../src/trace/trace';
import { readTrace, writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { drawnTrace, exported, input, picture, readSamples, writeSource } from './exported';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'out');
});

/** A trace file with one trace, with edits of it beside. */
async function edited(trace: Trace, ...edits: readonly ((trace: Trace) => readonly Change[])[]) {
  const path = await writeSource(folder, [trace]);
  const session = new EditSession({
    file: await OverlayFile.of(path),
    find: async () => trace,
    who: 'Ann',
  });
  const ref = { hash: createHash('sha256').update(writeTrace(trace)).digest('hex'), occurrence: 0 };
  for (const edit of edits) await session.edit(ref, 'Images', edit(await session.trace(ref)));
  await session.save();
  return path;
}

/** A picture twice as wide and high as the model sees it. */
async function putLarge(): Promise<void> {
  await mkdir(join(folder, 'images'), { recursive: true });
  await savePng(picture({ width: 168, height: 112 }), join(folder, 'images/large.png'));
}
const large = input('images/large.png', { file: { width: 168, height: 112 } });

describe('edited input images', () => {
  const second = (trace: Trace) => addImages(trace, [large]);
  const first = (trace: Trace) => moveImage(trace, 2, 1);

  it('are in a trace file as they are then, with drawings on the images that they were on', async () => {
    await putLarge();
    await exported(await edited(drawnTrace('a'), second, first), 'traces', out);
    const { trace } = readTrace((await readFile(join(out, 'data.traces.jsonl'), 'utf8')).trim());
    expect(trace?.images.map(({ path }) => path.split('/').at(-1))).toEqual(['large.png', 'a.png']);
    expect(trace?.kind).toBe('multi-view');
    expect(trace?.turns.map(({ drawings }) => drawings.map(({ index }) => index))).toEqual([[2], [3, 2], []]);
  });

  it('are shown to a trainer as the model sees them, and drawn on', async () => {
    await putLarge();
    await exported(await edited(drawnTrace('a'), second, first), 'llamafactory', out);
    const [sample] = await readSamples(out);
    expect(sample?.images).toEqual([1, 2, 3, 4, 5].map((n) => `images/0/image_${n}.png`));
    for (const image of sample?.images ?? []) {
      const { width, height } = await decodeFile(join(out, image));
      expect([image, width, height]).toEqual([image, 84, 56]);
    }
  });

  it('that take the place of those of a training set are resized, which those were already', async () => {
    await putLarge();
    const path = await writeTraining();
    const manifest = await exported(path, 'llamafactory', out);
    expect(manifest.counts.images).toMatchObject({ copied: 0, resized: 1 });
    const { width, height } = await decodeFile(join(out, 'images/0/image_1.png'));
    expect([width, height]).toEqual([84, 56]);
  });
});

/** A row of a training set whose image an edit replaces by the large one. */
async function writeTraining(): Promise<string> {
  await exported(await writeSource(folder, [drawnTrace('a')]), 'llamafactory', join(folder, 'set'));
  const path = join(folder, 'set/data.json');
  const source = await openDataSource(path, { startIndex: indexHere });
  const item = await source.item(0);
  await source.close();
  const trace = item?.trace;
  if (!item || !trace) throw new Error('There is a trace.');
  await savePng(picture({ width: 168, height: 112 }), join(folder, 'set/large.png'));
  const session = new EditSession({ file: await OverlayFile.of(path), find: async () => trace, who: 'Ann' });
  const image = { ...large, path: 'large.png' };
  await session.edit({ hash: item.hash, occurrence: 0 }, 'Replace', replaceImage(trace, 1, image));
  await session.save();
  return path;
}
