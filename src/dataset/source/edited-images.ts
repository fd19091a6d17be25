import type { Trace } from '../../trace/trace';
import type { DataItem, ItemFinding } from './data-source';
import { type FoundImage, imageFindingCode } from './image-paths';

/**
 * The item with what is found of the input images that its trace has by edits, in place of what was found of those that it
 * has in the file; the same where they are the same. What was drawn may be missing still: that is a warning.
 */
export async function withEditedImages(
  item: DataItem,
  edited: Trace | null,
  find: (path: string) => Promise<FoundImage>,
): Promise<DataItem> {
  const pathsOf = (trace: Trace | null) => trace?.images.map(({ path }) => path) ?? [];
  const paths = pathsOf(edited);
  if (JSON.stringify(paths) === JSON.stringify(pathsOf(item.trace))) return item;
  const { line, byte } = item;
  const found = await Promise.all(paths.map(find));
  const missing = found.flatMap((one): ItemFinding[] =>
    'file' in one
      ? []
      : [{ code: imageFindingCode(one), severity: 'error', message: one.message, line, byte }],
  );
  return { ...item, findings: [...item.findings.filter((finding) => !isOfInput(finding)), ...missing] };
}

const isOfInput = ({ code, severity }: ItemFinding): boolean =>
  (code === 'missing-image' || code === 'refused-image') && severity === 'error';
