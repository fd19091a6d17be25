import * as v from 'valibot';
import { DEEPEST_JSON, parseJson } from '../trace/parse-json';

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

/** A value of the file, which begins in `line`. */
function parseValue(
  json: string,
  line: number,
): { readonly value: unknown } | { readonly finding: DataFinding } {
  const parsed = parseJson(json);
  if ('value' in parsed) return parsed;
  if (parsed.fault === 'too-deep') {
    return { finding: { line, field: null, message: `it is nested deeper than ${DEEPEST_JSON} brackets` } };
  }
  const before = json.slice(0, parsed.place.units).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const message = `it is not JSON (${parsed.reason} at column ${column})`;
  return { finding: { line: line + before.length - 1, field: null, message } };
}

function splitLines(body: string): JsonRows {
  const entries: { line: number; value: unknown }[] = [];
  const findings: DataFinding[] = [];
  body.split('\n').forEach((content, i) => {
    if (content.trim() === '') return;
    const parsed = parseValue(content, i + 1);
    if ('finding' in parsed) findings.push(parsed.finding);
    else entries.push({ line: i + 1, value: parsed.value });
  });
  return { entries, findings };
}

function splitArray(body: string): JsonRows {
  const parsed = parseValue(body, 1);
  if ('finding' in parsed) return { entries: [], findings: [parsed.finding] };
  if (!Array.isArray(parsed.value)) return { entries: [], findings: [] };
  const values: readonly unknown[] = parsed.value;
  const lines = memberLines(body);
  return { entries: values.map((value, i) => ({ line: lines[i] ?? 1, value })), findings: [] };
}

/** The line in which each member of a sound JSON array begins. */
function memberLines(body: string): number[] {
  const lines: number[] = [];
  let [line, depth, expected, inString] = [1, 0, false, false];
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (inString) {
      if (char === '\\') i++;
      else inString = char !== '"';
      continue;
    }
    if (char === '\n') line++;
    if (char === undefined || ' \t\r\n'.includes(char)) continue;
    const closes = char === ']' || char === '}';
    if (depth === 1 && expected && !closes) lines.push(line);
    expected = depth === 1 && char === ',';
    if (char === '"') inString = true;
    else if (closes) depth--;
    else if ((char === '[' || char === '{') && ++depth === 1) expected = true;
  }
  return lines;
}
