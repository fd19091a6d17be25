import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TraceRef } from '../../../../src/dataset/overlay/edit-event';
import { type Edit, EditSession } from '../../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../../src/dataset/overlay/overlay-file';
import { replay } from '../../../../src/dataset/overlay/replay';
import { TraceHistory } from '../../../../src/dataset/overlay/trace-history';
import type { Change } from '../../../../src/trace/edit/change';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { changeFor, changeSeed, lineOf, type SourceTrace, sourceTrace } from './edits';

const [a, b] = [sourceTrace('a'), sourceTrace('b')];
const find = async (ref: TraceRef) => [a, b].find((one) => one.ref.hash === ref.hash)?.trace ?? null;

let data: string;
beforeEach(async () => {
  data = join(await temporaryFolder(), 'maze.traces.jsonl');
});

const open = async (who = 'Ann') => new EditSession({ file: await OverlayFile.of(data), find, who });
const question = (before: string, after: string): Change[] => [
  { type: 'field', field: 'question', before, after },
];
const ask = question(a.trace.question, 'new');
const saved = async () => (await readFile(`${data}.edits.jsonl`, 'utf8')).split('\n').slice(0, -1);
const questionOf = async (session: EditSession) => (await session.trace(a.ref)).question;

describe('an edit', () => {
  it('changes its trace and no other, and is not saved by itself', async () => {
    const session = await open();
    await session.edit(a.ref, 'Ask anew', ask);
    expect(await questionOf(session)).toBe('new');
    expect(await session.trace(b.ref)).toBe(b.trace);
    expect(session.unsaved).toMatchObject([{ label: 'Ask anew', who: 'Ann', parent: null, trace: a.ref }]);
    await expect(saved()).rejects.toThrow('ENOENT');
  });

  it('is saved when it is asked for; without one nothing is written', async () => {
    const session = await open();
    expect(await session.save()).toEqual({ count: 0, conflicts: [], healed: null });
    await expect(saved()).rejects.toThrow('ENOENT');
    await session.edit(a.ref, 'Ask anew', ask);
    expect((await session.save()).count).toBe(1);
    expect(await saved()).toHaveLength(1);
    expect(session.unsaved).toEqual([]);
  });

  it('that cannot be saved stays unsaved, and can be saved later', async () => {
    const session = await open();
    await session.edit(a.ref, 'Ask anew', ask);
    await mkdir(`${data}.edits.jsonl`);
    await expect(session.save()).rejects.toThrow('it is a folder');
    expect(session.unsaved).toHaveLength(1);
    await rm(`${data}.edits.jsonl`, { recursive: true });
    expect((await session.save()).count).toBe(1);
  });

  it('that does not fit changes nothing', async () => {
    const session = await open();
    await expect(session.edit(a.ref, 'x', question('odd', 'new'))).rejects.toThrow('is not what it was');
    expect(await session.trace(a.ref)).toBe(a.trace);
    expect(session.unsaved).toEqual([]);
  });

  it('of a trace that is not there says so', async () => {
    const gone = { ...a.ref, hash: '0'.repeat(64) };
    await expect((await open()).edit(gone, 'x', ask)).rejects.toThrow('no longer in the data file');
  });
});

describe('an overlay that was replaced by one of as many events', () => {
  const other = question(a.trace.question, 'theirs');

  /** What Ann saved is put aside, and Bob saves something else in its place. */
  async function replace(): Promise<void> {
    await rm(`${data}.edits.jsonl`);
    const bob = await open('Bob');
    await bob.edit(a.ref, 'Ask otherwise', other);
    await bob.save();
  }

  it('is taken in', async () => {
    const session = await open();
    await session.edit(a.ref, 'Ask anew', ask);
    await session.save();
    await replace();
    await session.refresh();
    expect(await questionOf(session)).toBe('theirs');
  });

  it('keeps an edit from being taken back that is not the last one any more', async () => {
    const bob = await open('Bob');
    await bob.edit(a.ref, 'Ask otherwise', other);
    await bob.save();
    const session = await open();
    const edit = await session.edit(a.ref, 'Ask anew', question('theirs', 'new'));
    await replace();
    await session.refresh();
    await expect(edit.undo()).rejects.toThrow('edited elsewhere');
  });
});

describe('taking back', () => {
  it('before a save leaves no trace of it, after a save appends the inverse', async () => {
    const session = await open();
    const edit = await session.edit(a.ref, 'Ask anew', ask);
    await edit.undo();
    expect(session.unsaved).toEqual([]);
    await edit.redo();
    await session.save();
    await edit.undo();
    expect(lineOf(await session.trace(a.ref), a)).toBe(a.line);
    const [event] = session.unsaved;
    expect(event).toMatchObject({ label: 'Undo: Ask anew', changes: question('new', a.trace.question) });
    expect(event?.undoes).toBe(event?.parent);
    await edit.redo();
    expect(session.unsaved).toEqual([]);
    await edit.undo();
    await session.save();
    await edit.redo();
    expect(session.unsaved).toMatchObject([
      { label: 'Ask anew', undoes: event === undefined ? '' : expect.any(String) },
    ]);
    await session.save();
    expect(await saved()).toHaveLength(3);
    expect(await questionOf(await open())).toBe('new');
  });

  it('is refused where something else was done since', async () => {
    const session = await open();
    const first = await session.edit(a.ref, '1', ask);
    await session.edit(a.ref, '2', question('new', 'newer'));
    await expect(first.undo()).rejects.toThrow('Something else was done');
    await expect(first.redo()).rejects.toThrow('was not taken back');
    expect(await questionOf(session)).toBe('newer');
  });

  it('is refused where somebody else has edited the trace since', async () => {
    const session = await open();
    const edit = await session.edit(a.ref, '1', ask);
    await session.save();
    const other = await open('Bob');
    await other.edit(a.ref, '2', question('new', 'newer'));
    await other.save();
    await session.refresh();
    expect(await questionOf(session)).toBe('newer');
    await expect(edit.undo()).rejects.toThrow('edited elsewhere');
  });
});

describe('a conflict with what others have saved', () => {
  async function conflict() {
    const [mine, theirs] = [await open(), await open('Bob')];
    await mine.trace(a.ref);
    await theirs.edit(a.ref, 'theirs', question(a.trace.question, 'theirs'));
    const edit = await mine.edit(a.ref, 'mine', question(a.trace.question, 'mine'));
    await mine.edit(b.ref, 'beside', question(b.trace.question, 'beside'));
    await theirs.save();
    expect(await mine.save()).toMatchObject({ count: 1, conflicts: [{ trace: a.ref, parent: null }] });
    expect(mine.unsaved).toHaveLength(1);
    return { mine, edit };
  }

  it('can end with one’s own, before which theirs is taken back', async () => {
    const { mine, edit } = await conflict();
    await mine.keepMine(a.ref);
    expect(await mine.save()).toMatchObject({ count: 2, conflicts: [] });
    expect(await questionOf(await open())).toBe('mine');
    const { entries } = await mine.history(a.ref);
    expect(entries.map(({ event, undone }) => [event.label, undone])).toEqual([
      ['theirs', true],
      ['Undo: theirs', false],
      ['mine', false],
    ]);
    await edit.undo();
    expect(lineOf(await mine.trace(a.ref), a)).toBe(a.line);
  });

  it('can end with theirs', async () => {
    const { mine, edit } = await conflict();
    await mine.keepTheirs(a.ref);
    expect(mine.unsaved).toEqual([]);
    expect(await questionOf(mine)).toBe('theirs');
    await expect(edit.undo()).rejects.toThrow('edited elsewhere');
  });

  it('where the overlay was taken away can end with one’s own, as far as it was saved too', async () => {
    const session = await open();
    await session.edit(a.ref, '1', ask);
    await session.save();
    await rm(`${data}.edits.jsonl`);
    await session.edit(a.ref, '2', question('new', 'newer'));
    expect((await session.save()).conflicts).toHaveLength(1);
    await session.keepMine(a.ref);
    expect((await session.save()).count).toBe(2);
    expect(await questionOf(await open())).toBe('newer');
  });
});

describe('a window that is killed', () => {
  it('leaves a backup, from which what was unsaved is made again, and saved', async () => {
    const killed = await open();
    await killed.edit(a.ref, '1', ask);
    await killed.save();
    await killed.edit(a.ref, '2', question('new', 'newer'));
    await killed.edit(b.ref, '3', question(b.trace.question, 'other'));
    const session = await open();
    expect(await session.restore(killed.backup())).toEqual([]);
    expect(session.unsaved).toEqual(killed.unsaved);
    await session.save();
    expect(await questionOf(await open())).toBe('newer');
    expect(await (await open()).restore(killed.backup())).toEqual([]);
  });

  it('whose trace others have edited since meets a conflict', async () => {
    const killed = await open();
    await killed.edit(a.ref, 'mine', question(a.trace.question, 'mine'));
    await killed.edit(a.ref, 'mine too', question('mine', 'mine too'));
    const other = await open('Bob');
    await other.edit(a.ref, 'theirs', ask);
    await other.save();
    const session = await open();
    expect(await session.restore(killed.backup())).toEqual([]);
    expect(await questionOf(session)).toBe('mine too');
    expect((await session.save()).conflicts).toHaveLength(1);
    await session.keepMine(a.ref);
    await session.save();
    expect(await questionOf(await open())).toBe('mine too');
  });

  it('names what cannot be made again', async () => {
    const killed = await open();
    await killed.edit(a.ref, '1', ask);
    await killed.save();
    await killed.edit(a.ref, '2', question('new', 'newer'));
    await rm(`${data}.edits.jsonl`);
    const unrestored = await (await open()).restore(killed.backup());
    expect(unrestored).toMatchObject([{ event: { label: '2' }, reason: 'The edit before it is missing.' }]);
  });
});

it('reverting gives up what is unsaved and keeps what is saved', async () => {
  const session = await open();
  const first = await session.edit(a.ref, '1', ask);
  await session.save();
  await session.edit(a.ref, '2', question('new', 'newer'));
  await session.revert();
  expect(session.unsaved).toEqual([]);
  expect(await questionOf(session)).toBe('new');
  await first.undo();
  expect(await session.trace(a.ref)).toEqual(a.trace);
});

it('restoring a state of the history is an edit like any other', async () => {
  const session = await open();
  await session.edit(a.ref, '1', ask);
  await session.edit(a.ref, '2', question('new', 'newer'));
  await session.save();
  const history = await session.history(a.ref);
  const edit = await session.edit(a.ref, 'Restore', history.restore(0));
  expect(await questionOf(session)).toBe('new');
  await edit.undo();
  expect(await questionOf(session)).toBe('newer');
});

it('the history tells what is saved from what is not', async () => {
  const session = await open();
  await session.edit(a.ref, '1', ask);
  await session.save();
  await session.edit(a.ref, '2', question('new', 'newer'));
  const saved = (await session.history(a.ref)).entries.map((entry) => [entry.event.label, entry.saved]);
  expect(saved).toEqual([
    ['1', true],
    ['2', false],
  ]);
});

describe('whatever is done, in whatever order', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('edit' as const), which: fc.nat(1), seed: changeSeed }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('save' as const, 'reopen' as const) }) },
  );
  const isLong = process.env.VILASR_LONG === '1';

  /** Edits, undos and redos as an editor asks for them. `reopen` goes on from a backup, and can take back nothing from before. */
  async function act(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
    await rm(`${data}.edits.jsonl`, { force: true });
    let session = await open();
    const made: Edit[] = [];
    const undone: Edit[] = [];
    const traces: SourceTrace[] = [a, b];
    for (const one of steps) {
      if (one.do === 'edit') {
        const { ref } = traces[one.which] ?? a;
        const change = changeFor(await session.trace(ref), one.seed);
        made.push(await session.edit(ref, one.seed.kind, [change]));
        undone.length = 0;
      } else if (one.do === 'save') await session.save();
      else if (one.do === 'reopen') {
        const backup = session.backup();
        session = await open();
        expect(await session.restore(backup)).toEqual([]);
        made.length = 0;
        undone.length = 0;
      } else {
        const edit = (one.do === 'undo' ? made : undone).pop();
        await edit?.[one.do]();
        if (edit !== undefined) (one.do === 'undo' ? undone : made).push(edit);
      }
    }
    return { session, made };
  }

  it('all undone gives the original bytes, saved or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }).map((steps) => steps.filter((one) => one.do !== 'reopen')),
        async (steps) => {
          const { session, made } = await act(steps);
          for (const edit of made.reverse()) await edit.undo();
          for (const source of [a, b])
            expect(lineOf(await session.trace(source.ref), source)).toBe(source.line);
          await session.save();
          const read = await open();
          for (const source of [a, b]) expect(lineOf(await read.trace(source.ref), source)).toBe(source.line);
        },
      ),
      { seed: 21, numRuns: isLong ? 5_000 : 60 },
    );
  });

  it('the saved overlay gives the traces that were on screen, also doubled and put together anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), async (steps, cut) => {
        const { session } = await act(steps);
        await session.save();
        const lines = await saved().catch(() => []);
        const at = lines.length === 0 ? 0 : cut % lines.length;
        const mixed = [...lines.slice(at), ...lines, ...lines.slice(0, at)];
        await writeFile(`${data}.edits.jsonl`, mixed.map((line) => `${line}\n`).join(''));
        const { overlay, findings } = await OverlayFile.of(data);
        expect(findings).toEqual([]);
        for (const { ref, trace } of [a, b]) {
          const replayed = replay(trace, overlay.of(ref));
          expect(replayed.findings).toEqual([]);
          expect(JSON.stringify(replayed.trace)).toBe(JSON.stringify(await session.trace(ref)));
        }
      }),
      { seed: 22, numRuns: isLong ? 5_000 : 60 },
    );
  });

  it('every state of the history can be restored, to the byte, and taking that back gives what was there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.nat(), async (steps, which) => {
        const { session } = await act(steps);
        const history = await session.history(a.ref);
        const index = (which % (history.entries.length + 1)) - 1;
        const changes = history.restore(index);
        const events = history.entries.map(({ event }) => event);
        expect(TraceHistory.of(a.trace, events).entries.map(({ saved, ...entry }) => entry)).toEqual(
          history.entries.map(({ saved, ...entry }) => entry),
        );
        const restored = changes.length > 0 ? await session.edit(a.ref, 'Restore', changes) : null;
        expect(lineOf(await session.trace(a.ref), a)).toBe(lineOf(history.after(index), a));
        if (steps.length % 2 === 0) await session.save();
        await restored?.undo();
        expect(lineOf(await session.trace(a.ref), a)).toBe(lineOf(history.now, a));
      }),
      { seed: 23, numRuns: isLong ? 5_000 : 60 },
    );
  });
});
