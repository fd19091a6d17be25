import type { Span } from './python-text';

/**
 * How much a finding weighs. `error`: something the model or the file says is lost or cannot be carried out.
 * `warning`: it is understood, but it is not what the format asks for. `information`: there is nothing wrong with it, but it
 * is worth knowing.
 */
export type Severity = 'error' | 'warning' | 'information';

/** Everything that can be found in the text of a turn; `docs/trace-format.md` explains each. */
export type TurnFindingCode =
  | 'no-think'
  | 'no-action'
  | 'unknown-action'
  | 'action-mismatch'
  | 'answer-tags'
  | 'draws-and-answers'
  | 'empty-turn'
  | 'open-fence'
  | 'bad-literal'
  | 'json-constant'
  | 'not-a-list'
  | 'not-an-item'
  | 'missing-key'
  | 'missing-index'
  | 'bad-index'
  | 'bad-label'
  | 'bad-coordinates'
  | 'non-finite'
  | 'box-size';

/** What can be wrong with how drawings follow from images and from one another. */
export type LineageFindingCode = 'index-below-one' | 'no-such-image' | 'duplicate-label' | 'image-limit';

/** What can be wrong with a line of a trace file. */
export type TraceFindingCode = 'bad-json' | 'bad-field' | 'derived-differs';

/** What can be said of a trace as a whole, beyond that it can be read and drawn. */
export type CheckFindingCode =
  | 'answer-not-last'
  | 'no-answer'
  | 'too-many-images'
  | 'duplicate-shape'
  | 'out-of-image'
  | 'off-centre'
  | 'revision'
  | 'tracking';

export type FindingCode = TurnFindingCode | LineageFindingCode | TraceFindingCode | CheckFindingCode;

/** Something that is not as it should be, and where. Nothing was guessed or repaired because of it. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** For people: what is there and what was expected. */
  readonly message: string;
  /** Range in the raw text of the turn. */
  readonly span?: Span;
  /** The turn, counted from 0. */
  readonly turn?: number;
  /** The field of a trace file's line, as in `turns[2].text`. */
  readonly path?: string;
  /** Offset in a trace file's line: UTF-16 code units and UTF-8 bytes from its start. */
  readonly offset?: { readonly units: number; readonly bytes: number };
}

/** A finding in the text of a turn, which always has its range. */
export interface TurnFinding extends Finding {
  readonly code: TurnFindingCode;
  readonly span: Span;
}

/** A finding about the whole of a trace. */
export interface CheckFinding extends Finding {
  readonly code: CheckFindingCode;
  readonly turn: number;
}
