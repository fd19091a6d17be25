import { t } from '@vscode/l10n';
import type { ViewState } from '../../../src/view/trace-view';
import type { Action } from './actions';
import { type Choice, chooseImage, chooseTurn, firstChoice, keepChoice, newestChoice } from './choice';
import { keepDraft } from './draft';
import { partName } from './edit-words';
import { holdShapes, keepHeld } from './hold';
import { goOn, toggleReason } from './review';
import { describeRun } from './run-words';
import { startsAnew, toggleShape } from './selection';
import { type AppState, isRunning } from './state';
import { endTurn, hearText, openDocument, type TraceDocument } from './trace-document';
import type { ShapeId } from './turn-view';
import { describeSelection, describeTurn } from './words';
import { panBy, zoomAt, zoomTo } from './zoom';

/** The state after an action. Pure; an action about a trace that is not there changes nothing. */
export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'show':
      return show(state, action.view);
    case 'fail':
      return { ...state, failure: action.message };
    case 'text':
      return grow(state, (document) => hearText(document, action.text));
    case 'turn': {
      const grown = grow(state, (document) => endTurn(document, action.turn));
      const turn = grown.document?.turns.at(-1);
      return turn ? { ...grown, announcement: describeTurn(turn) } : grown;
    }
    case 'prefill':
      return { ...state, prefill: { done: action.done, total: action.total } };
    case 'run': {
      // What is said on the way, such as how far an import is, would never let a screen reader come to an end.
      const isNew = action.run.state !== state.run?.state;
      const announcement = isNew ? describeRun(action.run) : state.announcement;
      return { ...state, run: action.run, prefill: null, announcement };
    }
    case 'count': {
      const { count, counting } = action;
      return state.view ? { ...state, view: { ...state.view, count, counting } } : state;
    }
    case 'choose-turn':
      return choose(state, (document) => chooseTurn(document, action.turn));
    case 'choose-image':
      return choose(state, (document) => chooseImage(document, action.image, state.choice));
    case 'follow':
      return state.document
        ? { ...state, following: true, choice: newestChoice(state.document), held: [] }
        : state;
    case 'light':
      return state.lit === action.shape ? state : { ...state, lit: action.shape };
    case 'hold':
      return hold(state, action.shape === null ? [] : [action.shape]);
    case 'hold-all':
      return { ...hold(state, action.shapes), announcement: describeSelection(action.shapes.length) };
    case 'toggle': {
      const next = hold(state, toggleShape(state.held, action.shape));
      const announcement = startsAnew(state.held, action.shape)
        ? t('Only shapes of one turn are selected together: the selection starts anew.')
        : describeSelection(next.held.length);
      return { ...next, announcement };
    }
    case 'preview':
      return { ...state, preview: action.preview };
    case 'part':
      return { ...state, part: action.part, announcement: partName(action.part) };
    case 'tool':
      return { ...state, tool: action.tool };
    case 'naming':
      return { ...state, naming: action.naming };
    case 'draft':
      return { ...state, draft: action.draft };
    case 'go-to-mark': {
      const mark = state.edits?.marks.find(({ key }) => key === action.key);
      if (!mark) return state;
      return { ...choose(state, (document) => chooseTurn(document, mark.turn)), litMark: action.key };
    }
    case 'say':
      return { ...state, announcement: action.text };
    case 'options':
      return { ...state, options: { ...state.options, ...action.options } };
    case 'stage':
      return { ...state, stage: { ...state.stage, ...action.stage } };
    case 'zoom':
      return { ...state, zoom: zoomTo(state, action.to) };
    case 'zoom-at':
      return { ...state, zoom: zoomAt(state, action.factor, action.at) };
    case 'pan':
      return { ...state, zoom: panBy(state, action.by) };
    case 'list':
      return { ...state, list: { ...state.list, ...action.list } };
    case 'list-news':
      return { ...state, list: { ...state.list, news: state.list.news + 1 } };
    case 'review':
      return { ...state, review: { ...state.review, ...action.review } };
    case 'compare':
      return { ...state, compare: { ...state.compare, ...action.compare } };
    case 'reason':
      return { ...state, ...toggleReason(state.review, action.number) };
    case 'panes':
      return { ...state, panes: { ...state.panes, ...action.panes } };
    case 'history':
      return { ...state, historyOpen: action.open };
    case 'asking':
      return { ...state, asking: action.what, notice: action.what === null ? state.notice : null };
    case 'notice':
      return { ...state, notice: action.notice, announcement: action.notice?.text ?? state.announcement };
  }
}

function hold(state: AppState, shapes: readonly ShapeId[]): AppState {
  const next = holdShapes(state, shapes);
  return next.held === state.held ? next : { ...next, part: null, naming: false };
}

/** The same trace again, as at a run's end, keeps all that was chosen. */
function show(state: AppState, { shown, ...view }: ViewState): AppState {
  const document = openDocument(shown);
  const same = document !== null && document.key === state.chosenIn?.key;
  const base: AppState = {
    ...state,
    failure: null,
    view,
    document,
    lineFindings: shown.findings,
    correct: shown.correct,
    verdict: shown.verdict,
    partVerdicts: shown.partVerdicts,
    run: shown.run,
    prefill: null,
    lit: null,
    ...NOTHING_EDITED,
    edits: shown.edits,
    ...(same && keepEditing(state, document, shown.edits !== null)),
    review: same ? state.review : goOn(state.review, state.chosenIn?.key ?? null, document?.key ?? null),
    zoom: same ? state.zoom : null,
    following: same ? state.following : true,
  };
  if (document === null) return { ...base, choice: { turn: null, image: 1 } };
  const chosen = {
    ...base,
    choice: choiceFor(base, document, same),
    chosenIn: { id: document.trace.id, key: document.key },
  };
  return chosen.edits === null ? chosen : holdShapes(chosen, chosen.held);
}

const NOTHING_EDITED = {
  held: [],
  preview: null,
  part: null,
  tool: null,
  naming: false,
  draft: null,
  litMark: null,
};

/** What is being done with the trace goes on as an edit of it is shown. */
function keepEditing(state: AppState, document: TraceDocument, editable: boolean): Partial<AppState> {
  const { preview, tool, naming, litMark } = state;
  if (!editable) return { held: state.held };
  const held = state.edits === null ? state.held : keepHeld(state, document);
  const part = held.length === 1 ? state.part : null;
  return { held, part, preview, tool, naming, litMark, draft: keepDraft(state.draft, document) };
}

function choiceFor(state: AppState, document: TraceDocument, same: boolean): Choice {
  const goal = state.view?.goal?.turn ?? null;
  if (goal !== null) return chooseTurn(document, goal);
  if (isRunning(state) && state.following) return newestChoice(document);
  return same ? keepChoice(document, state.choice) : firstChoice(document);
}

function grow(state: AppState, change: (document: TraceDocument) => TraceDocument): AppState {
  if (state.document === null) return state;
  const document = change(state.document);
  const choice = state.following ? newestChoice(document) : keepChoice(document, state.choice);
  return { ...state, document, choice, prefill: null };
}

/** Who chooses the newest turn follows the run again; who chooses another stays there. */
function choose(state: AppState, change: (document: TraceDocument) => Choice): AppState {
  const { document } = state;
  if (document === null) return state;
  const choice = change(document);
  const newest = choice.turn === document.turns.length - 1;
  return { ...state, choice, following: newest, lit: null, held: [], part: null, naming: false };
}
