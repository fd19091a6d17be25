import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTurn } from '../../src/trace/parse-turn';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { editable, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** The scene at a turn, with the shape at a place of the list held. */
async function open(turn: number, shape: number): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(SCENE)] });
  await view.chooseTurn(turn);
  await view.page.getByRole('option').nth(shape).click();
  await view.page.getByRole('form', { name: 'Held shape' }).waitFor();
  return view;
}

const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const drawings = (view: TraceViewPage, turn = 0) => parseTurn(view.host.texts[turn] ?? '').drawings;
const field = (view: TraceViewPage, name: string) => view.page.getByLabel(name, { exact: true });

describe('the form of the held shape', () => {
  it('has its label, its image and its numbers, which Enter or leaving changes', async () => {
    const view = await open(1, 0);
    const values = await Promise.all(
      ['Label', 'On image', 'x1', 'y1', 'x2', 'y2'].map((name) => field(view, name).inputValue()),
    );
    expect(values).toEqual(['green triangle', '1', '31', '59', '53', '81']);
    await field(view, 'Label').fill('triangle');
    await field(view, 'Label').press('Enter');
    await expect.poll(() => labels(view)).toEqual(['Change Label']);
    await field(view, 'x1').fill('30.5');
    await field(view, 'y1').focus();
    await expect.poll(() => labels(view)).toEqual(['Change Label', 'Change Numbers']);
    expect(drawings(view)[0]).toEqual({ index: 1, bbox_2d: [30.5, 59, 53, 81], label: 'triangle' });
    await view.close();
  });

  it('says at a field what is wrong with it, and sends nothing; Escape puts back what was there', async () => {
    const view = await open(1, 0);
    await field(view, 'x2').fill('wide');
    await field(view, 'x2').press('Enter');
    await view.page.getByText('Not a number.').waitFor();
    expect(await field(view, 'x2').getAttribute('aria-invalid')).toBe('true');
    await field(view, 'x2').press('Escape');
    expect(await field(view, 'x2').inputValue()).toBe('53');
    await field(view, 'On image').fill('0');
    await field(view, 'On image').press('Enter');
    await view.page.getByText('The number of an image belongs here').waitFor();
    expect(labels(view)).toEqual([]);
    await view.close();
  });

  it('follows a shape that is moved, and keys typed in it move nothing', async () => {
    const view = await open(1, 0);
    await view.byId('stage').focus();
    await view.page.keyboard.press('ArrowRight');
    await expect.poll(() => field(view, 'x1').inputValue()).toBe('32');
    await field(view, 'x1').focus();
    for (const key of ['ArrowRight', 'Delete', 'b', 'Escape']) await view.page.keyboard.press(key);
    await expect.poll(() => labels(view)).toEqual(['Move Box']);
    expect(drawings(view).length).toBe(2);
    await view.close();
  });

  it('draws on the clean image what was drawn on a drawn one', async () => {
    const view = await open(2, 0);
    await view.page.getByRole('button', { name: 'Draw on the Clean Image' }).click();
    await expect.poll(() => labels(view)).toEqual(['Draw on the Clean Image']);
    expect(drawings(view, 1)[0]).toMatchObject({ index: 1, label: 'green triangle' });
    await view.close();
  });

  it('gives a box four numbers that had three', async () => {
    const view = await open(2, 3);
    expect(await field(view, 'y2').inputValue()).toBe('');
    await field(view, 'y2').fill('40');
    await field(view, 'y2').press('Enter');
    await expect.poll(() => labels(view)).toEqual(['Change Numbers']);
    expect(drawings(view, 1).at(-1)).toEqual({ index: 2, bbox_2d: [1, 2, 3, 40], label: 'short' });
    await view.close();
  });

  it('is gone with its shape, which the Delete key in the list takes away', async () => {
    const view = await open(1, 1);
    await view.page.getByRole('listbox', { name: 'Shapes on image 2' }).press('Delete');
    await expect.poll(() => labels(view)).toEqual(['Delete Box']);
    await expect.poll(() => view.page.getByRole('form').count()).toBe(0);
    await view.close();
  });

  it('deletes it', async () => {
    const view = await open(1, 1);
    await view.page.getByRole('button', { name: 'Delete Box' }).click();
    await expect.poll(() => labels(view)).toEqual(['Delete Box']);
    expect(drawings(view).map(({ label }) => label)).toEqual(['green triangle']);
    await expect.poll(() => view.page.getByRole('form').count()).toBe(0);
    await view.close();
  });
});
