import { describe, expect, it } from 'vitest';
import { FILE_PAGE, reportPage } from '../../../../src/dataset/report/page/report-page';
import type { Report, VerdictCounts } from '../../../../src/dataset/report/report';

const counts = (approved: number, rejected: number, pending = 0): VerdictCounts => ({
  ...{ approved, rejected, 'needs-edit': 0, pending },
});
const HOSTILE = '<img src=x onerror=alert(1)> & "so"';
const ESCAPED = '&#60;img src=x onerror=alert(1)&#62; &#38; &#34;so&#34;';
const place = { index: 1233, line: 1240, id: HOSTILE };

const REPORT: Report = {
  ...{ file: 'a.traces.jsonl', made: '2026-11-25T12:00:00.000Z', traces: 7, notTraces: 0, fault: null },
  ...{ problems: [], orphans: 0, edited: 2 },
  verdicts: { approved: 3, rejected: 2, 'needs-edit': 0, pending: 0, 'edited-since': 1, 'not-judged': 1 },
  reviewers: [
    {
      ...{
        who: HOSTILE,
        judged: 5,
        approved: 3,
        rejected: 2,
        needsEdit: 0,
        activeSeconds: 3900,
        perHour: 118.2,
      },
      ...{ first: '2026-11-25T10:00:00.000Z', last: '2026-11-25T12:00:00.000Z' },
    },
  ],
  reasons: [{ name: HOSTILE, counts: counts(0, 2), examples: [place] }],
  sources: Array.from({ length: 40 }, (_, i) => ({ name: `source ${i}`, counts: counts(1, 0) })),
  types: [{ name: 'numerical', counts: counts(3, 2, 2) }],
  flags: [{ name: 'same-trace', counts: counts(1, 0) }],
  scores: [
    {
      name: 'format',
      unknown: 0,
      bins: [0, 1].map((value) => ({ from: value, to: value, counts: counts(1, value) })),
    },
    {
      name: 'reward',
      unknown: 4,
      bins: [0, 1].map((from) => ({ from, to: from + 1, counts: counts(from, 2) })),
    },
  ],
  agreement: {
    ...{ traces: 4, pairs: 4, agreed: 3, disagreed: 1 },
    reviewers: [{ a: 'Al', b: HOSTILE, both: 4, agreed: 3, kappa: null }],
    disagreements: [
      {
        ...{ place, editedSince: false },
        said: [
          { who: 'Al', verdict: 'approved', reason: null },
          { who: HOSTILE, verdict: 'rejected', reason: HOSTILE },
        ],
      },
    ],
  },
};

describe('the page of a report', () => {
  const page = reportPage(REPORT, FILE_PAGE);

  it('says what was counted', () => {
    for (const text of [
      'judged, 71 %',
      '1 h 5 min',
      '118',
      '3 of 4 pairs of verdicts',
      'trace 1,234',
      'line 1,240',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('escapes all that is not ours', () => {
    expect(page).not.toContain('<img');
    expect(page.split(ESCAPED).length).toBeGreaterThan(8);
  });

  it('needs nothing else: no scripts, and nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|https?:|\bon\w+="/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('has a table for each plot, whose heads say what they are the heads of', () => {
    const plots = page.match(/<svg class="plot" role="img" aria-label="[^"]+"/g) ?? [];
    expect(plots.length).toBe(7);
    expect(page.match(/<table><caption>/g)?.length).toBeGreaterThanOrEqual(plots.length);
    for (const head of page.match(/<th\b[^>]*>/g) ?? []) expect(head).toContain('scope=');
  });

  it('puts what is rare together', () => {
    expect(page).toContain('source 28');
    expect(page).not.toContain('source 29');
    expect(page).toContain('11 others');
  });

  it('within a view leads to traces, and takes styles of its own alone', () => {
    const shown = reportPage(REPORT, {
      ...{
        setting: 'vscode',
        language: 'en',
        nonce: 'n0nce',
        notice: '2 < 3',
        linkTo: ({ index }) => `command:go?${index}`,
      },
      actions: [{ label: 'Refresh', href: 'command:refresh' }],
    });
    expect(shown).toContain('<style nonce="n0nce">');
    expect(shown).toContain('style-src &#39;nonce-n0nce&#39;');
    expect(shown.match(/href="command:go\?1233"/g)).toHaveLength(2);
    expect(shown).toContain('<a href="command:refresh">Refresh</a>');
    expect(shown).toContain('2 &#60; 3');
    expect(page).not.toContain('<a ');
  });
});
