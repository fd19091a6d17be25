import type { Point } from '../../../src/trace/geometry';
import type { RunState, ViewState } from '../../../src/view/trace-view';
import type { ComparePane } from './compare';
import type { Draft } from './draft';
import type { Part } from './handles';
import type { ReviewPane } from './review';
import type { ListPane, Notice, Panes, Preview, StageArea, StageOptions, Tool } from './state';
import type { HeardTurn, ShapeId } from './turn-view';
import type { ZoomTarget } from './zoom';

/** Everything that changes what the view shows. */
export type Action =
  | { readonly type: 'show'; readonly view: ViewState }
  | { readonly type: 'fail'; readonly message: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'turn'; readonly turn: HeardTurn }
  | { readonly type: 'prefill'; readonly done: number; readonly total: number }
  | { readonly type: 'run'; readonly run: RunState }
  | { readonly type: 'count'; readonly count: number; readonly counting: boolean }
  | { readonly type: 'choose-turn'; readonly turn: number }
  | { readonly type: 'choose-image'; readonly image: number }
  | { readonly type: 'follow' }
  | { readonly type: 'light'; readonly shape: ShapeId | null }
  /** Holds one shape alone, or none. */
  | { readonly type: 'hold'; readonly shape: ShapeId | null }
  /** Holds shapes of one turn, and says how many. */
  | { readonly type: 'hold-all'; readonly shapes: readonly ShapeId[] }
  /** Holds a shape besides those that are held, or lets go of it. */
  | { readonly type: 'toggle'; readonly shape: ShapeId }
  | { readonly type: 'preview'; readonly preview: Preview | null }
  | { readonly type: 'part'; readonly part: Part | null }
  | { readonly type: 'tool'; readonly tool: Tool | null }
  | { readonly type: 'naming'; readonly naming: boolean }
  | { readonly type: 'draft'; readonly draft: Draft | null }
  | { readonly type: 'go-to-mark'; readonly key: string }
  /** What a screen reader says. */
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'options'; readonly options: Partial<StageOptions> }
  | { readonly type: 'stage'; readonly stage: Partial<StageArea> }
  | { readonly type: 'zoom'; readonly to: ZoomTarget }
  /** Zooms by `factor` so that what is at `at` stays there; both in CSS pixels of the stage. */
  | { readonly type: 'zoom-at'; readonly factor: number; readonly at: Point }
  | { readonly type: 'pan'; readonly by: Point }
  | { readonly type: 'list'; readonly list: Partial<Omit<ListPane, 'news'>> }
  /** The list may be another. */
  | { readonly type: 'list-news' }
  | { readonly type: 'review'; readonly review: Partial<ReviewPane> }
  | { readonly type: 'compare'; readonly compare: Partial<ComparePane> }
  /** Takes a reason for the verdict to come, or leaves it again: the one at that place, from 1. */
  | { readonly type: 'reason'; readonly number: number }
  | { readonly type: 'panes'; readonly panes: Partial<Panes> }
  | { readonly type: 'history'; readonly open: boolean }
  | { readonly type: 'asking'; readonly what: string | null }
  | { readonly type: 'notice'; readonly notice: Notice | null };

export type Dispatch = (action: Action) => void;
