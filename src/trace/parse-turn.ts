import { findBlocks } from './blocks';
import { type Drawing, isLine } from './drawing';
import type { Severity, TurnFinding, TurnFindingCode } from './finding';
import {
  actionNameEnd,
  findAction,
  findAnswer,
  findThink,
  hasAnswerTags,
  itemsHaveKeys,
} from './format-rule';
import type { Action } from './format-turn';
import type { Literal } from './literal/literal';
import { parseLiteral } from './literal/parse-literal';
import { type Span, strip } from './python-text';
import { type LocatedDrawing, readDrawings } from './read-drawings';

/** What the text of one turn says. */
export interface ParsedTurn {
  /** From `<think>` to the `</think>` before the action (or the first one after it), without white space around it. */
  readonly think: string | null;
  /** The action named after `</think>`; null if none is named or its name is none of the three. */
  readonly action: Action | null;
  /** All drawings of all blocks, in the order of the text. */
  readonly drawings: readonly Drawing[];
  /** The text between the first `<answer>` and the `</answer>` after it, without white space around it. */
  readonly answer: string | null;
  /** `located[i]` says where `drawings[i]` stands in the text. */
  readonly located: readonly LocatedDrawing[];
  /** The contents of the fenced blocks. */
  readonly blocks: readonly Span[];
  /** What those say that are Python literals, or almost. */
  readonly literals: readonly Literal[];
  readonly findings: readonly TurnFinding[];
  /**
   * Whether upstream's format rule holds for this turn: it begins with `<think>`, and somewhere `Action:` follows a
   * `</think>` with only white space between them; every fenced block is closed, is a Python literal (JSON's `null`,
   * `true` and `false` are none) and all its items have the keys of a box or a line; and there are both answer tags, or
   * neither of them and at least one drawing. Values, and `index`, are not looked at for this.
   */
  readonly wellFormed: boolean;
}

/**
 * Reads a turn of the model with upstream's grammar and tolerance: any number of blocks, also within the think text, a
 * missing closing fence, Python literals. What cannot be read is a finding with its place. Linear in the length of the
 * text; throws nothing, guesses nothing, clamps nothing. All offsets are UTF-16 code units in `raw`.
 */
export function parseTurn(raw: string): ParsedTurn {
  const findings: TurnFinding[] = [];
  const report: Report = (code, severity, span, message) => findings.push({ code, severity, message, span });
  const place = findAction(raw);
  const think = readThink(raw, place?.thinkEnd ?? null, report);
  const action = readAction(raw, place?.nameStart ?? null, report);
  const { located, blocks, literals, wellFormed: blocksWellFormed } = readBlocks(raw, findings, report);
  const drawings = located.map(({ drawing }) => drawing);
  const answer = readAnswer(raw, report);
  const tagged = hasAnswerTags(raw);
  const untagged = !raw.includes('<answer>') && !raw.includes('</answer>');
  checkPurpose(raw, action, drawings, tagged, report);
  const shaped = raw.startsWith('<think>') && place !== null;
  const purposeful = tagged || (untagged && drawings.length > 0);
  return {
    think,
    action,
    drawings,
    answer,
    located,
    blocks,
    literals,
    findings,
    wellFormed: shaped && blocksWellFormed && purposeful,
  };
}

type Report = (code: TurnFindingCode, severity: Severity, span: Span, message: string) => void;

function readThink(raw: string, beforeAction: number | null, report: Report): string | null {
  const opening = raw.indexOf('<think>');
  const inside = findThink(raw, beforeAction);
  if (inside === null) {
    const what = opening < 0 ? 'does not begin with <think>' : 'has a <think> that </think> does not close';
    report('no-think', 'warning', { start: Math.max(opening, 0), end: raw.length }, `The turn ${what}.`);
    return null;
  }
  if (opening > 0) {
    report(
      'no-think',
      'warning',
      { start: 0, end: opening },
      'Text stands before <think>; a turn begins with it.',
    );
  }
  return strip(raw.slice(inside.start, inside.end));
}

const ACTIONS: readonly Action[] = ['Object Mapper', 'Path Tracer', 'Answer'];

function readAction(raw: string, start: number | null, report: Report): Action | null {
  if (start === null) {
    const message = 'No "Action:" follows </think> in this turn.';
    report('no-action', 'warning', { start: 0, end: raw.length }, message);
    return null;
  }
  const end = actionNameEnd(raw, start);
  const name = strip(raw.slice(start, end));
  const action = ACTIONS.find((known) => known === name);
  if (action) return action;
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  report(
    'unknown-action',
    'warning',
    { start, end },
    `The action is ${shown}, none of ${ACTIONS.join(', ')}.`,
  );
  return null;
}

interface Blocks {
  readonly located: readonly LocatedDrawing[];
  readonly blocks: readonly Span[];
  readonly literals: readonly Literal[];
  readonly wellFormed: boolean;
}

function readBlocks(raw: string, findings: TurnFinding[], report: Report): Blocks {
  const located: LocatedDrawing[] = [];
  const blocks: Span[] = [];
  const literals: Literal[] = [];
  let wellFormed = true;
  for (const { span, closed } of findBlocks(raw)) {
    blocks.push(span);
    if (!closed) {
      wellFormed = false;
      report(
        'open-fence',
        'warning',
        span,
        'No closing ``` follows this block; it is read up to </think> or the end.',
      );
    }
    const result = parseLiteral(raw, span);
    if (!result.ok) {
      wellFormed = false;
      report(
        'bad-literal',
        'error',
        result.span,
        `The block is no Python literal: ${result.message}. It draws nothing.`,
      );
      continue;
    }
    for (const constant of result.jsonConstants) {
      wellFormed = false;
      const name = raw.slice(constant.start, constant.end);
      report(
        'json-constant',
        'warning',
        constant,
        `JSON's ${name} is read, but Python and upstream do not know it.`,
      );
    }
    literals.push(result.literal);
    wellFormed &&= itemsHaveKeys(result.literal);
    const read = readDrawings(result.literal);
    for (const one of read.located) located.push(one);
    for (const finding of read.findings) findings.push(finding);
  }
  return { located, blocks, literals, wellFormed };
}

function readAnswer(raw: string, report: Report): string | null {
  const inside = findAnswer(raw);
  if (inside !== null) return strip(raw.slice(inside.start, inside.end));
  const opening = raw.indexOf('<answer>');
  const lone = opening >= 0 ? opening : raw.indexOf('</answer>');
  if (lone >= 0) {
    const message =
      'An answer stands between <answer> and </answer>; one of the two is missing or out of order.';
    report('answer-tags', 'error', { start: lone, end: raw.length }, message);
  }
  return null;
}

/** Whether what the turn does fits what it says it does. */
function checkPurpose(
  raw: string,
  action: Action | null,
  drawings: readonly Drawing[],
  tagged: boolean,
  report: Report,
): void {
  const whole = { start: 0, end: raw.length };
  if (tagged && drawings.length > 0) {
    report(
      'draws-and-answers',
      'warning',
      whole,
      'The turn draws and answers; its answer ends the trace undrawn.',
    );
  }
  if (!tagged && drawings.length === 0) {
    report('empty-turn', 'error', whole, 'The turn neither draws nor answers.');
  }
  const [first] = drawings;
  if (action === 'Answer' ? !tagged : action !== null && tagged && first === undefined) {
    report(
      'action-mismatch',
      'warning',
      whole,
      `The action is ${action}, but the turn ${tagged ? 'answers' : 'gives no answer'}.`,
    );
  }
  const wanted = action === 'Path Tracer' ? isLine : (drawing: Drawing) => !isLine(drawing);
  if (action !== 'Answer' && action !== null && first !== undefined && !drawings.some(wanted)) {
    report(
      'action-mismatch',
      'warning',
      whole,
      `The action is ${action}, but the turn draws ${isLine(first) ? 'lines' : 'boxes'} only.`,
    );
  }
}
