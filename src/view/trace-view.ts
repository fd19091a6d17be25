import * as v from 'valibot';
import type { Contract, Immutable } from '../protocol/contract';
import { changeSchema } from '../trace/edit/change';
import { TURN_FINISHES } from '../trace/trace';
import { inputImageSchema, traceSchema } from '../trace/trace-schema';
import { compareMethods } from './compare';
import { historyMethods, pastImage } from './trace-history';
import { listMethods, listNews } from './trace-list';
import {
  judgementSchema,
  PART_COMMANDS,
  REVIEW_COMMANDS,
  shownVerdict,
  VERDICT_COMMANDS,
  verdictMethods,
} from './verdict';

/**
 * Commands that the host passes on to the view that has the focus; each is a VS Code command `vilasr.view.NAME`. There are
 * also those about verdicts, and of a review.
 */
export const VIEW_COMMANDS = [
  'previousTurn',
  'nextTurn',
  'previousImage',
  'nextImage',
  'previousTrace',
  'nextTrace',
  'toggleList',
  'searchTraces',
  'zoomIn',
  'zoomOut',
  'zoomToFit',
  'zoomToActualSize',
  'toggleSeen',
  'toggleHistory',
] as const;
/** All that the host asks of a view by a command; the last is about the turn that is chosen. */
const COMMANDS = [
  ...VIEW_COMMANDS,
  ...VERDICT_COMMANDS,
  ...PART_COMMANDS,
  ...REVIEW_COMMANDS,
  'continueFromHere',
] as const;
export type ViewCommand = (typeof COMMANDS)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const span = v.object({ start: count, end: count });

/** A finding of a trace file's line; those of a turn's text, and of the trace as a whole, the view finds by itself. */
const findingSchema = v.object({
  code: v.string(),
  severity: v.picklist(['error', 'warning', 'information']),
  message: v.string(),
  turn: v.optional(count),
  span: v.optional(span),
  path: v.optional(v.string()),
});

/** A place to look at after an edit: see `Mark`. `key` names it when it is accepted. */
const markSchema = v.object({
  ...{ key: v.string(), code: v.string(), message: v.string(), turn: count, span },
  fix: v.nullable(
    v.object({
      to: v.string(),
      edits: v.array(v.object({ start: count, end: count, inserted: v.string() })),
    }),
  ),
});

/**
 * Where a run stands. `opening`: the model is being opened, or its server keeps the run waiting (also in the middle of it);
 * `message` says what for. `ended` says nothing of how, the trace does.
 */
const runStateSchema = v.variant('state', [
  v.object({ state: v.literal('queued'), ahead: count }),
  v.object({ state: v.literal('opening'), message: v.string() }),
  v.object({ state: v.literal('running') }),
  v.object({ state: v.literal('ended') }),
]);

/**
 * One trace as the view shows it. `trace` is null where the line of a file is none; `findings` say why. The derived
 * fields of its turns are not relied on: the view parses each turn's text. A run that goes on has the turns that ended.
 */
const shownTraceSchema = v.object({
  trace: v.nullable(traceSchema),
  /** Tells the trace from all others that a view may show, as its id may not; edits leave it as it is. */
  key: v.string(),
  /** Another one whenever the trace, or the pixels of its images, may be others: requests for images name it. */
  revision: count,
  findings: v.array(findingSchema),
  /** What was done to it; null where it cannot be edited, as a run. */
  edits: v.nullable(
    v.object({
      /** Whether it is not what the file says: it has edits, saved or not. */
      edited: v.boolean(),
      /** What may be wrong because of edits, but for what somebody accepted. */
      marks: v.array(markSchema),
    }),
  ),
  ...shownVerdict,
  /** What was said so far of a turn that has not ended; null where none is being said. */
  speaking: v.nullable(v.string()),
  /** Whether the answer is right; null where no right answer is known, or none was given yet. */
  correct: v.nullable(v.boolean()),
  /** Null for a trace that is no run of this window. */
  run: v.nullable(runStateSchema),
});

/** What can be done with the trace that is shown; what cannot is not offered, or says why. */
const abilitiesSchema = v.object({
  /** Null if a model may be run, else why not (Restricted Mode), in words. */
  cannotRun: v.nullable(v.string()),
  /** Whether it can be saved to a trace file: a run, not a trace that is in one. */
  save: v.boolean(),
  /** Whether the user can say where its images are: those of a data file. */
  locate: v.boolean(),
});

const viewStateSchema = v.object({
  /** Name for the top of the view: the question's first image, or the file. */
  title: v.string(),
  /** Which trace of how many, from 0; a run is the only one of its view. */
  index: count,
  count,
  /** Whether the file is still being read, so that there may be more traces than `count`; see the call of that name. */
  counting: v.boolean(),
  shown: shownTraceSchema,
  abilities: abilitiesSchema,
  /** There where the view is asked for the first time since the window, or the file, was opened. */
  opened: v.optional(v.literal(true)),
  /** There where somebody was led to this trace: to which turn, if to one, and whether to review it. */
  goal: v.optional(v.object({ turn: v.nullable(count), review: v.optional(v.boolean()) })),
});

/** Pixels of an image of a trace, in model space, at a URI that the view may load. */
const viewImageSchema = v.object({
  uri: v.string(),
  width: side,
  height: side,
  /** Size on disk of the input it comes from (file space). */
  file: v.object({ width: side, height: side }),
});

const imagePixels = v.picklist(['base', 'seen']);
/** In which pixels an image is shown: see the call `image`. */
export type ImagePixels = v.InferOutput<typeof imagePixels>;

/** Which image of the trace of a revision, as the call `image` names it. */
const imageName = { revision: count, number: side, pixels: imagePixels };

export type RunState = Immutable<v.InferOutput<typeof runStateSchema>>;
export type ShownTrace = Immutable<v.InferOutput<typeof shownTraceSchema>>;
export type ViewMark = Immutable<v.InferOutput<typeof markSchema>>;
export type ViewFinding = Immutable<v.InferOutput<typeof findingSchema>>;
export type ViewState = Immutable<v.InferOutput<typeof viewStateSchema>>;

/**
 * What a view must keep with `setState`, besides what it keeps for itself: by the `id` of the trace that it shows the host
 * finds the run again when the window was reloaded.
 */
export const keptStateSchema = v.looseObject({ id: v.string() });

/** Longer text on the clipboard, in characters, holds no shapes for a view. */
export const MOST_CLIPBOARD = 1 << 20;

const nothing = v.null();
const none = v.object({});

/**
 * What the host asks of the webview. Both sides check what they receive. A run streams `run`, then for each turn any
 * `prefill`, its `text` and its `turn`; at its end the host says `run` and then shows the whole trace again, with how it
 * ended. Keys for `command` are bound by the host alone, so that they can be rebound: the view binds none of its own to
 * the same, but for the keys of the control that has the focus (arrows, Home, End, Enter, Escape).
 */
export const webviewContract = {
  methods: {
    /** Shows this in place of what was shown. */
    show: { params: viewStateSchema, event: v.never(), result: nothing },
    /** More of what the model says in the turn that is being said. */
    text: { params: v.object({ text: v.string() }), event: v.never(), result: nothing },
    /** The turn that was being said is over. */
    turn: {
      params: v.object({
        text: v.string(),
        finish: v.picklist(TURN_FINISHES),
        tokens: v.nullable(count),
        seconds: v.nullable(v.number()),
      }),
      event: v.never(),
      result: nothing,
    },
    /** `done` of `total` prompt tokens of the turn to be said are in. */
    prefill: { params: v.object({ done: count, total: count }), event: v.never(), result: nothing },
    run: { params: runStateSchema, event: v.never(), result: nothing },
    /** So many traces were found in the file so far; `counting` as in the state of the view. */
    count: { params: v.object({ count, counting: v.boolean() }), event: v.never(), result: nothing },
    /** An image that the view is about to need: told before it asks. */
    image: {
      params: v.object({ ...imageName, image: viewImageSchema }),
      event: v.never(),
      result: nothing,
    },
    ...listNews,
    /** A command of the host for the view, from a key or a menu: see `VIEW_COMMANDS` and `VERDICT_COMMANDS`. */
    command: { params: v.object({ command: v.picklist(COMMANDS) }), event: v.never(), result: nothing },
    /** Takes a reason for the verdict to come, or leaves it again: the one at that place, from 1. */
    reason: { params: v.object({ number: side }), event: v.never(), result: nothing },
  },
  failure: v.object({ message: v.string() }),
} satisfies Contract;

/** What the webview asks of the host. A failure has a message for people, which the view shows where it asked. */
export const hostContract = {
  methods: {
    /** The view is there: what shall it show? */
    ready: { params: none, event: v.never(), result: viewStateSchema },
    ...listMethods,
    /** Shows another trace of the file; the answer is what it is. */
    select: { params: v.object({ index: count }), event: v.never(), result: viewStateSchema },
    /**
     * Says what the user thinks of the trace, and shows the next one of the list as it was before that. The answer is what was said,
     * and the next trace; null at the end of the list.
     */
    judgeAndGoOn: {
      params: judgementSchema,
      event: v.never(),
      result: v.object({ verdict: shownVerdict.verdict, next: v.nullable(viewStateSchema) }),
    },
    /**
     * The URIs of the pictures that a trace of the file would be shown with first, made now. `pixels` says how the view shows
     * images, as for `image`; what is made ahead from then on is of that kind.
     */
    peek: {
      params: v.object({ index: count, pixels: imagePixels }),
      event: v.never(),
      result: v.array(v.string()),
    },
    /**
     * Pixels of an image of the trace that is shown, or of one of its history, as a URI that the view may load, in model
     * space. `base` is the input at the bottom of its lineage, undrawn; `seen` is what the model saw, with all that was ever painted on it. Null
     * where `revision` is not that of the trace that the host has by now, which it is about to show.
     */
    image: {
      params: v.object({ ...imageName, ...pastImage }),
      event: v.never(),
      result: v.nullable(viewImageSchema),
    },
    /**
     * Changes the trace that is shown. `label` says what is done, as in "Move Box": it is what undo is called by. The host
     * shows the outcome before it answers. A failure has changed nothing; it is one where `revision` is not that of the trace
     * that the host would show now.
     */
    edit: {
      params: v.object({
        revision: count,
        label: v.pipe(v.string(), v.nonEmpty()),
        changes: v.pipe(v.array(changeSchema), v.minLength(1)),
      }),
      event: v.never(),
      result: nothing,
    },
    /**
     * Asks for picture files to be input images of the trace; null if the user chose none. A failure says which is none, or
     * lies where images may not come from.
     */
    chooseImages: {
      params: v.object({ several: v.boolean() }),
      event: v.never(),
      result: v.nullable(v.array(inputImageSchema)),
    },
    /** Somebody looked at these marks and found nothing wrong: they are not shown again. */
    acceptMarks: {
      params: v.object({ revision: count, keys: v.array(v.string()) }),
      event: v.never(),
      result: nothing,
    },
    ...historyMethods,
    ...verdictMethods,
    ...compareMethods,
    /** The text on the clipboard, which the user asked to paste: a page may not read it by itself. Longer text is cut off. */
    readClipboard: { params: none, event: v.never(), result: v.string() },
    stop: { params: none, event: v.never(), result: nothing },
    /** Asks the same question again, in a view of its own. */
    again: { params: v.object({ seed: v.picklist(['same', 'new']) }), event: v.never(), result: nothing },
    /** Lets the model go on after a turn of the trace that is shown, in a view of its own. A failure is as that of `edit`. */
    continueFrom: { params: v.object({ revision: count, turn: count }), event: v.never(), result: nothing },
    /** Appends the run to a trace file of the user's choice; null if they chose none, else its path. */
    save: { params: none, event: v.never(), result: v.nullable(v.string()) },
    /** Asks in which folder the images of the data file are, and shows all anew. */
    locateImages: { params: none, event: v.never(), result: nothing },
    /** Puts the trace on the clipboard. */
    copy: { params: v.object({ as: v.picklist(['json', 'markdown']) }), event: v.never(), result: nothing },
    /** Writes every image as the model saw it to a folder of the user's choice; null if they chose none. */
    exportImages: { params: none, event: v.never(), result: v.nullable(v.string()) },
    showLog: { params: none, event: v.never(), result: nothing },
  },
  failure: v.object({ message: v.string() }),
} satisfies Contract;

export type WebviewContract = typeof webviewContract;
export type HostContract = typeof hostContract;
