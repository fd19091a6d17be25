import * as v from 'valibot';
import { DEEPEST_JSON, parseJson } from '../trace/parse-json';
import { createScanner } from './source/scan-items';

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
  const bytes = Buffer.from(content);
  const entries: { line: number; value: unknown }[] = [];
  const findings: DataFinding[] = [];
  const scanner = createScanner('any', (start, end, line) => {
    const before = bytes.toString('utf8', bytes.lastIndexOf(LINE_FEED, start) + 1, start);
    const parsed = parseValue(bytes.toString('utf8', start, end), line, before.length);
    if ('finding' in parsed) findings.push(parsed.finding);
    else entries.push({ line, value: parsed.value });
  });
  scanner.push(bytes);
  const fault = scanner.end();
  if (fault !== null) findings.push({ line: fault.line, field: null, message: asClause(fault.message) });
  return { entries, findings };
}

const LINE_FEED = 0x0a;

/** A sentence as it stands after a colon. */
const asClause = (sentence: string): string =>
  sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');

/** What a schema says is wrong with the row that begins in `line`. */
export function rowFinding(line: number, issue: v.BaseIssue<unknown>): DataFinding {
  const field = v.getDotPath(issue)?.replace(/\.(\d+)/g, '[$1]') ?? null;
  const missing = issue.type === 'object' && issue.input === undefined;
  return { line, field, message: missing ? 'it is missing' : issue.message };
}

/** Findings that a message lists before it counts the rest. */
const LISTED = 20;

/** A message that names all findings in `path`, or the first of many. */
export function listFindings(path: string, findings: readonly DataFinding[]): string {
  const lines = findings
    .slice(0, LISTED)
    .map(({ line, field, message }) => `  line ${line}${field === null ? '' : `, ${field}`}: ${message}`);
  const rest = findings.length - lines.length;
  if (rest > 0) lines.push(`  and ${rest} more`);
  return `${path} cannot be used:\n${lines.join('\n')}`;
}

/** A value of the file, which begins in `line`, after so many characters of it. */
function parseValue(
  json: string,
  line: number,
  indent: number,
): { readonly value: unknown } | { readonly finding: DataFinding } {
  const parsed = parseJson(json);
  if ('value' in parsed) return parsed;
  if (parsed.fault === 'too-deep') {
    return { finding: { line, field: null, message: `it is nested deeper than ${DEEPEST_JSON} brackets` } };
  }
  const before = json.slice(0, parsed.place.units).split('\n');
  const column = (before.length === 1 ? indent : 0) + (before.at(-1)?.length ?? 0) + 1;
  const message = `it is not JSON (${parsed.reason} at column ${column})`;
  return { finding: { line: line + before.length - 1, field: null, message } };
}
