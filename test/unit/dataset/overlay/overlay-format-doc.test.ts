import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EDIT_FORMAT, editEventSchema } from '../../../../src/dataset/overlay/edit-event';
import { changeSchema } from '../../../../src/trace/edit/change';

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
