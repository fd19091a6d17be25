import * as v from 'valibot';
import { MOST_COMPARED } from '../../../src/view/compare';
import { listQuerySchema } from '../../../src/view/trace-list';
import { keptStateSchema } from '../../../src/view/trace-view';
import type { AppState } from './state';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const width = v.pipe(v.number(), v.minValue(0), v.maxValue(10_000));

const draftSchema = v.variant('kind', [
  v.object({
    kind: v.literal('turn'),
    turn: count,
    base: v.string(),
    mode: v.picklist(['parts', 'text']),
    think: v.string(),
    action: v.nullable(v.picklist(['Object Mapper', 'Path Tracer', 'Answer'])),
    answer: v.string(),
    text: v.string(),
  }),
  v.object({ kind: v.literal('question'), question: v.string(), options: v.string(), gold: v.string() }),
]);

/** What outlives a hidden or reloaded view. Where the stage was is kept as a place in model space, for any window size. */
export const savedStateSchema = v.object({
  ...keptStateSchema.entries,
  /** Of the trace that is shown: see `ShownTrace`. */
  key: v.string(),
  index: count,
  turn: v.nullable(count),
  image: v.pipe(v.number(), v.integer(), v.minValue(1)),
  following: v.boolean(),
  zoom: v.nullable(
    v.object({ scale: v.pipe(v.number(), v.gtValue(0)), centre: v.tuple([v.number(), v.number()]) }),
  ),
  options: v.object({
    pixels: v.picklist(['list', 'seen']),
    labels: v.boolean(),
    ghosts: v.boolean(),
  }),
  panes: v.object({
    turns: width,
    side: width,
    compare: v.optional(width, 720),
    history: v.optional(width, 320),
  }),
  historyOpen: v.optional(v.boolean(), false),
  list: v.optional(v.object({ open: v.boolean(), query: listQuerySchema, height: width })),
  reviewing: v.optional(v.boolean(), false),
  /** The numbers of the traces that are compared; null while none are. */
  comparing: v.optional(v.nullable(v.pipe(v.array(count), v.maxLength(MOST_COMPARED))), null),
  /** What is being written in a form: who looks at something else meanwhile finds it again. */
  draft: v.optional(v.nullable(draftSchema), null),
});

export type SavedState = v.InferOutput<typeof savedStateSchema>;

/** What was saved, or null if nothing was or another version saved it. */
export function readSavedState(raw: unknown): SavedState | null {
  const read = v.safeParse(savedStateSchema, raw);
  return read.success ? read.output : null;
}

/**
 * What to save; null while nothing is shown. Where there is no trace, what was shown before stays known: it may be found
 * the next time.
 */
export function stateToSave(state: AppState): SavedState | null {
  const {
    view,
    chosenIn,
    choice,
    following,
    zoom,
    options,
    panes,
    historyOpen,
    draft,
    list,
    review,
    compare,
  } = state;
  if (view === null) return null;
  return {
    id: chosenIn?.id ?? '',
    key: chosenIn?.key ?? '',
    index: view.index,
    ...choice,
    following,
    zoom: zoom && { scale: zoom.scale, centre: [zoom.centre[0], zoom.centre[1]] },
    options: { ...options },
    panes: { ...panes },
    historyOpen,
    list: { open: list.open, height: list.height, query: v.parse(listQuerySchema, list.query) },
    reviewing: review.open,
    comparing: compare.open ? [...compare.among] : null,
    draft: draft && { ...draft },
  };
}
