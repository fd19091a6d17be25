import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { accuracy } from '../../score/accuracy';
import { reflectionOf } from '../../score/reflection';
import { deriveTurns } from '../../trace/derive';
import { isLine } from '../../trace/drawing';
import { checkTrace } from '../../trace/edit/checks';
import type { QuestionType, Trace } from '../../trace/trace';
import type { DataItem } from '../source/data-source';

/** What a list shows of an item, and sorts and filters by. */
export interface ItemRow {
  /** 1-based line in which it begins. */
  readonly line: number;
  /** SHA-256 of its text, hexadecimal. */
  readonly hash: string;
  /** Null where the item is no trace; then all that follows says nothing. */
  readonly id: string | null;
  /** The question, cut short. */
  readonly name: string;
  /** What all answers to the same question share, and nothing else does: see `questionKey`. */
  readonly questionKey: string;
  /** Where it comes from: what it says of its data set, else the folder of its first image. */
  readonly source: string;
  readonly type: QuestionType | null;
  readonly turns: number;
  readonly boxes: number;
  readonly lines: number;
  /** Corrections: the same label on the same input image with other coordinates; see `Revision`. */
  readonly revisions: number;
  /** Whether the answer is the gold one; null where there is none, or no gold. */
  readonly correct: boolean | null;
  /** Codes of all that was found, each once, sorted: those of the file, then those of what the trace says. */
  readonly fileCodes: readonly string[];
  readonly traceCodes: readonly string[];
}

/** Longest name, in UTF-16 code units. */
const LONGEST_NAME = 120;

/** What the list shows of an item of a file. */
export function rowOf({ line, hash, trace, findings }: DataItem): ItemRow {
  if (trace === null) {
    const nothing = {
      id: null,
      name: '',
      questionKey: '',
      source: '',
      type: null,
      turns: 0,
      boxes: 0,
      lines: 0,
      revisions: 0,
    };
    return {
      ...{ line, hash, ...nothing, correct: null, traceCodes: [] },
      fileCodes: distinct(findings.map(({ code }) => code)),
    };
  }
  const said = describeTrace(trace);
  const known = new Set(said.traceCodes);
  const fileCodes = findings.map(({ code }) => code).filter((code) => !known.has(code));
  return { line, hash, ...said, fileCodes: distinct(fileCodes) };
}

/** What the list shows of a trace, whatever file it is from. */
export function describeTrace(trace: Trace): Omit<ItemRow, 'line' | 'hash' | 'fileCodes'> {
  const derived = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages);
  const drawings = derived.parsed.flatMap((turn) => turn.drawings);
  const { answer, gold, type, source } = trace;
  const grid = source?.gridSize;
  const checks = checkTrace(trace, typeof grid === 'number' ? { grid } : {});
  return {
    id: trace.id,
    name: trace.question.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_NAME),
    questionKey: questionKey(trace),
    source: sourceOf(trace),
    type,
    turns: trace.turns.length,
    boxes: drawings.filter((drawing) => !isLine(drawing)).length,
    lines: drawings.filter(isLine).length,
    revisions: reflectionOf(derived).revisions.length,
    correct: answer === null || gold === null ? null : accuracy(answer, gold, type) === 1,
    traceCodes: distinct([...derived.findings, ...checks].map(({ code }) => code)),
  };
}

/** By the sample set that a trace says it is of; else by what is asked, and about which images. 16 characters. */
function questionKey({ source, question, options, images }: Trace): string {
  const sample = v.safeParse(sampledSchema, source);
  const asked = sample.success
    ? [sample.output.questions, sample.output.sample.question]
    : [question, options, images.map(({ path }) => path)];
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16);
}

/** How a candidate names its question: see `sampleCandidates`. */
const sampledSchema = v.object({
  questions: v.optional(v.string()),
  sample: v.object({ question: v.string() }),
});

/** Fields by which data sets name where a row is from, the most telling first. */
const SOURCE_FIELDS = ['dataset', 'data_source', 'source', 'original_dataset', 'family'];

/** Where a trace comes from: see `ItemRow`. */
export function sourceOf({ source, images }: Trace): string {
  const row = source?.row;
  for (const record of [source, row]) {
    if (typeof record !== 'object' || record === null) continue;
    const fields = new Map<string, unknown>(Object.entries(record));
    for (const field of SOURCE_FIELDS) {
      const value = fields.get(field);
      if (typeof value === 'string' && value !== '') return value;
    }
  }
  return folderOf(images[0]?.path ?? '');
}

/** The folders of a path up to the first that is named by a number, as `cold_start/maze` of `./cold_start/maze/12/images/0.png`. */
function folderOf(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '.' && part !== '');
  const folders = parts.slice(0, -1);
  const numbered = folders.findIndex((part) => /^\d+$/.test(part));
  return folders
    .slice(0, numbered < 0 ? folders.length : numbered)
    .slice(-2)
    .join('/');
}

const distinct = (codes: readonly string[]): string[] => [...new Set(codes)].sort();
