import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readInput } from '../../../../src/host/files/read-input';
import { loadImage } from '../../../../src/image/load';
import { savePng } from '../../../../src/image/save-png';
import { addImages, replaceImage } from '../../../../src/trace/edit/input-images';
import type { InputImage, Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { picture } from '../../dataset/export/exported';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

const LIMITS = { factor: 28, minPixels: 28 * 28, maxPixels: 112 * 112 };
const pixels = { load: async (path: string) => loadImage(path, LIMITS) };

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});

/** A trace file in a folder of the workspace, whose images are in the folder beside. */
async function open(images: readonly InputImage[] = sampleTrace.images) {
  const path = join(root, 'work/data/some.traces.jsonl');
  for (const folder of [dirname(path), join(root, 'work/images'), join(root, 'elsewhere')]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(path, `${writeTrace({ ...sampleTrace, images })}\n`);
  const roots = () => ({ roots: [dirname(path), join(root, 'work')], followLinks: false });
  return openDocument(path, { roots });
}

async function put(path: string): Promise<string> {
  const file = join(root, path);
  await savePng(picture({ width: 224, height: 112 }), file);
  return file;
}

it('a picture becomes an input image by its path from the data file, its sizes and its hash', async () => {
  const document = await open();
  const file = await put('work/images/new.png');
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  expect(await readInput(file, document, pixels, LIMITS)).toEqual({
    path: '../images/new.png',
    file: { width: 224, height: 112 },
    model: { width: 140, height: 56 },
    sha256,
  });
});

it('a picture out of the folders that images may come from is refused, also behind a link', async () => {
  const document = await open();
  const file = await put('elsewhere/new.png');
  await expect(readInput(file, document, pixels, LIMITS)).rejects.toThrow(
    /leads out of the folders .* Open the folder/,
  );
  const link = join(root, 'work/images/link.png');
  await symlink(file, link);
  await expect(readInput(link, document, pixels, LIMITS)).rejects.toThrow('is a link out of the folders');
});

it('a file that is no picture is refused', async () => {
  const document = await open();
  const file = join(root, 'work/images/new.png');
  await writeFile(file, 'no picture');
  await expect(readInput(file, document, pixels, LIMITS)).rejects.toThrow('new.png');
});

it('what is found of images follows the edits of them', async () => {
  const gone = { path: 'gone.png', file: null, model: null };
  const document = await open([gone]);
  const there = await readInput(await put('work/data/there.png'), document, pixels, LIMITS);
  const codes = async () => [
    (await document.shown(0))?.findings.map(({ code }) => code),
    (await document.found(0))?.findings.flatMap(({ code }) =>
      /^(missing|refused)-image$/.test(code) ? code : [],
    ),
  ];
  const edit = async (change: (trace: Trace) => ReturnType<typeof addImages>) => {
    const item = await document.shown(0);
    if (!item?.ref || !item.trace) throw new Error('There is a trace.');
    await document.edit(item.ref, 'Images', change(item.trace));
  };
  expect(await codes()).toEqual([['missing-image'], ['missing-image']]);
  await edit((trace) => replaceImage(trace, 1, there));
  expect(await codes()).toEqual([[], []]);
  await edit((trace) => addImages(trace, [gone, { ...gone, path: '../../elsewhere/x.png' }]));
  const both = ['missing-image', 'refused-image'];
  expect(await codes()).toEqual([both, both]);
});
