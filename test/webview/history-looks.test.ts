import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, PICTURES, SCENE } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

describe('the history of a trace', () => {
  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await TraceViewPage.open(workbench, {
        pictures: PICTURES,
        theme,
        width: theme === 'light' ? 640 : 1280,
        height: 900,
        traces: [editable(SCENE)],
      });
      await view.waitForShapes(2);
      await view.byId('stage').focus();
      for (const key of ['.', 'Shift+ArrowRight', 'e']) await view.page.keyboard.press(key);
      await expect.poll(() => view.host.edits.length).toBe(1);
      await view.page.getByRole('button', { name: 'Edit Turn 3' }).click();
      await view.page.getByLabel('Thinks', { exact: true }).fill('The green triangle is above the square.');
      await view.page.getByLabel('Thinks', { exact: true }).press('Control+Enter');
      await expect.poll(() => view.host.edits.length).toBe(2);
      await view.byId('toggle-history').click();
      await view.byId('text-change').first().waitFor();
      await view.screenshot(`history-text-${theme}`);
      await view.page.keyboard.press('ArrowDown');
      await view.page.getByRole('tab', { name: 'JSON' }).click();
      await view.byId('json-diff').waitFor();
      await view.screenshot(`history-json-${theme}`);
      await view.page.getByRole('tab', { name: 'Picture' }).click();
      await expect.poll(() => view.page.locator('.picture-pair img').count()).toBe(4);
      await view.screenshot(`history-picture-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
