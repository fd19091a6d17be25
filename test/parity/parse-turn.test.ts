import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Drawing, isLine } from '../../src/trace/drawing';
import type { Literal } from '../../src/trace/literal/literal';
import { parseLiteral } from '../../src/trace/literal/parse-literal';
import { parseTurn } from '../../src/trace/parse-turn';

/** Written by make_parse_golden.py: a literal's text and, if Python takes it, its value; a turn and what is in it. */
interface Golden {
  readonly literals: readonly [text: string, value?: unknown][];
  readonly turns: readonly {
    readonly text: string;
    readonly drawings: readonly unknown[];
    readonly wellFormed: boolean;
    readonly answer: string | null;
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('golden/parse.golden.json', import.meta.url), 'utf8'));

/** What takes JSON's constants beyond Python is told apart from what Python takes. */
it('reads 1200 literals as ast.literal_eval does, and refuses what it refuses', () => {
  const seen = golden.literals.map(([text]) => {
    const result = parseLiteral(text, { start: 0, end: text.length });
    return result.ok && result.jsonConstants.length === 0 ? [text, plain(result.literal)] : [text];
  });
  expect(seen.length).toBe(1200);
  expect(seen).toEqual(golden.literals);
});

it('finds in 500 turns the drawings, the answer and the well-formedness that upstream finds', () => {
  const seen = golden.turns.map(({ text }) => {
    const { blocks, findings, located, wellFormed, answer } = parseTurn(text);
    const json = findings.filter(({ code }) => code === 'json-constant').map(({ span }) => span.start);
    const beyondPython = blocks.filter(({ start, end }) => json.some((at) => at >= start && at < end));
    const drawings = located
      .filter(({ span }) => !beyondPython.some(({ start, end }) => span.start >= start && span.start < end))
      .map(({ drawing }) => plainDrawing(drawing));
    return { text, drawings, wellFormed, answer };
  });
  expect(seen.length).toBe(500);
  expect(seen).toEqual(golden.turns);
});

/** A value in the form of the golden file. */
function plain(literal: Literal): unknown {
  switch (literal.kind) {
    case 'constant':
    case 'string':
      return [literal.kind, literal.value];
    case 'number':
      return literal.form === 'complex' ? ['complex'] : [literal.form, number(literal.value)];
    case 'list':
    case 'tuple':
      return [literal.kind, literal.items.map(plain)];
    case 'dict': {
      const strings = literal.entries.flatMap(({ key, value }) =>
        key.kind === 'string' ? [[key.value, plain(value)] as const] : [],
      );
      return ['dict', Object.fromEntries(strings)];
    }
    default:
      return [literal.kind];
  }
}

const number = (value: number): number | string =>
  Number.isFinite(value) ? value + 0 : value > 0 ? 'inf' : '-inf';

/** A drawing as the golden file has it: it does not say which boxes are unpainted. */
function plainDrawing(drawing: Drawing): unknown {
  if (isLine(drawing)) return drawing;
  const { index, bbox_2d, label } = drawing;
  return { index, bbox_2d, label };
}
