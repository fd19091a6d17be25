import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function open(trace = MAZE): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(trace)] });
  await view.waitForShapes(trace === MAZE ? 1 : 2);
  return view;
}

const codes = async (view: TraceViewPage, turn: number) => {
  const found = await view.byId(`turn-${turn}`).locator('.findings li').all();
  return Promise.all(found.map((one) => one.getAttribute('data-code')));
};

describe('what is found of a trace', () => {
  it('is said of a shape as it leaves the image: in its turn, in the list and on the stage; and is gone when it is back', async () => {
    const view = await open();
    expect(await codes(view, 1)).toEqual([]);
    await view.byId('stage').focus();
    await view.page.keyboard.press('.');
    for (let i = 0; i < 2; i++) await view.page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => codes(view, 1)).toEqual(['out-of-image']);
    const row = view.page.locator('.shape-row[data-shape-id="0.0"]');
    expect(await row.locator('.shape-finding.warning').getAttribute('data-code')).toBe('out-of-image');
    expect(await view.byId('shape-finding').innerText()).toContain('step 1: This reaches beyond the image');
    const name = await view.page.getByRole('option').first().getAttribute('aria-label');
    expect(name).toContain('This reaches beyond the image, which is 112 by 112 pixels.');
    await view.host.undo();
    await expect.poll(() => codes(view, 1)).toEqual([]);
    expect(await view.byId('shape-finding').count()).toBe(0);
    await view.close();
  });

  it('is quieter where nothing is wrong: listed, and not underlined', async () => {
    const view = await open(SCENE);
    await view.chooseTurn(2);
    const note = view.byId('turn-2').locator('.findings li.information');
    expect(await note.innerText()).toContain('it is revised');
    const colour = (weight: string) =>
      view.page.evaluate(
        `getComputedStyle(document.querySelector('[data-testid=turn-2] .findings li.${weight}')).color`,
      );
    expect(await colour('information')).not.toBe(await colour('warning'));
    expect(await view.byId('turn-2').locator('.found.information').count()).toBe(0);
    await view.close();
  });

  it('is about the cells of a maze where its grid is known', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [
        shown({ ...MAZE, source: { gridSize: 4 } }),
        shown({ ...MAZE, id: 'b', source: { gridSize: 8 } }),
      ],
    });
    await view.waitForShapes(1);
    expect(await codes(view, 1)).toEqual([]);
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await expect.poll(() => codes(view, 1)).toContain('off-centre');
    await view.close();
  });

  it('says of a turn that breaks the format rule that it does', async () => {
    const view = await open(SCENE);
    expect(await view.byId('turn-1').locator('.ill-formed').count()).toBe(0);
    expect(await view.byId('turn-3').locator('.ill-formed').count()).toBe(1);
    await view.close();
  });
});

it('what is found of a turn that is being written comes as it is typed, of its parts and of its whole text', async () => {
  const view = await open();
  await view.page.getByRole('button', { name: 'Edit Turn 2', exact: true }).click();
  const found = view.byId('turn-2').locator('.findings li');
  await view.page.getByLabel('Answer', { exact: true }).fill('B');
  await view.page.getByText('This turn answers, which ends a trace, but others follow it.').waitFor();
  await view.page.getByLabel('Answer', { exact: true }).fill('');
  await expect.poll(() => found.count()).toBe(0);
  await view.page.getByRole('button', { name: 'Whole Text' }).click();
  const area = view.page.getByLabel('Text', { exact: true });
  await area.fill((await area.inputValue()).replace('[98, 98]', '[98, 980]'));
  await view.page.getByText('This reaches beyond the image').waitFor();
  await area.fill((await area.inputValue()).replace('"index": 2', '"index": 9'));
  await view.page.getByText('The drawing names image 9').waitFor();
  expect(view.host.edits).toEqual([]);
  await view.close();
});

describe('findings', () => {
  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await TraceViewPage.open(workbench, {
        pictures: PICTURES,
        theme,
        traces: [editable(SCENE)],
      });
      await view.waitForShapes(2);
      await view.chooseTurn(2);
      await view.waitForShapes(4);
      await view.page.locator('#shape-list [data-shape-id="1.1"]').click();
      await view.byId('shape-finding').waitFor();
      await view.screenshot(`checks-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
