import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withDerived } from '../../../src/trace/derive';
import { applyChanges, type Change } from '../../../src/trace/edit/change';
import type { ShownTrace } from '../../../src/view/trace-view';
import { Store } from '../../../webview/shared/store';
import { Editor } from '../../../webview/trace/edit/editor';
import type { Action } from '../../../webview/trace/model/actions';
import { initialState } from '../../../webview/trace/model/initial-state';
import { reduce } from '../../../webview/trace/model/reduce';
import type { AppState } from '../../../webview/trace/model/state';
import { drawing, shownOf, viewOf } from './documents';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const EDITS = { edited: false, marks: [] };

/** An editor of a trace with one box, of a host that applies what it is sent, or refuses it. */
function open({ refuse = false, turn = drawing([1, 'a']) } = {}) {
  const store = new Store<AppState, Action>(initialState(null), reduce);
  let shown: ShownTrace = shownOf([turn], { edits: EDITS });
  const show = () => store.dispatch({ type: 'show', view: viewOf(shown) });
  const sent: string[] = [];
  const edit = async (revision: number, label: string, changes: readonly Change[]) => {
    await Promise.resolve();
    // As the host does: of a trace that has changed nothing is edited.
    if (refuse || shown.trace === null || revision !== shown.revision) throw new Error('Not now.');
    sent.push(label);
    const { turns } = applyChanges(withDerived(shown.trace), changes);
    shown = { ...shown, revision: shown.revision + 1, trace: { ...shown.trace, turns } };
    show();
    return null;
  };
  show();
  store.dispatch({ type: 'hold', shape: '0.0' });
  const editor = new Editor(store, { edit, acceptMarks: async () => null, readClipboard: async () => '' });
  const numbers = () => store.state.document?.turns[0]?.text.match(/bbox_2d": \[(.*?)\]/)?.[1];
  return { store, editor, sent, numbers };
}

describe('a shape that keys move', () => {
  it('is shown at once, and sent when no more keys come', async () => {
    const { store, editor, sent, numbers } = open();
    for (let i = 0; i < 3; i++) {
      editor.nudge([1, 0]);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(sent).toEqual([]);
    expect(store.state.preview?.get('0.0')).toMatchObject({ bbox_2d: [4, 2, 33, 40] });
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual(['Move Box']);
    expect(numbers()).toBe('4, 2, 33, 40');
    expect(store.state.preview).toBe(null);
  });

  it('is sent before any other edit, and when it is let go', async () => {
    const { store, editor, sent, numbers } = open();
    editor.nudge([1, 0]);
    await editor.edit('Other', () => []);
    expect(sent).toEqual(['Move Box']);
    editor.nudge([0, 1]);
    store.dispatch({ type: 'hold', shape: null });
    await editor.flush();
    expect(sent).toEqual(['Move Box', 'Move Box']);
    expect(numbers()).toBe('2, 3, 31, 41');
  });

  it('goes on from where it was moved to while that is being sent', async () => {
    const { editor, numbers } = open();
    editor.nudge([1, 0]);
    void editor.flush();
    editor.nudge([1, 0]);
    await editor.flush();
    expect(numbers()).toBe('3, 2, 32, 40');
  });

  it('goes with the others that are held, in one edit', async () => {
    const { store, editor, sent } = open({ turn: drawing([1, 'a'], [1, 'b'], [1, 'c']) });
    store.dispatch({ type: 'hold-all', shapes: ['0.0', '0.2'] });
    editor.nudge([0, 10]);
    expect(store.state.announcement).toBe('2 shapes, the first at 1, 12, 30, 50');
    await editor.flush();
    expect(sent).toEqual(['Move 2 Shapes']);
    const drawings = store.state.document?.turns[0]?.parsed.drawings ?? [];
    expect(drawings.map((one) => ('bbox_2d' in one ? one.bbox_2d[1] : null))).toEqual([12, 2, 12]);
    expect(store.state.held).toEqual(['0.0', '0.2']);
  });

  it('goes back where the edit is refused, which is shown', async () => {
    const { store, editor } = open({ refuse: true });
    editor.nudge([1, 0]);
    await editor.flush();
    expect(store.state.preview).toBe(null);
    expect(store.state.notice).toEqual({ kind: 'error', text: 'Not now.' });
  });
});

describe('an edit', () => {
  it('is made of the trace that the one before it left', async () => {
    const { editor, sent } = open();
    const seen: string[] = [];
    const build = (text: string) => (trace: { readonly turns: readonly { readonly text: string }[] }) => {
      const before = trace.turns[0]?.text ?? '';
      seen.push(before.slice(0, 10));
      return [{ type: 'text' as const, turn: 0, start: 0, removed: '', inserted: text }];
    };
    void editor.edit('One', build('1'));
    await editor.edit('Two', build('2'));
    expect(sent).toEqual(['One', 'Two']);
    expect(seen).toEqual(['<think> I ', '1<think> I']);
  });

  it('is not sent of a trace that is no longer shown', async () => {
    const { store, editor, sent } = open();
    const edited = editor.edit('One', () => {
      throw new Error('Nothing is to be made of it.');
    });
    const other = shownOf([], { edits: EDITS });
    // Of the same id, as a file may have two of.
    store.dispatch({ type: 'show', view: viewOf({ ...other, key: 'other' }) });
    expect(await edited).toBe(false);
    expect(sent).toEqual([]);
    expect(store.state.notice).toBe(null);
  });
});
