import type { Immutable } from '../../../src/protocol/contract';
import type { Drawing } from '../../../src/trace/drawing';
import { isLine, isUnpainted } from '../../../src/trace/drawing';
import type { Point, Size } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';
import type { Run, TraceFinish, TurnFinish } from '../../../src/trace/trace';
import type { RunState } from '../../../src/view/trace-view';
import { type Shape, whyNotPlaced } from './shapes';
import type { TurnView } from './turn-view';
import { toFileSpace } from './viewport';

const GROUPED = new Intl.NumberFormat('en');

/** A whole number with its thousands set apart. */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** `1 shape`, `2 shapes`. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${formatCount(count)} ${count === 1 ? what : many}`;
}

/** A coordinate as it is written, but for long fractions and numbers of many digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  return Math.abs(value) < 1e7 ? String(Number(value.toFixed(2))) : value.toExponential(2);
}

/** The numbers of a drawing: `10, 20, 30, 40`, or `10, 20 → 30, 40` for a line. */
export function formatCoordinates(drawing: Drawing): string {
  const list = (numbers: readonly number[]) => numbers.map(formatNumber).join(', ');
  return isLine(drawing)
    ? `${list(drawing.start_point_2d)} → ${list(drawing.end_point_2d)}`
    : list(drawing.bbox_2d);
}

/** A shape in words, as a screen reader says it. */
export function describeShape(shape: Shape): string {
  const { drawing, number, colour, turn, ghost } = shape;
  const kind = isLine(drawing) ? 'line' : `${colour.name} box`;
  const where = isLine(drawing)
    ? `from ${drawing.start_point_2d.map(formatNumber).join(', ')} to ${drawing.end_point_2d.map(formatNumber).join(', ')}`
    : drawing.bbox_2d.map(formatNumber).join(', ');
  const notes = [
    ghost ? 'ghost: only its pixels are left' : '',
    isUnpainted(drawing) ? 'not painted: a box has four numbers' : (whyNotPlaced(shape) ?? ''),
    `drawn in turn ${turn + 1}`,
  ].filter((note) => note !== '');
  return `${number}, ${drawing.label}, ${kind}, ${where}, ${notes.join(', ')}`;
}

/** A point of model space, and the same on the image file if its size is known; whole pixels. */
export function describePosition(point: Point, model: Size, file: Size | null): string {
  const pixel = (at: Point) => at.map((value) => Math.floor(value)).join(', ');
  const onFile = file && (file.width !== model.width || file.height !== model.height);
  const here = `model ${pixel(point)}`;
  return onFile ? `${here} · file ${pixel(toFileSpace(point, model, file))}` : here;
}

/** An image in words: `Image 4: image 2 with 3 shapes, drawn in turn 2`. */
export function describeImage({ number, base, drawn, turn }: LineageImage): string {
  if (base === null || turn === null) return `Image ${number}: input`;
  return `Image ${number}: image ${base} with ${counted(drawn.length, 'shape')}, drawn in turn ${turn + 1}`;
}

/** A turn that is over, in words. */
export function describeTurn({ number, parsed, images }: TurnView): string {
  const name = `Turn ${number + 1}`;
  if (parsed.answer !== null) return `${name}: answer ${parsed.answer}`;
  if (parsed.drawings.length === 0) return `${name}: no drawing and no answer`;
  const made = images.map((image) => image.number).join(', ');
  const drawn = counted(parsed.drawings.length, 'drawing');
  return made === '' ? `${name}: ${drawn}, no image` : `${name}: ${drawn}, image ${made}`;
}

/** Where a run stands, in words. */
export function describeRun(run: RunState): string {
  switch (run.state) {
    case 'queued':
      return run.ahead === 0
        ? 'Waiting: next in the queue'
        : `Waiting: ${counted(run.ahead, 'run')} ahead in the queue`;
    case 'opening':
      return run.message;
    case 'running':
      return 'Running';
    case 'ended':
      return 'Run ended';
  }
}

const FINISHES: Readonly<Record<TurnFinish, string>> = {
  stop: '',
  length: 'out of tokens',
  cancelled: 'stopped',
  failed: 'failed',
};

/** Why a turn ends where it ends; empty if the model was done. */
export function describeFinish(finish: TurnFinish | null): string {
  return finish === null ? '' : FINISHES[finish];
}

const ENDS: Readonly<Record<TraceFinish, string>> = {
  stop: '',
  length: 'The last turn ran out of tokens.',
  ToolError: 'The last turn neither answers nor draws, or draws on an image below 1 (ToolError).',
  ToolGenError: 'A drawing of the last turn cannot be carried out (ToolGenError).',
  IndexError: 'The last turn draws on an image that does not exist (IndexError).',
  TooManyImages: 'The last turn draws, but the limit of images is reached (TooManyImages).',
  cancelled: 'The run was stopped.',
  failed: 'The run failed.',
};

/** Why a trace ends without an answer; empty if it has one, or if nobody knows. */
export function describeEnd(finish: TraceFinish | null, answer: string | null): string {
  if (finish === null) return '';
  return finish === 'stop' && answer === null
    ? 'The last turn that was allowed gives no answer.'
    : ENDS[finish];
}

/** What spoke: `ViLaSR-7B · cpu · int8 · seed 7`. */
export function describeModel({ model, provider, weights, sampling }: Immutable<Run>): string {
  const seed = sampling.temperature === 0 ? 'greedy' : `seed ${sampling.seed}`;
  return [model, provider, weights ?? '', seed].filter((part) => part !== '').join(' · ');
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** A length of time in seconds: `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
