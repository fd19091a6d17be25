import { parseTree } from 'jsonc-parser';
import { findJsonError, jsonDepth } from '../trace/json-place';

/** What is wrong with a data file, and where. */
export interface DataFinding {
  /** 1-based. */
  readonly line: number;
  /** Field of the row, as in `options[2]`; null if the row as a whole is meant. */
  readonly field: string | null;
  readonly message: string;
}

/** The rows of a file as JSON values, and what could not be read. */
export interface JsonRows {
  /** `line` is the 1-based line where the row begins. */
  readonly entries: readonly { readonly line: number; readonly value: unknown }[];
  readonly findings: readonly DataFinding[];
}

/** Splits a file into its rows: the members of a JSON array, or one JSON value a line with empty lines between. */
export function splitJsonRows(content: string): JsonRows {
  const body = content.startsWith('\ufeff') ? content.slice(1) : content;
  return body.trimStart().startsWith('[') ? splitArray(body) : splitLines(body);
}

/** Deeper JSON overflows the stack of who walks it. */
const DEEPEST = 1000;

function parseJson(
  json: string,
  line: number,
): { readonly value: unknown } | { readonly finding: DataFinding } {
  if (jsonDepth(json) > DEEPEST) {
    return { finding: { line, field: null, message: `it is nested deeper than ${DEEPEST} brackets` } };
  }
  try {
    return { value: JSON.parse(json) };
  } catch {
    const { place, reason } = findJsonError(json);
    const before = json.slice(0, place.units).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    const message = `it is not JSON (${reason} at column ${column})`;
    return { finding: { line: line + before.length - 1, field: null, message } };
  }
}

function splitLines(body: string): JsonRows {
  const entries: { line: number; value: unknown }[] = [];
  const findings: DataFinding[] = [];
  body.split('\n').forEach((content, i) => {
    if (content.trim() === '') return;
    const parsed = parseJson(content, i + 1);
    if ('finding' in parsed) findings.push(parsed.finding);
    else entries.push({ line: i + 1, value: parsed.value });
  });
  return { entries, findings };
}

function splitArray(body: string): JsonRows {
  const parsed = parseJson(body, 1);
  if ('finding' in parsed) return { entries: [], findings: [parsed.finding] };
  if (!Array.isArray(parsed.value)) return { entries: [], findings: [] };
  const values: readonly unknown[] = parsed.value;
  const nodes = parseTree(body)?.children ?? [];
  let line = 1;
  let at = 0;
  const entries = values.map((value, i) => {
    for (const until = nodes[i]?.offset ?? at; at < until; at++) if (body[at] === '\n') line++;
    return { line, value };
  });
  return { entries, findings: [] };
}
