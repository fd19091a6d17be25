import type { Point, Size } from '../../../src/trace/geometry';
import type { RunState, ViewState } from '../../../src/view/trace-view';
import type { Choice } from './choice';
import type { Rect } from './geometry';
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

/** What came of something the user asked for. */
export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
}

/** Widths of the columns beside the stage, in CSS pixels. */
export interface Panes {
  readonly turns: number;
  readonly side: number;
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
  /** The trace that the choice is about; null before there is any. */
  readonly chosenIn: string | null;
  /** Whether the choice goes along with a run to its newest turn. */
  readonly following: boolean;
  /** The shape under the pointer or the focus. */
  readonly lit: ShapeId | null;
  /** The shape that was clicked, which stays lit. */
  readonly held: ShapeId | null;
  readonly options: StageOptions;
  readonly stage: StageArea;
  readonly zoom: Zoom | null;
  readonly panes: Panes;
  /** What the user asked for and has no answer yet, in words; null if nothing. */
  readonly asking: string | null;
  readonly notice: Notice | null;
  /** What a screen reader says next. */
  readonly announcement: string;
}

/** The shape that is lit: under the pointer, or else the one that is held. */
export function litShape({ lit, held }: Pick<AppState, 'lit' | 'held'>): ShapeId | null {
  return lit ?? held;
}

/** Whether a model speaks or is about to. */
export function isRunning({ run }: Pick<AppState, 'run'>): boolean {
  return run !== null && run.state !== 'ended';
}
