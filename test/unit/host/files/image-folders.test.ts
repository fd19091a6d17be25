import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

import { DocumentTable } from '../../../../src/host/files/document-table';
import { FileSource } from '../../../../src/host/files/file-source';
import { ImageFolders } from '../../../../src/host/files/image-folders';
import { writeTrace } from '../../../../src/trace/trace-line';
import { tableHere } from '../../../helpers/table-here';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from './open-document';

function memento(kept: unknown = undefined) {
  const keep = {
    kept,
    get: () => keep.kept,
    update: async (_: string, value: unknown) => {
      keep.kept = value;
    },
  };
  return keep;
}

it('are remembered for each data file, the last one that was said', async () => {
  const keep = memento();
  const folders = new ImageFolders(keep);
  await folders.remember('/a.json', '/one');
  await folders.remember('/b.json', '/two');
  await folders.remember('/a.json', '/three');
  const again = new ImageFolders(memento(JSON.parse(JSON.stringify(keep.kept))));
  expect(['/a.json', '/b.json', '/c.json'].map((file) => again.of(file))).toEqual(['/three', '/two', null]);
});

it('are none where what was kept is something else', () => {
  for (const kept of [null, 3, [['a']], { '/a.json': '/one' }]) {
    expect(new ImageFolders(memento(kept)).of('/a.json')).toBe(null);
  }
});

it('are looked in from then on, and the finding goes', async () => {
  const base = await temporaryFolder();
  const path = join(base, 'data', 'some.traces.jsonl');
  const image = join(base, 'pictures', 'images', 'maze-7.png');
  for (const file of [path, image]) await mkdir(dirname(file), { recursive: true });
  await writeFile(path, `${writeTrace(sampleTrace)}\n`);
  await writeFile(image, '');
  const folders = new ImageFolders(memento());
  const document = await openDocument(path, {
    roots: () => ({ roots: [dirname(path), ...[folders.of(path) ?? []].flat()], followLinks: false }),
  });
  const source = new FileSource(document, new DocumentTable(document, tableHere));
  const codes = async () => (await source.state()).shown.findings.map(({ code }) => code);
  expect(await codes()).toEqual(['missing-image']);
  // The trace is there all the same, with the size that its image had.
  expect((await source.state()).shown.trace?.images[0]?.model).toEqual({ width: 616, height: 448 });
  const { revision } = source;
  await folders.remember(path, join(base, 'pictures'));
  document.changed.tell();
  expect(source.revision).not.toBe(revision);
  expect(await codes()).toEqual([]);
  expect(await document.locate('images/maze-7.png')).toBe(image);
});
