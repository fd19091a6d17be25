import type { Span } from '../python-text';

/**
 * A value as Python's `ast.literal_eval` reads it, with the place it was read from (offsets in the whole text).
 * A number keeps its form, since `1` can be an image number and `1.0` cannot; what is in range of neither JavaScript's
 * nor Python's floats is `Infinity`.
 */
export type Literal = Span &
  (
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bytes' }
    | { readonly kind: 'ellipsis' }
    | { readonly kind: 'constant'; readonly value: boolean | null }
    | LiteralNumber
    | LiteralSequence
    | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
  );

export interface LiteralSequence {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Literal[];
  /** Where each item stands with the parentheses around it; white space and comments may follow within. */
  readonly slots: readonly Span[];
}

export interface LiteralNumber {
  readonly kind: 'number';
  readonly form: 'int' | 'float' | 'complex';
  /** `NaN` for a complex number: nothing here needs its parts. */
  readonly value: number;
  /** Whether a sign stands before it, or it is a sum: Python takes no second sign. */
  readonly signed: boolean;
}

export interface DictEntry {
  readonly key: Literal;
  readonly value: Literal;
}

/** Why a text is no literal, and where. Thrown inside the parser only; `parseLiteral` returns it. */
export class LiteralError extends Error {
  override readonly name = 'LiteralError';
  constructor(
    message: string,
    readonly span: Span,
  ) {
    super(message);
  }
}

/** What a value is called in messages. */
export function describeLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'constant':
      return literal.value === null ? 'None' : literal.value ? 'True' : 'False';
    case 'number':
      return literal.form === 'complex' ? 'a complex number' : 'a number';
    case 'ellipsis':
      return '...';
    case 'bytes':
      return 'a bytes string';
    case 'dict':
      return 'an object';
    default:
      return `a ${literal.kind}`;
  }
}
