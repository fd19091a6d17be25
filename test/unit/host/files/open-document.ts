import { basename, dirname } from 'node:path';
import { onTestFinished } from 'vitest';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { AcceptedMarks } from '../../../../src/host/files/accepted-marks';
import { DataDocument, type DocumentOptions } from '../../../../src/host/files/data-document';

/** Opens a data file as the editor does, until the test ends. */
export async function openDocument(
  path: string,
  options: Partial<DocumentOptions> = {},
): Promise<DataDocument> {
  const folder = dirname(path);
  const document = await DataDocument.open({
    ...{
      path,
      folder,
      title: basename(path),
      startIndex: indexHere,
      otherwise: 'traces',
      who: 'ann',
    },
    roots: () => ({ roots: [folder], followLinks: false }),
    accepted: new AcceptedMarks({ get: () => undefined, update: async () => {} }),
    ...options,
  });
  onTestFinished(() => document.close());
  return document;
}
