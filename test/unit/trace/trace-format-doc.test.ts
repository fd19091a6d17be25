import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  QUESTION_TYPES,
  TRACE_FINISHES,
  TRACE_FORMAT,
  TRACE_KINDS,
  TURN_FINISHES,
} from '../../../src/trace/trace';
import { traceSchema } from '../../../src/trace/trace-schema';

const root = new URL('../../../', import.meta.url);
const doc = readFileSync(new URL('docs/trace-format.md', root), 'utf8');

/** The names of all fields in a schema, at any depth. */
function fieldNames(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = [
    'wrapped' in schema ? fieldNames(schema.wrapped) : [],
    'item' in schema ? fieldNames(schema.item) : [],
    'pipe' in schema && Array.isArray(schema.pipe) ? fieldNames(schema.pipe[0]) : [],
  ].flat();
  if (!('entries' in schema) || typeof schema.entries !== 'object' || schema.entries === null) return inner;
  return [
    ...inner,
    ...Object.entries(schema.entries).flatMap(([name, entry]) => [name, ...fieldNames(entry)]),
  ];
}

/** The string literals of a union type in a source file. */
function unionMembers(file: string, type: string): string[] {
  const source = readFileSync(new URL(file, root), 'utf8');
  const body = new RegExp(`export type ${type} =([^;]*);`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/'([^']+)'/g)].flatMap(([, member]) => member ?? []);
}

describe('docs/trace-format.md', () => {
  it('names every field of the schema', () => {
    const names = new Set(fieldNames(traceSchema));
    expect(names.size).toBeGreaterThan(40);
    expect([...names].filter((name) => !doc.includes(`\`${name}\``) && !doc.includes(`"${name}"`))).toEqual(
      [],
    );
  });

  it('names every field of a drawing', () => {
    for (const name of ['index', 'bbox_2d', 'start_point_2d', 'end_point_2d', 'label', 'unpainted']) {
      expect(doc).toContain(`\`${name}\``);
    }
  });

  it('names every value that a field can take from a fixed set', () => {
    for (const value of [TRACE_FORMAT, ...QUESTION_TYPES, ...TRACE_KINDS, ...TURN_FINISHES])
      expect(doc).toContain(`"${value}"`);
    for (const value of TRACE_FINISHES) expect(doc).toContain(`| \`${value}\` |`);
  });

  it('has a row for every finding, and for no other', () => {
    const codes = ['TurnFindingCode', 'LineageFindingCode', 'TraceFindingCode', 'CheckFindingCode'].flatMap(
      (type) => unionMembers('src/trace/finding.ts', type),
    );
    const rows = [...doc.matchAll(/^\| `([a-z-]+)` \| (?:error|warning|information) \|/gm)].map(
      ([, code]) => code,
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(rows.sort()).toEqual(codes.sort());
  });
});
