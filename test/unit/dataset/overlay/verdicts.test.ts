import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeEvent } from '../../../../src/dataset/overlay/edit-event';
import { Overlay } from '../../../../src/dataset/overlay/overlay';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { pinOf } from '../../../../src/dataset/overlay/pin';
import type { VerdictEvent, VerdictUndo } from '../../../../src/dataset/overlay/verdict-event';
import { standingVerdict } from '../../../../src/dataset/overlay/verdicts';
import { applyChanges } from '../../../../src/trace/edit/change';
import { VERDICTS } from '../../../../src/trace/verdict';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { idOf, questionEvent, sourceTrace } from './edits';

const source = sourceTrace('a');
const { hash } = source.ref;
const time = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute)).toISOString();

function verdictEvent(number: number, more: Partial<VerdictEvent> & { minute?: number } = {}): VerdictEvent {
  const { minute = number, ...rest } = more;
  return {
    ...{ format: 'vilasr.edit/1', type: 'verdict', id: idOf(number), at: time(minute), who: 'Ann' },
    ...{ trace: source.ref, verdict: 'approved', of: hash, ...rest },
  };
}

const undoEvent = (number: number, undone: number): VerdictUndo => ({
  ...{ format: 'vilasr.edit/1', type: 'undo-verdict', id: idOf(number), at: time(number), who: 'Ann' },
  ...{ trace: source.ref, undoes: idOf(undone) },
});

/** What counts after these lines, of a trace that is as it is in its file. */
function standing(events: readonly { readonly format: 'vilasr.edit/1' }[], pin = hash) {
  const overlay = new Overlay();
  for (const event of events) overlay.addLine(writeEvent(event));
  expect(overlay.findings).toEqual([]);
  return standingVerdict(overlay.verdicts.of(source.ref), pin);
}

describe('of the verdicts on a trace', () => {
  it('there is none before anybody said one', () => {
    expect(standing([questionEvent(source, 1, null)])).toBeNull();
  });

  it('the newest counts, and what others said last stays in sight', () => {
    const bob = verdictEvent(4, { who: 'Bob', verdict: 'rejected', reason: 'too short' });
    const events = [verdictEvent(1, { who: 'Bob' }), bob, verdictEvent(7), verdictEvent(2, { who: 'Cy' })];
    expect(standing(events)).toEqual({
      verdict: 'approved',
      said: events[2],
      editedSince: false,
      others: [bob, events[3]],
    });
  });

  it('one that was taken back was never said', () => {
    const events = [verdictEvent(1, { verdict: 'needs-edit' }), verdictEvent(2), undoEvent(3, 2)];
    expect(standing(events)?.verdict).toBe('needs-edit');
    expect(standing([...events, undoEvent(4, 1)])).toBeNull();
  });

  it('one on something else than the trace is now counts as pending, and still says who said what', () => {
    const said = verdictEvent(1);
    expect(standing([said], 'f'.repeat(64))).toEqual({
      ...{ verdict: 'pending', said, editedSince: true, others: [] },
    });
  });

  it('the same counts whatever the order of the lines, and however often they are there', () => {
    const event = fc.record({
      verdict: fc.constantFrom(...VERDICTS),
      who: fc.constantFrom('Ann', 'Bob', 'Cy'),
      minute: fc.nat(3),
      undone: fc.option(fc.nat(11)),
    });
    const plan = fc
      .array(event, { maxLength: 12 })
      .map((all) =>
        all.map(({ undone, ...more }, i) => (undone === null ? verdictEvent(i, more) : undoEvent(i, undone))),
      );
    const shuffled = plan.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(standing(again)).toEqual(standing(events));
      }),
      { seed: 83, numRuns: process.env.VILASR_LONG ? 20_000 : 500 },
    );
  });
});

describe('what a verdict is pinned to', () => {
  const { trace } = source;
  const change = { type: 'field', field: 'question', before: trace.question, after: 'Where?' } as const;
  const edited = applyChanges(trace, [change]);

  it('is the name of the trace where edits leave it as it is in its file', () => {
    expect(pinOf(hash, trace, trace)).toBe(hash);
    const back = applyChanges(edited, [{ ...change, before: 'Where?', after: trace.question }]);
    expect(pinOf(hash, trace, back)).toBe(hash);
  });

  it('is else the hash of what the document of the format says', () => {
    const { options, type, gold, kind, images, turns } = trace;
    const text = JSON.stringify([
      ...['Where?', options, type, gold, kind],
      images.map(({ path }) => path),
      turns.map((turn) => turn.text),
    ]);
    expect(pinOf(hash, trace, edited)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('in an overlay file', () => {
  it('a line that is no verdict is named, and the others count', async () => {
    const data = join(await temporaryFolder(), 'data.jsonl');
    const lines = [
      writeEvent(verdictEvent(1)),
      writeEvent(verdictEvent(2)).replace('"approved"', '"splendid"'),
      writeEvent(undoEvent(3, 1)).replace('"undoes"', '"redoes"'),
      writeEvent(verdictEvent(1, { verdict: 'rejected' })),
    ];
    await writeFile(`${data}.edits.jsonl`, lines.map((line) => `${line}\n`).join(''));
    const { overlay, findings } = await OverlayFile.of(data);
    expect(findings).toMatchObject([
      { code: 'bad-line', line: 2, message: expect.stringContaining('is no verdict (verdict: ') },
      { code: 'bad-line', line: 3, message: expect.stringContaining('is no undo of a verdict (undoes: ') },
      { code: 'reused-id', line: 4 },
    ]);
    expect(overlay.verdicts.of(source.ref)).toEqual([verdictEvent(1)]);
  });

  it('one that only lacks its line feed is kept, and a file of verdicts alone is one of ours', async () => {
    const data = join(await temporaryFolder(), 'data.jsonl');
    await writeFile(`${data}.edits.jsonl`, writeEvent(verdictEvent(1)));
    const file = await OverlayFile.of(data);
    expect(await file.appendVerdict(() => verdictEvent(2, { verdict: 'rejected' }))).toEqual({
      healed: null,
    });
    expect(file.findings).toEqual([]);
    expect(file.overlay.verdicts.of(source.ref).map(({ verdict }) => verdict)).toEqual([
      'rejected',
      'approved',
    ]);
  });
});
