import { dirname, resolve } from 'node:path';
import { DataError } from '../../dataset/data-error';
import type { LeftOut } from '../../dataset/export/edited-items';
import { LineFile } from '../../dataset/line-file';
import { pathFrom } from '../../dataset/path-from';
import { requireOther } from '../../dataset/require-other';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import type { DataDocument } from './data-document';

/**
 * Writes all traces of a data file, with their edits, as a trace file. Image paths start from the new file's folder. What is
 * no trace is left out; gives what was. The file is there when it is whole, or not at all. Throws `DataError`; an
 * `AbortError` on `signal`.
 */
export async function writeEdited(
  document: DataDocument,
  path: string,
  signal: AbortSignal,
): Promise<readonly LeftOut[]> {
  await requireOther(document.path, path);
  const [from, to] = [document.folder, dirname(path)];
  const { generation } = document;
  const leftOut: LeftOut[] = [];
  const file = await LineFile.create(path);
  try {
    for await (const { item, trace, edited } of document.items()) {
      signal.throwIfAborted();
      if (trace === null) {
        leftOut.push({ line: item.line, id: null, reason: item.findings[0]?.message ?? 'It is no trace.' });
        continue;
      }
      const isAsItWas = from === to && document.format === 'traces' && !edited;
      await file.add(isAsItWas ? item.raw : writeTrace(from === to ? trace : moved(trace, from, to)));
    }
    if (document.generation !== generation) {
      throw new DataError(`${document.title} changed while it was written. Try again.`);
    }
    const { fault } = document;
    if (fault !== null) {
      throw new DataError(`${document.title} cannot be read beyond line ${fault.line}: ${fault.message}`);
    }
    await file.finish();
    return leftOut;
  } finally {
    await file.discard();
  }
}

function moved(trace: Trace, from: string, to: string): Trace {
  const images = trace.images.map((image) => ({ ...image, path: pathFrom(to, resolve(from, image.path)) }));
  return { ...trace, images };
}
