import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { DocumentTable } from '../../../../src/host/files/document-table';
import { FileSource } from '../../../../src/host/files/file-source';
import { candidateOf } from '../../../../src/host/view/candidate';
import { deskOf } from '../../../../src/host/view/desk';
import { setField } from '../../../../src/trace/edit/field-changes';
import { writeTrace } from '../../../../src/trace/trace-line';
import { tableHere } from '../../../helpers/table-here';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';
import { openDocument } from '../files/open-document';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'data', 'some.traces.jsonl');
  await mkdir(dirname(path));
  const lines = ['a', 'b'].map((id) => writeTrace({ ...sampleTrace, id }));
  await writeFile(path, `${lines.join('\n')}\n{"broken"\n`);
});

async function open(): Promise<FileSource> {
  const document = await openDocument(path);
  return new FileSource(document, new DocumentTable(document, tableHere));
}

it('another trace is read from the file while one is shown, with its edits and what was said of it', async () => {
  const source = await open();
  await source.select(1);
  const { trace } = await source.state().then(({ shown }) => shown);
  if (trace === null) throw new Error('There is a trace.');
  await source.edits.edit('Change the Question', setField(sampleTrace, 'question', 'Where else?'));
  await source.verdicts.judge('needs-edit', { reason: null, comment: null }, null);
  await source.select(0);
  const candidate = await candidateOf(source, source.revision, 1);
  expect(candidate).toMatchObject({
    ...{ trace: { id: 'b', question: 'Where else?' }, edited: true, verdict: 'needs-edit' },
  });
  expect(source.index).toBe(0);
  const other = await candidateOf(source, source.revision, 0);
  expect(other?.key).not.toBe(candidate?.key);
});

it('nothing is said of it where the view asks for a trace that is not shown any more', async () => {
  const source = await open();
  const { revision } = source;
  await source.select(1);
  expect(await candidateOf(source, revision, 1)).toBeNull();
  // It may become another one while the answer is on its way.
  const asked = candidateOf(source, source.revision, 0);
  await source.select(0);
  expect(await asked).toBeNull();
});

it('a line that is no trace, and one that is not there, is refused', async () => {
  const source = await open();
  await expect(candidateOf(source, source.revision, 2)).rejects.toThrow(
    'There is no such trace in the file.',
  );
  await expect(candidateOf(source, source.revision, 9)).rejects.toThrow(
    'There is no such trace in the file.',
  );
});

it('it is worth what it is worth when it is reviewed itself', async () => {
  const source = await open();
  const candidate = await candidateOf(source, source.revision, 1);
  await source.select(1);
  const desk = await deskOf(source, { reasons: [], advance: true });
  expect(desk.index).toBe(1);
  expect(candidate?.score).toEqual(desk.score);
  expect(candidate?.flags).toEqual(desk.flags);
});

it('it is scored once, however often the desk is asked for, until it is edited', async () => {
  const source = await open();
  const scored = async () => (await deskOf(source, { reasons: [], advance: true })).flags;
  const before = await scored();
  await source.verdicts.judge('approved', { reason: null, comment: null }, null);
  expect(await scored()).toBe(before);
  await source.edits.edit('Change the Answer', setField(sampleTrace, 'gold', 'D'));
  expect(await scored()).not.toBe(before);
});
