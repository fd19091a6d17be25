import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemRow } from '../../../../src/dataset/table/item-row';
import type { TableQuery } from '../../../../src/dataset/table/table-query';
import { TraceTable, WHOLE } from '../../../../src/dataset/table/trace-table';
import { SORT_COLUMNS } from '../../../../src/trace/columns';

const row = (more: Partial<ItemRow> = {}): ItemRow => ({
  ...{ line: 1, hash: 'aa', id: 'a', name: 'Which?', source: 'maze', type: 'multiple-choice' },
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

  it('sorts by any column either way, and leaves equal rows in the order of the file', () => {
    const rows = fc.array(
      fc.record({
        source: fc.constantFrom('a', 'b'),
        turns: fc.nat(3),
        boxes: fc.nat(3),
        revisions: fc.nat(2),
        correct: fc.constantFrom(true, false, null),
        traceCodes: fc.subarray(['x', 'y', 'z']),
      }),
      { maxLength: 30 },
    );
    const sorts = fc.record({ column: fc.constantFrom(...SORT_COLUMNS), descending: fc.boolean() });
    fc.assert(
      fc.property(rows, sorts, (parts, sort) => {
        const table = tableOf(parts.map((part) => row(part)));
        const order = orderOf(table, { sort });
        expect([...order].sort((a, b) => a - b)).toEqual(parts.map((_, i) => i));
        const groups = orderOf(table, { sort: { ...sort, descending: !sort.descending } });
        // What is alike keeps its order both ways: reversing turns the groups around, not what is in them.
        const rank = new Map(order.map((index, place) => [index, place]));
        for (let i = 1; i < groups.length; i++) {
          const [a = 0, b = 0] = [groups[i - 1], groups[i]];
          const alike = a < b && (rank.get(a) ?? 0) < (rank.get(b) ?? 0);
          expect(alike || (rank.get(a) ?? 0) > (rank.get(b) ?? 0)).toBe(true);
        }
      }),
    );
  });
});
