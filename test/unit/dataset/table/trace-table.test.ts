import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemRow } from '../../../../src/dataset/table/item-row';
import type { TableQuery } from '../../../../src/dataset/table/table-query';
import { type RowState, type TableRow, TraceTable, WHOLE } from '../../../../src/dataset/table/trace-table';
import {
  FILTER_COLUMNS,
  type FilterColumn,
  SORT_COLUMNS,
  type SortColumn,
} from '../../../../src/trace/columns';
import { VERDICTS } from '../../../../src/trace/verdict';

const row = (more: Partial<ItemRow> = {}): ItemRow => ({
  ...{ line: 1, hash: 'aa', id: 'a', name: 'Which?', questionKey: 'q', source: 'maze' },
  type: 'multiple-choice',
  ...{ turns: 3, boxes: 2, lines: 0, revisions: 0, correct: true, fileCodes: [], traceCodes: [] },
  ...more,
});

function tableOf(rows: readonly ItemRow[]): TraceTable {
  const table = new TraceTable();
  table.append(rows);
  return table;
}

const orderOf = (table: TraceTable, query: Partial<TableQuery>) => [
  ...table.view({ ...WHOLE, ...query }).order,
];

describe('a table of traces', () => {
  it('filters by one of the values of each column that has any', () => {
    const table = tableOf([
      row(),
      row({ source: 'vqa', correct: null }),
      row({ source: 'vqa', correct: false }),
    ]);
    expect(orderOf(table, { filters: { source: ['vqa'] } })).toEqual([1, 2]);
    expect(orderOf(table, { filters: { source: ['vqa', 'maze'], correct: ['right', 'unknown'] } })).toEqual([
      0, 1,
    ]);
    expect(orderOf(table, { filters: { source: [] } })).toEqual([0, 1, 2]);
  });

  it('filters by each finding, and by there being none', () => {
    const table = tableOf([
      row({ traceCodes: ['no-think'] }),
      row({ fileCodes: ['missing-image'], traceCodes: ['no-think', 'box-size'] }),
      row(),
    ]);
    expect(orderOf(table, { filters: { findings: ['no-think'] } })).toEqual([0, 1]);
    expect(orderOf(table, { filters: { findings: ['missing-image', 'none'] } })).toEqual([1, 2]);
    expect(table.row(1)?.codes).toEqual(['box-size', 'missing-image', 'no-think']);
  });

  it('says how many rows each value would leave: a column does not narrow itself', () => {
    const table = tableOf([row(), row({ source: 'vqa' }), row({ source: 'vqa', correct: false })]);
    const { facets } = table.view({ ...WHOLE, filters: { source: ['maze'] } });
    expect(facets.source).toEqual([
      { value: 'vqa', count: 2 },
      { value: 'maze', count: 1 },
    ]);
    expect(facets.correct).toEqual([{ value: 'right', count: 1 }]);
  });

  it('shows a trace with its edits, and leaves the others as they are', () => {
    const table = tableOf([row({ traceCodes: ['no-think'], fileCodes: ['missing-image'] }), row()]);
    const { line: _, hash: __, fileCodes: ___, ...said } = row({ turns: 9 });
    table.setStates(new Map([[0, { edited: said, verdict: 'approved' }]]));
    expect(table.row(0)).toMatchObject({
      turns: 9,
      edited: true,
      verdict: 'approved',
      codes: ['missing-image'],
    });
    expect(table.row(1)).toMatchObject({ turns: 3, edited: false, verdict: 'pending' });
    expect(orderOf(table, { filters: { edited: ['edited'] } })).toEqual([0]);
    table.setStates(new Map());
    expect(table.row(0)).toMatchObject({ turns: 3, edited: false });
  });

  it('finds an item by its text and how many before it have the same', () => {
    const table = tableOf([row(), row({ hash: 'bb' }), row()]);
    expect(table.find({ hash: 'aa', occurrence: 1 })).toBe(2);
    expect(table.find({ hash: 'aa', occurrence: 2 })).toBeUndefined();
  });

  it('shows what it would if it compared row by row, for any query, edits and verdicts', () => {
    fc.assert(
      fc.property(anyRows, anyStates, anyQuery, (parts, states, query) => {
        const table = tableOf(parts.map((part) => row(part)));
        table.setStates(new Map(states.filter(([index]) => index < parts.length)));
        const rows = parts.flatMap((_, index) => table.row(index) ?? []);
        const { order, facets } = table.view(query);
        expect([...order]).toEqual(naiveOrder(rows, query));
        for (const column of FILTER_COLUMNS) {
          const others = naiveRows(rows, { ...query, filters: { ...query.filters, [column]: [] } });
          const values = others.flatMap((one) => valuesOf(one, column));
          const counts = [...new Set(values)].map((value) => ({
            value,
            count: values.filter((other) => other === value).length,
          }));
          expect(new Set(facets[column])).toEqual(new Set(counts));
        }
      }),
    );
  });

  it('is without states as it was before they were set', () => {
    fc.assert(
      fc.property(anyRows, anyStates, (parts, states) => {
        const table = tableOf(parts.map((part) => row(part)));
        const before = parts.map((_, index) => table.row(index));
        table.setStates(new Map(states));
        table.setStates(new Map());
        expect(parts.map((_, index) => table.row(index))).toEqual(before);
      }),
    );
  });
});

describe('the questions of a table', () => {
  const asked = (...keys: string[]) =>
    tableOf(keys.map((questionKey, i) => row({ id: `t${i}`, hash: String(i), questionKey })));

  it('are those by which answers are found together', () => {
    const table = asked('a', 'b', 'a', 'a');
    expect([0, 1, 3].map((index) => table.sameQuestion(index))).toEqual([[0, 2, 3], [1], [0, 2, 3]]);
    expect(table.sameQuestion(4)).toEqual([]);
  });

  it('have no answers where there is no trace', () => {
    const table = tableOf([row({ id: null, questionKey: '' }), row({ id: null, questionKey: '' })]);
    expect(table.sameQuestion(0)).toEqual([]);
  });

  it('stay what they are in the file when a trace is edited', () => {
    const table = asked('a', 'a');
    const { line, hash, fileCodes, ...edited } = row({ id: 't1', questionKey: 'other' });
    table.setStates(new Map([[1, { edited, verdict: 'pending' }]]));
    expect(table.sameQuestion(0)).toEqual([0, 1]);
  });

  it('are dealt out in parts that have every question once, with all its answers', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 40 }), fc.integer({ min: 2, max: 5 }), (keys, of) => {
        const table = asked(...keys);
        const parts = Array.from({ length: of }, (_, i) => orderOf(table, { slice: { part: i + 1, of } }));
        expect(parts.flat().sort((a, b) => a - b)).toEqual(keys.map((_, index) => index));
        for (const part of parts) {
          for (const index of part)
            for (const other of table.sameQuestion(index)) expect(part).toContain(other);
        }
      }),
    );
  });

  it('are dealt out about evenly', () => {
    const table = asked(...Array.from({ length: 3000 }, (_, i) => `question ${i}`));
    for (const part of [1, 2, 3]) {
      const { length } = orderOf(table, { slice: { part, of: 3 } });
      expect(length).toBeGreaterThan(900);
      expect(length).toBeLessThan(1100);
    }
  });
});

const anyCells = {
  source: fc.constantFrom('', 'a', 'b'),
  type: fc.constantFrom('numerical' as const, 'free-form' as const, null),
  turns: fc.nat(3),
  boxes: fc.nat(3),
  lines: fc.nat(3),
  revisions: fc.nat(2),
  correct: fc.constantFrom(true, false, null),
  traceCodes: fc.subarray(['x', 'y', 'z']),
};
const anyRows = fc.array(
  fc.record({ ...anyCells, questionKey: fc.constantFrom('p', 'q', 'r'), fileCodes: fc.subarray(['f', 'y']) }),
  { maxLength: 30 },
);
const anyState: fc.Arbitrary<RowState> = fc.record({
  edited: fc.option(fc.record({ id: fc.string(), name: fc.string(), questionKey: fc.string(), ...anyCells })),
  verdict: fc.constantFrom(...VERDICTS),
});
const anyStates = fc.array(fc.tuple(fc.nat(30), anyState), { maxLength: 10 });
const anyQuery: fc.Arbitrary<TableQuery> = fc.record({
  sort: fc.option(fc.record({ column: fc.constantFrom(...SORT_COLUMNS), descending: fc.boolean() })),
  filters: fc.record(
    {
      source: fc.subarray(['', 'a', 'nowhere']),
      type: fc.subarray(['numerical', 'free-form']),
      revisions: fc.subarray(['some', 'none']),
      correct: fc.subarray(['right', 'wrong', 'unknown']),
      findings: fc.subarray(['none', 'x', 'f']),
      edited: fc.subarray(['edited', 'unedited']),
      verdict: fc.subarray([...VERDICTS]),
    },
    { requiredKeys: [] },
  ),
  slice: fc.constant(null),
  matches: fc.option(fc.array(fc.nat(30)).map((found) => new Set(found))),
});

function naiveRows(rows: readonly TableRow[], { filters, matches }: TableQuery): TableRow[] {
  return rows.filter(
    (one) =>
      (matches === null || matches.has(one.index)) &&
      FILTER_COLUMNS.every((column) => {
        const wanted = filters[column] ?? [];
        return wanted.length === 0 || valuesOf(one, column).some((value) => wanted.includes(value));
      }),
  );
}

function naiveOrder(rows: readonly TableRow[], query: TableQuery): number[] {
  const { sort } = query;
  const shown = naiveRows(rows, query);
  if (sort !== null) {
    const by = (one: TableRow) => rankOf(one, sort.column);
    // Sorting is stable: what is alike stays in the order of the file.
    shown.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0) * (sort.descending ? -1 : 1));
  }
  return shown.map(({ index }) => index);
}

function valuesOf(one: TableRow, column: FilterColumn): readonly string[] {
  const { type, codes, edited } = one;
  if (column === 'type') return type === null ? [] : [type];
  if (column === 'findings') return codes.length === 0 ? ['none'] : codes;
  if (column === 'revisions') return [one.revisions > 0 ? 'some' : 'none'];
  if (column === 'edited') return [edited ? 'edited' : 'unedited'];
  return column === 'correct' ? [answerOf(one)] : [one[column]];
}

const answerOf = ({ correct }: TableRow): string =>
  correct === null ? 'unknown' : correct ? 'right' : 'wrong';

function rankOf(one: TableRow, column: SortColumn): string | number {
  if (column === 'findings') return one.codes.length;
  if (column === 'correct') return answerOf(one);
  if (column === 'type') return one.type ?? '';
  return column === 'edited' ? Number(one.edited) : one[column];
}
