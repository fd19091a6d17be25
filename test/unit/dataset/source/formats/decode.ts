import type { DataItem } from '../../../../../src/dataset/source/data-source';
import { decodeItem } from '../../../../../src/dataset/source/decode-item';
import { recognise } from '../../../../../src/dataset/source/recognise';

/** An item of a file that begins with it, read in the format that it is of; `format` where it should not tell. */
export async function decode(value: unknown, like: unknown = value): Promise<DataItem> {
  const text = JSON.stringify(value);
  const codec = recognise(like);
  if (codec === null) throw new Error('it is of no known format');
  const range = { start: 0, end: Buffer.byteLength(text), line: 1 };
  return decodeItem(
    { text },
    { index: 0, file: '/data/some.json', range, fallbackId: 'some-1' },
    codec,
    null,
  );
}

/** The codes of an item's findings with the fields that they are about. */
export const codesOf = ({ findings }: DataItem) => findings.map(({ code, path }) => [code, path]);
