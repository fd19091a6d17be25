import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeEvent } from '../../../../src/dataset/overlay/edit-event';
import { makeReport } from '../../../../src/dataset/report/make-report';
import { type Report, totalOf, type VerdictCounts } from '../../../../src/dataset/report/report';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { VERDICTS } from '../../../../src/trace/verdict';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { idOf, questionEvent, type SourceTrace, sourceTrace } from '../overlay/edits';
import { said } from './said';

type Event = Parameters<typeof writeEvent>[0];

const TRACES = ['a', 'b', 'c', 'd', 'e'].map((id) => sourceTrace(id));
const [A, B, C, D] = TRACES as [SourceTrace, SourceTrace, SourceTrace, SourceTrace];

async function write(folder: string, events: readonly Event[], extra = ''): Promise<string> {
  const path = join(folder, 'some.traces.jsonl');
  await writeFile(path, TRACES.map(({ line }) => `${line}\n`).join('') + extra);
  await writeFile(`${path}.edits.jsonl`, events.map((event) => `${writeEvent(event)}\n`).join(''));
  return path;
}

const reportOn = (path: string, csv: string | null = null, signal = new AbortController().signal) =>
  makeReport(path, { startIndex: indexHere, otherwise: null, csv, onProgress: () => {}, signal });

const counts = (more: Partial<VerdictCounts>): VerdictCounts => ({
  ...{ approved: 0, rejected: 0, 'needs-edit': 0, pending: 0 },
  ...more,
});

const EVENTS: readonly Event[] = [
  said(A, 1, 'Al', 'approved'),
  said(B, 2, 'Al', 'rejected', { reason: 'wrong box; too long' }),
  said(B, 3, 'Bo', 'rejected', { reason: 'wrong box', comment: '=1+1, "so"' }),
  said(C, 4, 'Bo', 'approved'),
  // It is edited after it was approved.
  questionEvent(C, 5, null),
  said(D, 20, 'Bo', 'needs-edit'),
  said(D, 21, 'Al', 'approved'),
  said(sourceTrace('gone'), 22, 'Al', 'approved'),
];

describe('a report', () => {
  it('counts what counts for each trace, by reviewer, reason and score', async () => {
    const path = await write(await temporaryFolder(), EVENTS, '{"no": "trace"}\n');
    const report = await reportOn(path);
    expect(report).toMatchObject({
      ...{
        file: 'some.traces.jsonl',
        traces: 5,
        notTraces: 1,
        orphans: 1,
        edited: 1,
        fault: null,
        problems: [],
      },
      verdicts: { approved: 2, rejected: 1, 'needs-edit': 0, pending: 0, 'edited-since': 1, 'not-judged': 1 },
      reviewers: [
        { who: 'Al', judged: 3, approved: 2, rejected: 1, needsEdit: 0, activeSeconds: 60, perHour: 60 },
        { who: 'Bo', judged: 3, approved: 1, rejected: 1, needsEdit: 1, activeSeconds: 60, perHour: 60 },
      ],
      reasons: [
        { name: 'wrong box', counts: counts({ rejected: 1 }), examples: [{ index: 1, line: 2, id: 'b' }] },
      ],
      types: [{ name: 'multiple-choice', counts: counts({ approved: 2, rejected: 1, pending: 2 }) }],
      agreement: {
        traces: 2,
        pairs: 2,
        agreed: 1,
        disagreed: 1,
        disagreements: [{ place: { line: 4, id: 'd' } }],
      },
    });
    expect(report.reviewers[0]).toMatchObject({
      first: '2026-11-25T12:01:00.000Z',
      last: '2026-11-25T12:21:00.000Z',
    });
  });

  it('writes a row a trace, whose free text no spreadsheet takes for a formula', async () => {
    const folder = await temporaryFolder();
    const csv = join(folder, 'out.csv');
    await reportOn(await write(folder, EVENTS), csv);
    const lines = (await readFile(csv, 'utf8')).split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^trace,line,id,verdict,by,at,reason,comment,others,agreement,/);
    expect(lines[2]).toMatch(
      /^2,2,b,rejected,Bo,2026-11-25T12:03:00.000Z,wrong box,"'=1\+1, ""so""",Al: rejected,agree,,/,
    );
    expect(lines[3]).toMatch(/^3,3,c,edited-since,Bo,.*,edited,/);
    expect(lines[4]).toMatch(/^4,4,d,approved,Al,.*,Bo: needs-edit,disagree,/);
    expect(lines[5]).toMatch(/^5,5,e,not-judged,,,,,,,,/);
    expect((await readdir(folder)).sort()).toEqual([
      'out.csv',
      'some.traces.jsonl',
      'some.traces.jsonl.edits.jsonl',
    ]);
  });

  it('never takes the place of the data file or of its edits', async () => {
    const path = await write(await temporaryFolder(), EVENTS);
    await expect(reportOn(path, path)).rejects.toThrow('itself is never written');
    await expect(reportOn(path, `${path}.edits.jsonl`)).rejects.toThrow('holds the edits');
  });

  it('leaves nothing behind when it is stopped', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, EVENTS);
    await mkdir(join(folder, 'out'));
    await expect(reportOn(path, join(folder, 'out', 'a.csv'), AbortSignal.abort())).rejects.toThrow(
      'aborted',
    );
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  it('adds up, and does not mind the order of the events', async () => {
    const folder = await temporaryFolder();
    const event = fc.record({
      trace: fc.nat(TRACES.length - 1),
      who: fc.constantFrom('Al', 'Bo', 'Cy'),
      verdict: fc.constantFrom(...VERDICTS),
      reason: fc.option(fc.constantFrom('wrong box', 'sloppy', 'wrong box; sloppy'), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        async (plan, order) => {
          const events = plan.map(({ trace, who, verdict, reason }, i) =>
            said(TRACES[trace] ?? A, i + 1, who, verdict, { id: idOf(i + 1), ...(reason && { reason }) }),
          );
          const report = await reportOn(await write(folder, events));
          expectToAddUp(report);
          const keys = new Map(events.map((one) => [one.id, order.next().value ?? 0]));
          const other = events.toSorted((a, b) => (keys.get(a.id) ?? 0) - (keys.get(b.id) ?? 0));
          expect({ ...(await reportOn(await write(folder, other))), made: '' }).toEqual({
            ...report,
            made: '',
          });
        },
      ),
      { seed: 82, numRuns: process.env.VILASR_LONG ? 1_000 : 25 },
    );
  });
});

/** Whatever parts the traces has each of them once. */
function expectToAddUp({ traces, verdicts, sources, types, scores, reviewers, agreement }: Report): void {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  expect(traces).toBe(TRACES.length);
  expect(sum(Object.values(verdicts))).toBe(traces);
  const parts = [sources, types, ...scores.map(({ bins }) => bins)];
  for (const [i, rows] of parts.entries()) {
    const unknown = i < 2 ? 0 : (scores[i - 2]?.unknown ?? 0);
    expect(sum(rows.map(({ counts: row }) => totalOf(row))) + unknown).toBe(traces);
    for (const verdict of ['approved', 'rejected', 'needs-edit'] as const) {
      if (unknown === 0) expect(sum(rows.map(({ counts: row }) => row[verdict]))).toBe(verdicts[verdict]);
    }
  }
  for (const { judged, approved, rejected, needsEdit } of reviewers) {
    expect(approved + rejected + needsEdit).toBe(judged);
    expect(judged).toBeLessThanOrEqual(traces);
  }
  expect(sum(agreement.reviewers.map(({ both }) => both))).toBe(agreement.pairs);
  expect(agreement.agreed).toBeLessThanOrEqual(agreement.pairs);
  expect(agreement.disagreements).toHaveLength(agreement.disagreed);
  if (agreement.disagreed === 0) expect(agreement.agreed).toBe(agreement.pairs);
}
