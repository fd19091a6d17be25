import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TraceRef, writeEvent } from '../../../../src/dataset/overlay/edit-event';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { Overlay } from '../../../../src/dataset/overlay/overlay';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { pinOfPart } from '../../../../src/dataset/overlay/pin';
import { Review } from '../../../../src/dataset/overlay/review';
import type { PartVerdict, Place, VerdictEvent } from '../../../../src/dataset/overlay/verdict-event';
import { placeKey, standingParts } from '../../../../src/dataset/overlay/verdicts';
import { withDerived } from '../../../../src/trace/derive';
import { formatDrawingTurn } from '../../../../src/trace/format-turn';
import { VERDICTS } from '../../../../src/trace/verdict';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { idOf, sourceTrace } from './edits';

const { ref, trace: plain } = sourceTrace('a');
const box = (left: number, label: string) => ({ index: 1, bbox_2d: [left, 2, 30, 40], label }) as const;
const FIRST = formatDrawingTurn('Two of them.', [box(1, 'door'), box(5, 'window')]);
/** Two turns that draw, the first of them two boxes. */
const trace = withDerived({
  ...plain,
  turns: [FIRST, formatDrawingTurn('Once more.', [box(2, 'door')])].map((text) => ({
    ...{ text, finish: 'stop' as const, tokens: null, seconds: null },
  })),
});
const ofPart = (place: Place) => pinOfPart(trace, place) ?? '';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('what a verdict on a part is pinned to', () => {
  it('is the text of the turn, or that of the drawing in it', () => {
    expect(pinOfPart(trace, { turn: 0 })).toBe(sha256(JSON.stringify(['turn', FIRST])));
    const drawing = FIRST.slice(FIRST.indexOf('{'), FIRST.indexOf('}') + 1);
    expect(JSON.parse(drawing)).toMatchObject({ label: 'door' });
    expect(pinOfPart(trace, { turn: 0, shape: 0 })).toBe(sha256(JSON.stringify(['shape', drawing])));
  });

  it('is nothing where there is no such part', () => {
    expect(pinOfPart(trace, { turn: 2 })).toBeNull();
    expect(pinOfPart(trace, { turn: 1, shape: 1 })).toBeNull();
  });
});

let data: string;
beforeEach(async () => {
  data = join(await temporaryFolder(), 'data.traces.jsonl');
});

async function open(who: string) {
  const session = new EditSession({ file: await OverlayFile.of(data), find: async () => trace, who });
  const review = new Review(session, who);
  const parts = async () =>
    review.partsOf(ref, await session.trace(ref)).map(({ place, verdict, editedSince }) => {
      return `${placeKey(place)} ${editedSince ? 'edited since' : verdict}`;
    });
  const replace = async (turn: number, removed: string, inserted: string) => {
    const start = (await session.trace(ref)).turns[turn]?.text.indexOf(removed) ?? -1;
    await session.edit(ref, 'Edit', [{ type: 'text', turn, start, removed, inserted }]);
  };
  return { session, review, parts, replace };
}

describe('a verdict on a part', () => {
  it('leaves that on the trace as it is, and is on disk for all', async () => {
    const ann = await open('Ann');
    await ann.review.judge(ref, { verdict: 'approved' });
    await ann.review.judgePart(ref, { turn: 0, shape: 1 }, { verdict: 'rejected', reason: 'too large' });
    await ann.review.judgePart(ref, { turn: 1 }, { verdict: 'needs-edit' });
    const bob = await open('Bob');
    expect(await bob.parts()).toEqual(['0.1 rejected', '1 needs-edit']);
    expect(await bob.review.verdictOf(ref)).toMatchObject({ verdict: 'approved', editedSince: false });
    expect(await bob.review.counts()).toEqual({ judged: 1, approved: 1 });
    const lines = (await readFile(`${data}.edits.jsonl`, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['verdict', 'part-verdict', 'part-verdict']);
  });

  it('holds until its part is edited, whatever else is, and again when that is taken back', async () => {
    const { review, parts, replace } = await open('Ann');
    await review.judgePart(ref, { turn: 0 }, { verdict: 'approved' });
    await review.judgePart(ref, { turn: 0, shape: 0 }, { verdict: 'approved' });
    await replace(1, 'Once more.', 'Again.');
    expect(await parts()).toEqual(['0 approved', '0.0 approved']);
    await replace(0, 'window', 'pane');
    expect(await parts()).toEqual(['0 edited since', '0.0 approved']);
    await replace(0, '"door"', '"gate"');
    expect(await parts()).toEqual(['0 edited since', '0.0 edited since']);
    await replace(0, '"gate"', '"door"');
    await replace(0, 'pane', 'window');
    expect(await parts()).toEqual(['0 approved', '0.0 approved']);
  });

  it('is taken back in turn with those on the trace, the last first', async () => {
    const { review, parts } = await open('Ann');
    await review.judgePart(ref, { turn: 0 }, { verdict: 'rejected' });
    await review.judge(ref, { verdict: 'approved' });
    await review.judgePart(ref, { turn: 0 }, { verdict: 'approved' });
    await review.undo(ref);
    expect(await parts()).toEqual(['0 rejected']);
    expect(await review.verdictOf(ref)).toMatchObject({ verdict: 'approved' });
    await review.undo(ref);
    expect(await review.verdictOf(ref)).toBeNull();
    await review.undo(ref);
    expect(await parts()).toEqual([]);
    await expect(review.undo(ref)).rejects.toThrow('Nobody has judged this trace.');
  });

  it('is not said twice, is cleared by saying that nothing is decided, and not said of what is not there', async () => {
    const { review, parts, session } = await open('Ann');
    for (let i = 0; i < 2; i++) await review.judgePart(ref, { turn: 1 }, { verdict: 'rejected' });
    expect(session.verdicts.partsOf(ref)).toHaveLength(1);
    await review.judgePart(ref, { turn: 1 }, { verdict: 'pending' });
    expect(await parts()).toEqual([]);
    await expect(review.judgePart(ref, { turn: 7 }, { verdict: 'approved' })).rejects.toThrow(
      'The trace has no such turn or shape any more.',
    );
  });
});

describe('of many verdicts on parts', () => {
  const places: readonly Place[] = [{ turn: 0 }, { turn: 0, shape: 1 }, { turn: 1 }, { turn: 1, shape: 0 }];
  const said = fc.record({
    place: fc.constantFrom(...places, null),
    verdict: fc.constantFrom(...VERDICTS),
    who: fc.constantFrom('Ann', 'Bob'),
    minute: fc.nat(5),
    undoneBy: fc.boolean(),
  });
  const plans = fc.array(said, { maxLength: 14 }).map((all) =>
    all.flatMap(({ place, verdict, who, minute, undoneBy }, i) => {
      const at = new Date(Date.UTC(2026, 10, 25, 12, minute)).toISOString();
      const made = { format: 'vilasr.edit/1' as const, id: idOf(2 * i), at, who, trace: ref as TraceRef };
      const event: PartVerdict | VerdictEvent =
        place === null
          ? { ...made, type: 'verdict', verdict, of: ref.hash }
          : { ...made, type: 'part-verdict', place, verdict, of: ofPart(place) };
      const undo = { ...made, type: 'undo-verdict' as const, id: idOf(2 * i + 1), undoes: event.id };
      return undoneBy ? [event, undo] : [event];
    }),
  );
  const read = (events: readonly { readonly format: 'vilasr.edit/1' }[]) => {
    const overlay = new Overlay();
    for (const event of events) overlay.addLine(writeEvent(event));
    expect(overlay.findings).toEqual([]);
    return overlay.verdicts;
  };
  const outcome = (events: readonly { readonly format: 'vilasr.edit/1' }[]) => {
    const verdicts = read(events);
    return { parts: standingParts(verdicts.partsOf(ref), trace), whole: verdicts.of(ref) };
  };

  it('the same count however two files are put together, and however often a line is there', () => {
    const both = plans.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.nat(14)),
    );
    fc.assert(
      fc.property(both, ([events, shuffled, cut]) => {
        const merged = [...shuffled.slice(cut), ...shuffled, ...shuffled.slice(0, cut)];
        expect(outcome(merged)).toEqual(outcome(events));
      }),
    );
  });

  it('the newest counts for each part by itself, and none for the trace', () => {
    fc.assert(
      fc.property(plans, (events) => {
        const { parts, whole } = outcome(events);
        expect(whole.every(({ type }) => type === 'verdict')).toBe(true);
        for (const place of places) {
          const key = placeKey(place);
          const alone = events.filter((one) => {
            return one.type === 'undo-verdict' || ('place' in one && placeKey(one.place) === key);
          });
          expect(parts.filter((one) => placeKey(one.place) === key)).toEqual(outcome(alone).parts);
        }
      }),
    );
  });

  it('what was said last is what is taken back', () => {
    fc.assert(
      fc.property(plans, (events) => {
        const last = read(events).lastOf(ref);
        const { undone, all } = {
          undone: new Set(events.flatMap((one) => (one.type === 'undo-verdict' ? [one.undoes] : []))),
          all: events.flatMap((one) => (one.type === 'undo-verdict' ? [] : [one])),
        };
        const left = all.filter(({ id }) => !undone.has(id));
        expect(last === null).toBe(left.length === 0);
        for (const { at } of left) expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(last?.at ?? ''));
      }),
    );
  });
});
