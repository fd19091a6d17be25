/**
 * Each format of weights against fp32: right answers in the closed loop, and how far the drawn coordinates lie from those
 * that fp32 draws. Usage: see scripts/bench-weights.mjs, which has made the traces: `FORMAT FILE [FORMAT FILE ...]`.
 */
import { readFileSync } from 'node:fs';
import { accuracy } from '../../src/score/accuracy';
import { type Drawing, isLine } from '../../src/trace/drawing';
import type { Trace } from '../../src/trace/trace';
import { readTrace } from '../../src/trace/trace-line';

/** What two traces of a question have in common, from the first turn on. */
interface Shared {
  /** Distances of the coordinates of drawings that mean the same, in pixels of model space. */
  readonly shifts: readonly number[];
  /** Whether all turns are word for word the same. */
  readonly same: boolean;
}

function tracesOf(file: string): Map<string, Trace> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const traces = lines.flatMap((line) => readTrace(line).trace ?? []);
  return new Map(traces.map((trace) => [trace.id, trace]));
}

const isRight = ({ answer, gold, type }: Trace): boolean =>
  gold !== null && accuracy(answer, gold, type) === 1;

const coordinates = (drawing: Drawing): readonly number[] =>
  isLine(drawing) ? [...drawing.start_point_2d, ...drawing.end_point_2d] : drawing.bbox_2d;

/** Compares turn by turn, up to the first turn that draws something else: other labels, kinds, images, or how many. */
function compare(reference: Trace, other: Trace): Shared {
  const shifts: number[] = [];
  const what = (drawings: readonly Drawing[]) =>
    drawings.map((drawing) => `${isLine(drawing)} ${drawing.index} ${drawing.label}`).join('\n');
  for (const [i, { drawings }] of reference.turns.entries()) {
    const others = other.turns[i]?.drawings ?? [];
    if (what(drawings) !== what(others)) break;
    for (const [k, drawing] of drawings.entries()) {
      const [a, b] = [coordinates(drawing), coordinates(others[k] ?? drawing)];
      shifts.push(...a.map((value, j) => Math.abs(value - (b[j] ?? value))));
    }
  }
  const words = ({ turns }: Trace) => turns.map(({ text }) => text).join('\n\n');
  return { shifts, same: words(reference) === words(other) };
}

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

const files = process.argv.slice(2);
const formats = files.flatMap((name, i) =>
  i % 2 === 0 ? [[name, tracesOf(files[i + 1] ?? '')] as const] : [],
);
const reference = formats[0]?.[1] ?? new Map<string, Trace>();
console.log(
  '| weights | right | all words as fp32 | coordinates compared | mean shift (px) | moved at all |',
);
console.log('|---|---|---|---|---|---|');
for (const [name, traces] of formats) {
  const right = [...traces.values()].filter(isRight).length;
  const shared = [...reference].flatMap(([id, trace]) => {
    const other = traces.get(id);
    return other ? [compare(trace, other)] : [];
  });
  const shifts = shared.flatMap((one) => one.shifts);
  const mean = shifts.reduce((sum, shift) => sum + shift, 0) / Math.max(1, shifts.length);
  const cells = [
    name,
    percent(right, traces.size),
    percent(shared.filter(({ same }) => same).length, shared.length),
    String(shifts.length),
    mean.toFixed(3),
    percent(shifts.filter((shift) => shift > 0).length, shifts.length),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
