import * as v from 'valibot';
import { deriveTurns } from './derive';
import type { Finding } from './finding';
import { JsonPlaces } from './json-place';
import { DEEPEST_JSON, type JsonFault, parseJson } from './parse-json';
import type { Trace } from './trace';
import { type TraceJson, traceSchema } from './trace-schema';

/** The line a trace was read from, so that it can be written back as it was. */
export interface SourceLine {
  readonly line: string;
  /** The trace as it was read. */
  readonly trace: Trace;
}

/** What one line of a trace file holds: a trace and its line, or neither where the line is no trace. */
export interface ReadTrace {
  readonly trace: Trace | null;
  readonly source: SourceLine | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads one line (without its line feed) of a `*.traces.jsonl` file. What the texts of the turns say replaces what the
 * derived fields say; a difference is a finding. Fields the format does not name are kept. Throws nothing.
 */
export function readTrace(line: string): ReadTrace {
  const json = parseJson(line);
  if ('fault' in json) return { trace: null, source: null, findings: [badJson(json)] };
  const findings: Finding[] = [];
  const places = new JsonPlaces(line);
  if (!isTraceJson(json.value, places, findings)) return { trace: null, source: null, findings };
  const trace = deriveFields(json.value, places, findings);
  return { trace, source: { line, trace }, findings };
}

/**
 * The line for a trace, without a line feed. With the source it was read from, a trace in which nothing has changed
 * since gives that very line.
 */
export function writeTrace(trace: Trace, source: SourceLine | null = null): string {
  if (source === null) return JSON.stringify(trace);
  if (trace === source.trace) return source.line;
  const line = JSON.stringify(trace);
  return line === JSON.stringify(source.trace) ? source.line : line;
}

/** Why a line is no JSON that can be read and written again. */
function badJson(json: JsonFault): Finding {
  const [message, offset] =
    json.fault === 'too-deep'
      ? [`The line is nested deeper than ${DEEPEST_JSON} brackets.`, { units: 0, bytes: 0 }]
      : [`The line is not JSON: ${json.reason} at byte ${json.place.bytes}.`, json.place];
  return { code: 'bad-json', severity: 'error', message, offset };
}

function isTraceJson(value: unknown, places: JsonPlaces, findings: Finding[]): value is TraceJson {
  const { issues } = v.safeParse(traceSchema, value);
  for (const issue of issues ?? []) {
    const keys = (issue.path ?? []).flatMap(({ key }) =>
      typeof key === 'string' || typeof key === 'number' ? [key] : [],
    );
    const path = formatPath(keys);
    findings.push({
      code: 'bad-field',
      severity: 'error',
      message: `${path === '' ? 'The line' : path}: ${issue.message}.`,
      path,
      offset: places.find(keys),
    });
  }
  return issues === undefined;
}

const DERIVED = ['think', 'action', 'drawings', 'answer', 'images'] as const;

function deriveFields(json: TraceJson, places: JsonPlaces, findings: Finding[]): Trace {
  const {
    turns,
    answer,
    findings: derived,
  } = deriveTurns(json.images.length, json.turns, json.run?.limits.maxImages);
  findings.push(...derived);
  const compare = (keys: (string | number)[], said: unknown, meant: unknown) => {
    if (said === undefined || sameJson(said, meant)) return;
    findings.push({
      code: 'derived-differs',
      severity: 'warning',
      message: `${formatPath(keys)} is not what the text says; the text counts.`,
      path: formatPath(keys),
      offset: places.find(keys),
    });
  };
  turns.forEach((turn, i) => {
    for (const key of DERIVED) compare(['turns', i, key], json.turns[i]?.[key], turn[key]);
  });
  compare(['answer'], json.answer, answer);
  return { ...json, turns, answer };
}

/** Whether two JSON values are equal; the order of keys is no matter. */
function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
  );
}

const formatPath = (keys: readonly (string | number)[]): string =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
