import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TraceRef } from '../../../../src/dataset/overlay/edit-event';
import { EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { replay } from '../../../../src/dataset/overlay/replay';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { type ChangeSeed, changeFor, changeSeed, sourceTrace } from './edits';

const sources = ['a', 'b', 'c'].map((id) => sourceTrace(id));
const find = async (ref: TraceRef) => sources.find((one) => one.ref.hash === ref.hash)?.trace ?? null;

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

type Plan = readonly (readonly [which: number, seed: ChangeSeed])[];

/** Somebody edits the traces in an overlay of their own, a minute after another by a clock that begins at `minute`. */
async function edit(name: string, plan: Plan, minute: number): Promise<string> {
  const path = join(folder, name);
  const now = () => new Date(Date.UTC(2026, 10, 25, 12, minute++));
  const session = new EditSession({ file: await OverlayFile.of(path), find, who: name, now });
  for (const [which, seed] of plan) {
    const ref = sources[which]?.ref;
    if (ref !== undefined) await session.edit(ref, name, [changeFor(await session.trace(ref), seed)]);
  }
  await session.save();
  return readFile(`${path}.edits.jsonl`, 'utf8').catch(() => '');
}

const plan = fc.array(fc.tuple(fc.nat(2), changeSeed), { maxLength: 4 });

describe('the overlays of two people who went on from the same one', () => {
  it('put together in either order give the same, and every edit is applied or named', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(plan, plan, plan, fc.nat(8), fc.nat(8), async (common, one, other, ann, bob) => {
        const names = ['common', 'Ann', 'Bob'].map((name) => `${name}-${round++}`);
        const [before = '', first = '', second = ''] = names;
        await edit(before, common, 0);
        for (const name of [first, second]) {
          const from = join(folder, `${before}.edits.jsonl`);
          await copyFile(from, join(folder, `${name}.edits.jsonl`)).catch(() => undefined);
        }
        const theirs = [await edit(first, one, 10 + ann), await edit(second, other, 10 + bob)];
        const outcomes = [];
        for (const text of [theirs.join(''), theirs.toReversed().join('')]) {
          const path = join(folder, `merged-${round++}`);
          await writeFile(`${path}.edits.jsonl`, text);
          const { overlay, findings } = await OverlayFile.of(path);
          expect(findings).toEqual([]);
          outcomes.push(sources.map(({ trace, ref }) => replay(trace, overlay.of(ref))));
        }
        const [forth = [], back] = outcomes;
        expect(JSON.stringify(back)).toBe(JSON.stringify(forth));
        for (const { events, findings } of forth) {
          const left = events.filter(({ applied }) => !applied).map(({ event }) => event.id);
          expect(findings.map(({ event }) => event)).toEqual(left);
        }
        forth.forEach(({ events }, i) => {
          const touched = [one, other].filter((plan) => plan.some(([which]) => which === i)).length;
          expect(events.some(({ applied }) => !applied)).toBe(touched === 2);
        });
      }),
      { seed: 71, numRuns: process.env.VILASR_LONG ? 2_000 : 40 },
    );
  });
});
