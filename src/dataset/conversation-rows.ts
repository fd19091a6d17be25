import * as v from 'valibot';
import { DataError } from './data-error';
import { type DataFinding, listFindings, rowFinding, splitJsonRows } from './json-rows';
import { readTextFile } from './read-text';

const text = v.string('it is no string');
const message = v.object({ role: text, content: text }, 'it is no object');
const schema = v.object({ conversations: v.array(message, 'it is no list') }, 'it is no object');

/** A row in LLaMA-Factory's sharegpt form, as far as its messages go. */
export type ConversationRow = v.InferOutput<typeof schema>;

/** The rows of a data set. Throws `DataError` that names line and field of all that is wrong. */
export async function readConversations(path: string): Promise<ConversationRow[]> {
  const { entries, findings: broken } = splitJsonRows(await readTextFile(path, 'The data set file'));
  const findings: DataFinding[] = [...broken];
  const rows = entries.flatMap(({ line, value }) => {
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return [parsed.output];
    findings.push(...parsed.issues.map((issue) => rowFinding(line, issue)));
    return [];
  });
  if (findings.length > 0) throw new DataError(listFindings(path, findings));
  return rows;
}
