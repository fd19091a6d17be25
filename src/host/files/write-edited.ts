import { dirname, resolve } from 'node:path';
import { DataError } from '../../dataset/data-error';
import { LineFile } from '../../dataset/line-file';
import { pathFrom } from '../../dataset/path-from';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import type { DataDocument } from './data-document';

/**
 * Writes all traces of a data file, with their edits, as a trace file. Image paths start from the new file's folder. What is
 * no trace is left out. The file is there when it is whole, or not at all. Throws `DataError`; an `AbortError` on `signal`.
 */
export async function writeEdited(document: DataDocument, path: string, signal: AbortSignal): Promise<void> {
  if (resolve(path) === resolve(document.path)) {
    throw new DataError(`${document.title} itself is never written. Choose another name.`);
  }
  const [from, to] = [document.folder, dirname(path)];
  const { generation } = document;
  const file = await LineFile.create(path);
  try {
    for (let index = 0; ; index++) {
      signal.throwIfAborted();
      const item = await document.shown(index);
      if (item === null) break;
      if (item.trace === null) continue;
      const isAsItWas = from === to && item.line !== null && item.edits?.edited !== true;
      await file.add(
        isAsItWas ? item.line : writeTrace(from === to ? item.trace : moved(item.trace, from, to)),
      );
    }
    if (document.generation !== generation) {
      throw new DataError(`${document.title} changed while it was written. Try again.`);
    }
    const { fault } = document;
    if (fault !== null) {
      throw new DataError(`${document.title} cannot be read beyond line ${fault.line}: ${fault.message}`);
    }
    await file.finish();
  } finally {
    await file.discard();
  }
}

function moved(trace: Trace, from: string, to: string): Trace {
  const images = trace.images.map((image) => ({ ...image, path: pathFrom(to, resolve(from, image.path)) }));
  return { ...trace, images };
}
