import { describe, expect, it } from 'vitest';
import type { Action } from '../../../webview/trace/model/actions';
import { initialState } from '../../../webview/trace/model/initial-state';
import { reduce } from '../../../webview/trace/model/reduce';
import { readSavedState, stateToSave } from '../../../webview/trace/model/saved-state';
import { type AppState, heldAlone, isLit, litShape, litShapes } from '../../../webview/trace/model/state';
import type { ShapeId } from '../../../webview/trace/model/turn-view';
import { ANSWER, drawing, shownOf, viewOf } from './documents';

const run = (actions: readonly Action[], from: AppState = initialState(null)) => actions.reduce(reduce, from);
const show = (turns: readonly string[], more = {}): Action => ({
  type: 'show',
  view: viewOf(shownOf(turns, more)),
});
const TURNS = [drawing([1, 'a']), drawing([2, 'b']), ANSWER];
const RUNNING = { run: { state: 'running' as const } };
const spoken = (text: string): Action => ({
  type: 'turn',
  turn: { text, finish: 'stop', tokens: null, seconds: null },
});

describe('what is chosen', () => {
  it('is the first turn of a trace, with the image it drew', () => {
    expect(run([show(TURNS)]).choice).toEqual({ turn: 0, image: 2 });
  });

  it('is of a turn that drew nothing the last image there was', () => {
    expect(run([show(TURNS), { type: 'choose-turn', turn: 2 }]).choice).toEqual({ turn: 2, image: 3 });
  });

  it('is with an image the turn that drew it; an input leaves the turn', () => {
    const state = run([show(TURNS), { type: 'choose-image', image: 3 }]);
    expect(state.choice).toEqual({ turn: 1, image: 3 });
    expect(run([{ type: 'choose-image', image: 1 }], state).choice).toEqual({ turn: 1, image: 1 });
  });

  it('follows a run to its newest turn until another is chosen', () => {
    const started = run([show([], RUNNING), spoken(TURNS[0] ?? ''), { type: 'text', text: TURNS[1] ?? '' }]);
    expect(started.choice).toEqual({ turn: 1, image: 3 });
    const back = run([{ type: 'choose-turn', turn: 0 }, spoken(TURNS[1] ?? '')], started);
    expect(back.choice).toEqual({ turn: 0, image: 2 });
    expect(run([{ type: 'choose-turn', turn: 1 }, spoken(ANSWER)], back).choice.turn).toBe(2);
    expect(run([{ type: 'follow' }], back).choice).toEqual({ turn: 1, image: 3 });
  });

  it('is the turn that somebody was led to, in another trace and in the same', () => {
    const led: Action = { type: 'show', view: viewOf(shownOf(TURNS), { goal: { turn: 1 } }) };
    expect(run([led]).choice).toEqual({ turn: 1, image: 3 });
    expect(run([show(TURNS), led]).choice).toEqual({ turn: 1, image: 3 });
    const nowhere: Action = { type: 'show', view: viewOf(shownOf(TURNS), { goal: { turn: null } }) };
    expect(run([show(TURNS), { type: 'choose-turn', turn: 2 }, nowhere]).choice.turn).toBe(2);
  });

  it('stays when the same trace is shown again, as at the end of a run', () => {
    const chosen = run([
      show(TURNS),
      { type: 'choose-turn', turn: 1 },
      { type: 'zoom', to: 'in' },
      show(TURNS),
    ]);
    expect(chosen.choice).toEqual({ turn: 1, image: 3 });
    expect(chosen.zoom).not.toBe(null);
  });

  it('begins anew with another trace, though it has the same id', () => {
    const state = run([
      show(TURNS),
      { type: 'choose-turn', turn: 1 },
      { type: 'zoom', to: 'in' },
      show(TURNS, { key: 'two' }),
    ]);
    expect([state.choice, state.zoom]).toEqual([{ turn: 0, image: 2 }, null]);
  });
});

describe('a shape that is held', () => {
  it('stays lit while nothing else is pointed at', () => {
    const held = run([show(TURNS), { type: 'hold', shape: '0.0' }]);
    expect(litShape(held)).toBe('0.0');
    expect(litShape(run([{ type: 'light', shape: '1.0' }], held))).toBe('1.0');
    expect(
      litShape(
        run(
          [
            { type: 'light', shape: '1.0' },
            { type: 'light', shape: null },
          ],
          held,
        ),
      ),
    ).toBe('0.0');
    expect(litShape(run([{ type: 'hold', shape: null }], held))).toBe(null);
  });

  it('brings up an image that has it', () => {
    expect(run([show(TURNS), { type: 'hold', shape: '1.0' }]).choice).toEqual({ turn: 1, image: 3 });
    expect(
      run([show(TURNS), { type: 'choose-turn', turn: 2 }, { type: 'hold', shape: '0.0' }]).choice,
    ).toEqual({ turn: 2, image: 3 });
  });
});

describe('shapes that are held together', () => {
  const TWO = [drawing([1, 'a'], [1, 'b'], [1, 'c']), drawing([2, 'd']), ANSWER];
  const toggle = (shape: ShapeId): Action => ({ type: 'toggle', shape });
  const held = (...shapes: readonly ShapeId[]) => run([show(TWO), { type: 'hold-all', shapes }]);

  it('are one more or one less, which is said', () => {
    const two = run([toggle('0.2')], held('0.0'));
    expect([two.held, two.announcement]).toEqual([['0.0', '0.2'], '2 shapes are selected.']);
    const one = run([toggle('0.0')], two);
    expect([one.held, one.announcement]).toEqual([['0.2'], '1 shape is selected.']);
    expect(run([toggle('0.2')], one)).toMatchObject({ held: [], announcement: 'No shape is selected.' });
  });

  it('are of one turn: with one of another they start anew, which is said', () => {
    const state = run([toggle('1.0')], held('0.0', '0.1'));
    expect(state.held).toEqual(['1.0']);
    expect(state.announcement).toContain('starts anew');
  });

  it('are all lit, and with them what is pointed at; none has a part of its own that keys move', () => {
    const two = run(
      [
        { type: 'hold', shape: '0.0' },
        { type: 'part', part: 'w' },
        toggle('0.1'),
        { type: 'light', shape: '0.2' },
      ],
      held(),
    );
    expect(litShapes(two)).toEqual(['0.0', '0.1', '0.2']);
    expect((['0.0', '0.1', '0.2', '1.0'] as const).map((shape) => isLit(two, shape))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([two.part, heldAlone(two)]).toEqual([null, null]);
  });

  it('are let go with the turn that is chosen, and stay through edits that leave their names', () => {
    expect(run([{ type: 'choose-turn', turn: 1 }], held('0.0', '0.1')).held).toEqual([]);
    const edits = { edits: { edited: true, marks: [] } };
    const before = run([show(TWO, edits), { type: 'hold-all', shapes: ['0.0', '0.1'] }]);
    expect(run([show(TWO, edits)], before).held).toBe(before.held);
  });
});

describe('what a screen reader says', () => {
  it('is what came of a turn, where a run stands, and what was done', () => {
    const state = run([show([], RUNNING), spoken(TURNS[0] ?? '')]);
    expect(state.announcement).toBe('Turn 1: 1 drawing, image 2');
    expect(run([spoken(ANSWER)], state).announcement).toBe('Turn 2: answer C');
    expect(run([{ type: 'run', run: { state: 'ended' } }], state).announcement).toBe('Run ended');
    const importing = (percent: number): Action => ({
      type: 'run',
      run: { state: 'opening', message: `Importing the model, once: ${percent} %` },
    });
    const opening = run([importing(1)], state);
    expect(opening.announcement).toBe('Importing the model, once: 1 %');
    expect(run([importing(2), importing(3)], opening).announcement).toBe(opening.announcement);
    const notice = { kind: 'done', text: 'Copied as JSON.' } as const;
    expect(run([{ type: 'notice', notice }], state).announcement).toBe('Copied as JSON.');
  });
});

describe('what is saved', () => {
  it('brings back what was chosen when the trace is shown again', () => {
    const state = run([
      show(TURNS),
      { type: 'stage', stage: { size: { width: 300, height: 300 } } },
      { type: 'choose-turn', turn: 1 },
      { type: 'zoom', to: 'in' },
      { type: 'options', options: { pixels: 'seen', ghosts: false } },
      { type: 'panes', panes: { turns: 500 } },
    ]);
    const saved = readSavedState(JSON.parse(JSON.stringify(stateToSave(state))));
    const again = run([show(TURNS)], initialState(saved));
    for (const key of ['choice', 'zoom', 'options', 'panes', 'following'] as const) {
      expect(again[key], key).toEqual(state[key]);
    }
  });

  it('is of no use to another trace of the same id', () => {
    const saved = readSavedState(stateToSave(run([show(TURNS), { type: 'choose-turn', turn: 1 }])));
    expect(run([show(TURNS, { key: 'two' })], initialState(saved)).choice.turn).toBe(0);
  });

  it('is nothing while nothing is shown, and is not read where it is something else', () => {
    expect(stateToSave(initialState(null))).toBe(null);
    for (const other of [undefined, null, 'x', {}, { id: 'one', index: -1 }])
      expect(readSavedState(other)).toBe(null);
  });
});

describe('a line of a file that is no trace', () => {
  it('leaves nothing to choose, and its findings', () => {
    const finding = { code: 'bad-json', severity: 'error', message: 'Not JSON.' } as const;
    const state = run([
      show(TURNS),
      { type: 'show', view: viewOf({ ...shownOf([]), trace: null, findings: [finding] }) },
      { type: 'choose-turn', turn: 1 },
      { type: 'text', text: 'x' },
    ]);
    expect([state.document, state.lineFindings]).toEqual([null, [finding]]);
    expect(stateToSave(state)).toMatchObject({ id: 'one', index: 0, turn: null, image: 1 });
  });
});

it('keeps the id of a run that cannot be found, so that it may be found the next time', () => {
  const state = run([show(TURNS)]);
  const saved = readSavedState(JSON.parse(JSON.stringify(stateToSave(state))));
  const finding = { code: 'lost', severity: 'warning', message: 'Gone.' } as const;
  const lost = { ...shownOf([]), trace: null, findings: [finding] };
  const again = run([{ type: 'show', view: viewOf(lost) }], initialState(saved));
  expect(again.document).toBe(null);
  expect(stateToSave(again)?.id).toBe('one');
});

describe('what is being edited', () => {
  const EDITS = { edits: { edited: true, marks: [] } };
  const held = (turns: readonly string[]) => run([show(turns, EDITS), { type: 'hold', shape: '0.0' }]);

  it('stays held as the outcome is shown, on an image that has it', () => {
    const state = run(
      [show([drawing([1, 'b'], [1, 'c']), ANSWER], EDITS)],
      held([drawing([1, 'a'], [1, 'c']), ANSWER]),
    );
    expect(state.held).toEqual(['0.0']);
    expect(state.choice).toEqual({ turn: 0, image: 2 });
  });

  it('is let go where an edit may have given its name to another shape', () => {
    const before = held([drawing([1, 'a'], [1, 'c']), ANSWER]);
    expect(run([show([drawing([1, 'c']), ANSWER], EDITS)], before).held).toEqual([]);
    expect(run([show([drawing([1, 'a'], [1, 'c'])], EDITS)], before).held).toEqual([]);
  });

  it('ends with the trace, or where the trace cannot be edited any more', () => {
    const draft = { kind: 'question', question: 'Why?', options: '', gold: '' } as const;
    const writing = run(
      [
        { type: 'draft', draft },
        { type: 'tool', tool: 'box' },
      ],
      held(TURNS),
    );
    expect(run([show(TURNS, EDITS)], writing)).toMatchObject({ draft, tool: 'box' });
    expect(run([show(TURNS)], writing)).toMatchObject({ draft: null, tool: null, held: ['0.0'] });
  });

  it('is saved as far as it is being written', () => {
    const draft = { kind: 'question', question: 'Why?', options: '', gold: '' } as const;
    const saved = readSavedState(stateToSave(run([{ type: 'draft', draft }], held(TURNS))));
    expect(run([show(TURNS, EDITS)], initialState(saved)).draft).toEqual(draft);
    expect(run([show(TURNS)], initialState(saved)).draft).toBe(null);
  });

  it('has marks, each of which leads to its turn', () => {
    const mark = { key: 'k', code: 'names-changed', message: 'Look.', turn: 1, span: { start: 0, end: 3 } };
    const marked = run([
      show(TURNS, { edits: { edited: true, marks: [mark] } }),
      { type: 'go-to-mark', key: 'k' },
    ]);
    expect(marked).toMatchObject({ litMark: 'k', choice: { turn: 1, image: 3 } });
    expect(run([{ type: 'go-to-mark', key: 'gone' }], marked)).toBe(marked);
  });
});
