import { WHOLE_LIST } from '../../../src/view/trace-list';
import { NO_COMPARISON } from './compare';
import type { Rect } from './geometry';
import { NO_REVIEW } from './review';
import type { SavedState } from './saved-state';
import type { AppState, ListPane, Panes } from './state';

const NOTHING: Rect = { left: 0, top: 0, right: 1, bottom: 1 };

export const DEFAULT_PANES: Panes = { turns: 380, side: 300, compare: 720, history: 320 };

/** The list is asked for by who wants it: most look at one trace after the other. */
export const DEFAULT_LIST: Omit<ListPane, 'news'> = { open: false, query: WHOLE_LIST, height: 240 };

/** Before the host said anything; what is saved from before holds until it shows another trace. */
export function initialState(saved: SavedState | null): AppState {
  return {
    failure: null,
    view: null,
    document: null,
    lineFindings: [],
    correct: null,
    run: null,
    prefill: null,
    choice: { turn: saved?.turn ?? null, image: saved?.image ?? 1 },
    chosenIn: saved && { id: saved.id, key: saved.key },
    following: saved?.following ?? true,
    lit: null,
    held: [],
    edits: null,
    verdict: null,
    partVerdicts: [],
    preview: null,
    part: null,
    tool: null,
    naming: false,
    draft: saved?.draft ?? null,
    litMark: null,
    options: saved?.options ?? { pixels: 'list', labels: true, ghosts: true },
    stage: { size: { width: 0, height: 0 }, image: NOTHING, all: NOTHING },
    zoom: saved?.zoom ?? null,
    panes: saved?.panes ?? DEFAULT_PANES,
    historyOpen: saved?.historyOpen ?? false,
    list: { ...DEFAULT_LIST, ...saved?.list, news: 0 },
    review: { ...NO_REVIEW, open: saved?.reviewing ?? false },
    compare: saved?.comparing ? { open: true, among: saved.comparing } : NO_COMPARISON,
    asking: null,
    notice: null,
    announcement: '',
  };
}
