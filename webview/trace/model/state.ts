import type { Drawing } from '../../../src/trace/drawing';
import type { Change } from '../../../src/trace/edit/change';
import type { Point, Size } from '../../../src/trace/geometry';
import type { ListQuery } from '../../../src/view/trace-list';
import type { RunState, ShownTrace, ViewState } from '../../../src/view/trace-view';
import type { Choice } from './choice';
import type { ComparePane } from './compare';
import type { Draft } from './draft';
import type { Rect } from './geometry';
import type { Part } from './handles';
import type { ReviewPane } from './review';
import type { TraceDocument } from './trace-document';
import type { ShapeId } from './turn-view';

/** Whether the stage shows shapes over the input (`list`), or the pixels that the model saw. */
export type Pixels = 'list' | 'seen';

export interface StageOptions {
  readonly pixels: Pixels;
  readonly labels: boolean;
  readonly ghosts: boolean;
}

/** Where the stage is: a point of model space in its middle; null stands for the whole image. */
export interface Zoom {
  readonly scale: number;
  readonly centre: Point;
}

/** What there is to see on the stage, in model space, and how much room there is for it, in CSS pixels. */
export interface StageArea {
  readonly size: Size;
  readonly image: Rect;
  /** The image and all shapes, also those out of it. */
  readonly all: Rect;
}

/** The list of the file's traces. */
export interface ListPane {
  readonly open: boolean;
  readonly query: ListQuery;
  /** In CSS pixels. */
  readonly height: number;
  /** How often the host said that the list may be another. */
  readonly news: number;
}

/** What came of something the user asked for. */
export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
  /** An edit that is offered: what it is called where it is taken back, and what it does. */
  readonly offer?: { readonly label: string; readonly changes: readonly Change[] };
}

/** What a drag on the stage draws. */
export type Tool = 'box' | 'line';

/** Shapes of one turn as they are shown until the host shows what came of an edit: those that are there, or one to come. */
export type Preview = ReadonlyMap<ShapeId, Drawing>;

/** Widths of the columns beside the stage, and of the one in which traces are compared, and the height of what is below them, in CSS pixels. */
export interface Panes {
  readonly turns: number;
  readonly side: number;
  readonly compare: number;
  /** The height of the history, which is below the columns. */
  readonly history: number;
}

/** All that the view shows, but for where the pointer is. */
export interface AppState {
  /** Why nothing can be shown; null while it can, or may yet. */
  readonly failure: string | null;
  /** What the host said last, but for the trace, which `document` has as it grew; null before it said anything. */
  readonly view: Omit<ViewState, 'shown'> | null;
  /** Null before there is any, and where the line of the file is no trace: then `lineFindings` say why. */
  readonly document: TraceDocument | null;
  readonly lineFindings: ViewState['shown']['findings'];
  readonly correct: boolean | null;
  readonly run: RunState | null;
  /** How much of the prompt of the next turn is read. */
  readonly prefill: { readonly done: number; readonly total: number } | null;
  readonly choice: Choice;
  /** The trace that the choice is about, by its own id and by its key; null before there is any. */
  readonly chosenIn: { readonly id: string; readonly key: string } | null;
  /** Whether the choice goes along with a run to its newest turn. */
  readonly following: boolean;
  /** The shape under the pointer or the focus. */
  readonly lit: ShapeId | null;
  /** The shapes that were selected, which stay lit: all of one turn, the one that was selected last at the end. */
  readonly held: readonly ShapeId[];
  /** What was done to the trace; null where it cannot be edited. */
  readonly edits: ShownTrace['edits'];
  /** What was said of the trace; null where it cannot be judged. */
  readonly verdict: ShownTrace['verdict'];
  /** What was said of its turns and shapes. */
  readonly partVerdicts: ShownTrace['partVerdicts'];
  readonly preview: Preview | null;
  /** What of the one held shape keys move; null for all of it. */
  readonly part: Part | null;
  readonly tool: Tool | null;
  /** Whether the one held shape is new and its label to be typed. */
  readonly naming: boolean;
  /** What is being written in a form, if any. */
  readonly draft: Draft | null;
  /** The key of the mark that was gone to last. */
  readonly litMark: string | null;
  readonly options: StageOptions;
  readonly stage: StageArea;
  readonly zoom: Zoom | null;
  readonly panes: Panes;
  /** Whether the history is to be seen, where there is one. */
  readonly historyOpen: boolean;
  readonly list: ListPane;
  readonly review: ReviewPane;
  readonly compare: ComparePane;
  /** What the user asked for and has no answer yet, in words; null if nothing. */
  readonly asking: string | null;
  readonly notice: Notice | null;
  /** What a screen reader says next. */
  readonly announcement: string;
}

type Lit = Pick<AppState, 'lit' | 'held'>;

/** The shape that is lit: under the pointer, or else the one that is held, or was held last. */
export function litShape({ lit, held }: Lit): ShapeId | null {
  return lit ?? held.at(-1) ?? null;
}

/** All shapes that stand out: the one that is pointed at, or those that are held; or both where several are. */
export function litShapes({ lit, held }: Lit): readonly ShapeId[] {
  if (lit === null || held.includes(lit)) return held;
  return held.length > 1 ? [...held, lit] : [lit];
}

/** Whether a shape is one of those. */
export function isLit({ lit, held }: Lit, shape: ShapeId): boolean {
  return lit === shape || ((lit === null || held.length > 1 || held[0] === lit) && isHeld({ held }, shape));
}

const sets = new WeakMap<readonly ShapeId[], ReadonlySet<ShapeId>>();

/** Whether a shape is held; of any number, at once. */
export function isHeld({ held }: Pick<AppState, 'held'>, shape: ShapeId): boolean {
  if (held.length < 2) return held[0] === shape;
  const set = sets.get(held) ?? new Set(held);
  sets.set(held, set);
  return set.has(shape);
}

/** The shape that is held alone; null where none is, or several are. */
export function heldAlone({ held }: Pick<AppState, 'held'>): ShapeId | null {
  return held.length === 1 ? (held[0] ?? null) : null;
}

/** Whether a model speaks or is about to. */
export function isRunning({ run }: Pick<AppState, 'run'>): boolean {
  return run !== null && run.state !== 'ended';
}
