import { describe, expect, it } from 'vitest';
import type { Tool } from '../../../webview/trace/model/state';
import { editKey } from '../../../webview/trace/stage/edit-keys';

const NO_OTHER = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
const HELD: { held: boolean; tool: Tool | null } = { held: true, tool: null };
const FREE: { held: boolean; tool: Tool | null } = { held: false, tool: null };

const press = (key: string, state = HELD, more: Partial<typeof NO_OTHER> = {}) =>
  editKey({ ...NO_OTHER, ...more, key }, state);

describe('a key on the stage of a trace that can be edited', () => {
  it('moves a held shape by a pixel, or by ten', () => {
    expect(press('ArrowLeft')).toEqual({ type: 'nudge', by: [-1, 0] });
    expect(press('ArrowDown', HELD, { shiftKey: true })).toEqual({ type: 'nudge', by: [0, 10] });
  });

  it('means what it means on any stage where nothing is held', () => {
    for (const key of ['ArrowLeft', 'e', 'm', 'c', 'Delete', 'Escape', 'Enter', '+']) {
      expect(press(key, FREE)).toBe(null);
    }
  });

  it('belongs to commands with Alt, Ctrl or Cmd', () => {
    for (const other of ['altKey', 'ctrlKey', 'metaKey']) {
      for (const key of ['ArrowLeft', 'b', 'c', 'v', 'z', 'Delete']) {
        expect(press(key, HELD, { [other]: true })).toBe(null);
      }
    }
  });

  it('selects all with Ctrl or Cmd, and one more with Shift', () => {
    expect(press('a', FREE, { ctrlKey: true })).toEqual({ type: 'all' });
    expect(press('a', HELD, { metaKey: true })).toEqual({ type: 'all' });
    expect(press('a', HELD, { ctrlKey: true, shiftKey: true })).toBe(null);
    expect(press('a', HELD)).toBe(null);
    expect(press('>', HELD, { shiftKey: true })).toEqual({ type: 'extend', by: 1 });
    expect(press('<', HELD, { shiftKey: true })).toEqual({ type: 'extend', by: -1 });
  });

  it('takes a tool and puts it back', () => {
    expect(press('b', FREE)).toEqual({ type: 'tool', tool: 'box' });
    expect(press('B', { held: false, tool: 'box' })).toEqual({ type: 'tool', tool: null });
    expect(press('l', { held: false, tool: 'box' })).toEqual({ type: 'tool', tool: 'line' });
    expect(press('Escape', { held: true, tool: 'line' })).toEqual({ type: 'tool', tool: null });
    expect(press('Enter', { held: false, tool: 'line' })).toEqual({ type: 'place' });
  });

  it('steps from shape to shape and from edge to edge', () => {
    expect(press('.', FREE)).toEqual({ type: 'step', by: 1 });
    expect(press(',')).toEqual({ type: 'step', by: -1 });
    expect(press('e')).toEqual({ type: 'part' });
    expect(press('E', HELD, { shiftKey: true })).toBe(null);
    expect(press('m')).toEqual({ type: 'whole' });
  });
});
