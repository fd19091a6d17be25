import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EDIT_FORMAT, editEventSchema } from '../../../../src/dataset/overlay/edit-event';
import {
  partVerdictSchema,
  verdictEventSchema,
  verdictUndoSchema,
} from '../../../../src/dataset/overlay/verdict-event';
import { changeSchema } from '../../../../src/trace/edit/change';
import { VERDICTS } from '../../../../src/trace/verdict';

const root = new URL('../../../../', import.meta.url);
const doc = readFileSync(new URL('docs/overlay-format.md', root), 'utf8');

describe('docs/overlay-format.md', () => {
  it('has a row for every field of an event and of a trace’s name', () => {
    const names = [
      ...Object.keys(editEventSchema.entries),
      ...Object.keys(editEventSchema.entries.trace.entries),
    ];
    expect(names.length).toBe(12);
    for (const name of names) expect(doc).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    expect(doc).toContain(`"${EDIT_FORMAT}"`);
  });

  it('has a row for every field of a verdict, and names every type of event and every verdict', () => {
    const names = [
      ...[verdictEventSchema, partVerdictSchema, verdictUndoSchema].flatMap(({ entries }) =>
        Object.keys(entries),
      ),
      ...Object.keys(partVerdictSchema.entries.place.entries),
    ];
    expect(new Set(names).size).toBe(14);
    for (const name of names) expect(doc).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    const [edit, ...others] = [editEventSchema, verdictEventSchema, partVerdictSchema, verdictUndoSchema].map(
      ({ entries }) => entries.type.literal,
    );
    for (const word of [edit, ...others, ...VERDICTS]) expect(doc).toContain(`\`"${word}"\``);
  });

  it('has a row for every change, with all its fields', () => {
    for (const { entries } of changeSchema.options) {
      const row = new RegExp(`^\\| \`"${entries.type.literal}"\` \\|.*$`, 'm').exec(doc)?.[0] ?? '';
      for (const name of Object.keys(entries)) if (name !== 'type') expect(row).toContain(`\`${name}\``);
      if ('field' in entries) expect(row).toContain(`\`${entries.field.literal}\``);
    }
  });

  it('has a row for every finding, and for no other', () => {
    const source = readFileSync(new URL('src/dataset/overlay/overlay-finding.ts', root), 'utf8');
    const body = /export type OverlayFindingCode =([^;]*);/.exec(source)?.[1] ?? '';
    const codes = [...body.matchAll(/'([^']+)'/g)].map(([, code]) => code);
    const rows = [...doc.matchAll(/^\| `([a-z-]+)` \| (?:error|warning) \|/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(rows.sort()).toEqual(codes.sort());
  });
});
