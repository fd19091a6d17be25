import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TraceRef } from '../../../../src/dataset/overlay/edit-event';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { Review } from '../../../../src/dataset/overlay/review';
import type { Trace } from '../../../../src/trace/trace';
import { VERDICTS } from '../../../../src/trace/verdict';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sourceTrace } from './edits';

const sources = ['a', 'b'].map((id) => sourceTrace(id));
const [a, b] = sources.map(({ ref }) => ref) as [TraceRef, TraceRef];

let data: string;
let reads: number;
beforeEach(async () => {
  data = join(await temporaryFolder(), 'data.traces.jsonl');
  reads = 0;
});

const find = async (ref: TraceRef): Promise<Trace | null> => {
  reads++;
  return sources.find((one) => one.ref.hash === ref.hash)?.trace ?? null;
};

async function open(who: string, now?: () => Date) {
  const session = new EditSession({ file: await OverlayFile.of(data), find, who });
  const review = new Review(session, who, now);
  const ask = async (question: string, ref = a) =>
    session.edit(ref, 'Ask', [
      { type: 'field', field: 'question', before: (await session.trace(ref)).question, after: question },
    ]);
  return { session, review, ask };
}

const lines = async () => (await readFile(`${data}.edits.jsonl`, 'utf8')).trimEnd().split('\n');

describe('a verdict', () => {
  it('is on disk when it was said, for all who open the file', async () => {
    const { review, session } = await open('Ann');
    await review.judge(a, { verdict: 'rejected', reason: 'blurred', comment: 'ask again' });
    expect(session.unsaved).toEqual([]);
    const bob = await open('Bob');
    expect(await bob.review.verdictOf(a)).toMatchObject({
      verdict: 'rejected',
      said: { who: 'Ann', reason: 'blurred', comment: 'ask again', of: a.hash },
    });
    expect(await bob.review.verdictOf(b)).toBeNull();
  });

  it('comes after the unsaved edits of its trace, which are saved first; those of others stay unsaved', async () => {
    const { review, session, ask } = await open('Ann');
    await ask('What is it?');
    await ask('And that?', b);
    await review.judge(a, { verdict: 'approved' });
    expect((await lines()).map((line) => JSON.parse(line).type)).toEqual(['edit', 'verdict']);
    expect(session.unsaved.map(({ trace }) => trace)).toEqual([b]);
    expect((await review.verdictOf(a))?.verdict).toBe('approved');
    expect((await (await open('Bob')).review.verdictOf(a))?.verdict).toBe('approved');
  });

  it('counts as pending once the trace is edited, saved or not, and holds again when that is taken back', async () => {
    const { review, session, ask } = await open('Ann');
    await review.judge(a, { verdict: 'approved' });
    const edit = await ask('What is it?');
    expect(await review.verdictOf(a)).toMatchObject({ verdict: 'pending', editedSince: true });
    await session.save();
    expect(await (await open('Bob')).review.verdictOf(a)).toMatchObject({ verdict: 'pending' });
    await edit.undo();
    expect(await review.verdictOf(a)).toMatchObject({ verdict: 'approved', editedSince: false });
  });

  it('is of what its judge saw, not of what others have made of it meanwhile', async () => {
    const [ann, bob] = [await open('Ann'), await open('Bob')];
    await ann.session.trace(a);
    await bob.ask('What is it?');
    await bob.session.save();
    await ann.review.judge(a, { verdict: 'approved' });
    expect(await ann.review.verdictOf(a)).toMatchObject({ verdict: 'pending', editedSince: true });
    expect((await ann.session.trace(a)).question).toBe('What is it?');
  });

  it('is refused while one’s own edits of the trace are in conflict with those of others', async () => {
    const [ann, bob] = [await open('Ann'), await open('Bob')];
    await ann.ask('What is it?');
    await bob.ask('What is that?');
    await bob.session.save();
    await expect(ann.review.judge(a, { verdict: 'approved' })).rejects.toThrow('say whose edits count');
    expect(await lines()).toHaveLength(1);
    await ann.session.keepTheirs(a);
    await ann.review.judge(a, { verdict: 'approved' });
    expect((await ann.review.verdictOf(a))?.verdict).toBe('approved');
  });

  it('is the newest also where a clock is behind', async () => {
    const late = await open('Ann', () => new Date(Date.UTC(2030, 0, 1)));
    await late.review.judge(a, { verdict: 'approved' });
    const early = await open('Bob', () => new Date(Date.UTC(2020, 0, 1)));
    await early.review.judge(a, { verdict: 'rejected' });
    expect((await early.review.verdictOf(a))?.verdict).toBe('rejected');
  });

  it('is known without reading the trace, unless it has edits', async () => {
    await (await open('Ann')).review.judge(a, { verdict: 'approved' });
    const { review } = await open('Bob');
    reads = 0;
    expect((await review.verdictOf(a))?.verdict).toBe('approved');
    expect(await review.counts()).toEqual({ judged: 1, approved: 1 });
    expect(reads).toBe(0);
  });
});

describe('taking a verdict back', () => {
  it('leaves what was said before, one after the other, also after a reload', async () => {
    const first = await open('Ann');
    await first.review.judge(a, { verdict: 'rejected' });
    await first.review.judge(a, { verdict: 'approved' });
    await first.review.undo(a);
    expect((await first.review.verdictOf(a))?.verdict).toBe('rejected');
    const again = await open('Ann');
    await again.review.undo(a);
    expect(await again.review.verdictOf(a)).toBeNull();
    await expect(again.review.undo(a)).rejects.toThrow('Nobody has judged this trace.');
  });

  it('that nobody has said yet cannot be cleared: nothing is written', async () => {
    const { review } = await open('Ann');
    await review.judge(a, { verdict: 'pending' });
    await review.judgePart(a, { turn: 0 }, { verdict: 'pending' });
    expect(await readFile(`${data}.edits.jsonl`, 'utf8').catch(() => '')).toBe('');
    await review.judge(a, { verdict: 'approved' });
    await review.judge(a, { verdict: 'pending' });
    expect((await lines()).map((line) => JSON.parse(line).verdict)).toEqual(['approved', 'pending']);
  });

  it('is for one’s own', async () => {
    await (await open('Ann')).review.judge(a, { verdict: 'approved' });
    const { review } = await open('Bob');
    await expect(review.undo(a)).rejects.toThrow('The last verdict is by Ann.');
  });
});

const step = fc.record({
  who: fc.nat(1),
  minute: fc.nat(5),
  verdict: fc.option(fc.constantFrom(...VERDICTS)),
});

it('of two people who went on from the same overlay, all verdicts count in theirs put together, in either order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const texts: string[] = [];
      for (const who of [0, 1]) {
        await writeFile(`${data}.edits.jsonl`, '');
        for (const { minute, verdict } of steps.filter((one) => one.who === who)) {
          const { review } = await open(`person ${who}`, () => new Date(Date.UTC(2026, 10, 25, 12, minute)));
          if (verdict === null) await review.undo(a).catch(() => undefined);
          else await review.judge(a, { verdict });
        }
        texts.push(await readFile(`${data}.edits.jsonl`, 'utf8'));
      }
      const outcomes: unknown[] = [];
      for (const text of [texts.join(''), texts.toReversed().join(''), [...texts, ...texts].join('')]) {
        await writeFile(`${data}.edits.jsonl`, text);
        outcomes.push(await (await open('Cy')).review.verdictOf(a));
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(outcomes[2]).toEqual(outcomes[0]);
    }),
    { seed: 89, numRuns: process.env.VILASR_LONG ? 500 : 15 },
  );
});
