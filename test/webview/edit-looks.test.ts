import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, MAZE, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

describe('a trace that is edited', () => {
  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await TraceViewPage.open(workbench, {
        pictures: PICTURES,
        theme,
        traces: [editable(SCENE), editable(MAZE)],
      });
      await view.waitForShapes(2);
      await view.byId('stage').focus();
      for (const key of ['.', 'ArrowRight', 'e', 'e']) await view.page.keyboard.press(key);
      await view.byId('mark-bar').waitFor();
      await view.page.getByLabel('x2', { exact: true }).fill('wide');
      await view.page.getByLabel('x2', { exact: true }).press('Enter');
      await view.screenshot(`edit-shape-${theme}`);
      await view.page.getByRole('button', { name: 'Edit Turn 1' }).click();
      await view.screenshot(`edit-parts-${theme}`);
      await view.page.keyboard.press('Escape');
      await view.page.getByRole('button', { name: 'Go to Next' }).click();
      await view.page.getByRole('button', { name: 'More for Turn 1' }).click();
      await view.screenshot(`edit-menu-${theme}`);
      await view.page.keyboard.press('Escape');
      await view.page.getByRole('button', { name: 'Next Trace' }).click();
      await view.waitForShapes(1);
      await view.byId('stage').focus();
      for (const key of ['.', 'e']) await view.page.keyboard.press(key);
      await view.page.getByRole('button', { name: 'New Line' }).click();
      await view.page.getByRole('button', { name: 'Edit Question' }).click();
      await view.screenshot(`edit-line-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
