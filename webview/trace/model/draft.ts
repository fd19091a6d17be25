import { applyChanges, type Change } from '../../../src/trace/edit/change';
import { setField } from '../../../src/trace/edit/field-changes';
import { setAction, setAnswer, setText, setThink, thinkOf } from '../../../src/trace/edit/prose-changes';
import { splitTurn } from '../../../src/trace/edit/split-turn';
import type { Action } from '../../../src/trace/format-turn';
import { parseTurn } from '../../../src/trace/parse-turn';
import { strip, stripSpan } from '../../../src/trace/python-text';
import type { Trace } from '../../../src/trace/trace';
import { keepBreaks, placeIn } from './line-breaks';
import type { TraceDocument } from './trace-document';

/** A turn that is being written anew: its parts, or its text as it is. */
export interface TurnDraft {
  readonly kind: 'turn';
  /** Counted from 0. */
  readonly turn: number;
  /** The text that the form began with. */
  readonly base: string;
  readonly mode: 'parts' | 'text';
  readonly think: string;
  readonly action: Action | null;
  readonly answer: string;
  readonly text: string;
}

/** The question that is being written anew. */
export interface QuestionDraft {
  readonly kind: 'question';
  readonly question: string;
  /** One a line. */
  readonly options: string;
  readonly gold: string;
}

export type Draft = TurnDraft | QuestionDraft;

/** The text of a turn that is yet to be written: it thinks nothing. */
export const EMPTY_TURN = '<think>  </think> Action: Object Mapper';

/** A draft of a turn as it is. Text without think text can be written as it is only. */
export function openDraft(turn: number, text: string, base = text): TurnDraft {
  const { think, action, answer } = parseTurn(text);
  const mode = think === null && text !== '' ? 'text' : 'parts';
  return { kind: 'turn', turn, base, mode, think: think ?? '', action, answer: answer ?? '', text };
}

/** The draft as it goes on after an edit: its turn may stand at another place now. */
export function keepDraft(draft: Draft | null, { turns }: TraceDocument): Draft | null {
  if (draft?.kind !== 'turn' || turns[draft.turn]?.text === draft.base) return draft;
  const place = turns.findIndex(({ text }) => text === draft.base);
  if (place >= 0) return { ...draft, turn: place };
  return turns[draft.turn] ? draft : null;
}

/** What the draft changes of the trace. Throws `EditRefused` where parts cannot be changed in that text. */
export function draftChanges(trace: Trace, draft: TurnDraft): Change[] {
  const { turn } = draft;
  if (draft.mode === 'text') return setText(trace, turn, keepBreaks(draft.base, draft.text));
  const base = parseTurn(draft.base);
  const answer = strip(draft.answer) === '' ? null : keepBreaks(base.answer ?? '', draft.answer);
  const steps: ((trace: Trace) => Change[])[] = [];
  const think = keepBreaks(base.think ?? '', draft.think);
  if (strip(think) !== (base.think ?? '')) steps.push((now) => setThink(now, turn, think));
  const { action } = draft;
  if (action !== null && action !== base.action) steps.push((now) => setAction(now, turn, action));
  if (strip(answer ?? '') !== (base.answer ?? '')) steps.push((now) => setAnswer(now, turn, answer));
  return inTurn(trace, steps);
}

/** The text that the draft gives its turn. Throws `EditRefused`. */
export function draftText(trace: Trace, draft: TurnDraft): string {
  return applyChanges(trace, draftChanges(trace, draft)).turns[draft.turn]?.text ?? '';
}

/** Applies the draft and splits its turn before character `caret` of the think text that is written. Throws `EditRefused`. */
export function splitChanges(trace: Trace, draft: TurnDraft, caret: number): Change[] {
  return inTurn(trace, [
    (now) => draftChanges(now, draft),
    (now) => {
      const text = now.turns[draft.turn]?.text ?? '';
      const think = thinkOf(text);
      if (think === null) return splitTurn(now, draft.turn, 0);
      const { start, end } = stripSpan(text, think);
      const lead = draft.think.length - draft.think.trimStart().length;
      const place = placeIn(text.slice(start, end), Math.max(caret - lead, 0));
      return splitTurn(now, draft.turn, start + place);
    },
  ]);
}

/** The question of a trace as it is. */
export function openQuestion({
  question,
  options,
  gold,
}: Pick<Trace, 'question' | 'options' | 'gold'>): QuestionDraft {
  return { kind: 'question', question, options: options.join('\n'), gold: gold ?? '' };
}

/** What the draft changes of the trace: options are left alone unless they were written anew, and then empty lines are none. */
export function questionChanges(trace: Trace, draft: QuestionDraft): Change[] {
  const written = openQuestion(trace);
  const options = draft.options.split('\n').filter((option) => strip(option) !== '');
  return [
    ...setField(trace, 'question', keepBreaks(trace.question, draft.question)),
    ...(draft.options === written.options ? [] : setField(trace, 'options', options)),
    ...(draft.gold === written.gold
      ? []
      : setField(trace, 'gold', strip(draft.gold) === '' ? null : strip(draft.gold))),
  ];
}

/** Each step sees the trace as the steps before it left it. */
function inTurn(trace: Trace, steps: readonly ((trace: Trace) => Change[])[]): Change[] {
  const changes: Change[] = [];
  let now = trace;
  for (const step of steps) {
    const next = step(now);
    changes.push(...next);
    now = applyChanges(now, next);
  }
  return changes;
}
