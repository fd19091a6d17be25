import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const open = (options: ViewOptions) => TraceViewPage.open(workbench, { pictures: PICTURES, ...options });

describe('the trace view', () => {
  for (const theme of THEMES) {
    it(`can be looked at in ${theme}`, async () => {
      const view = await open({
        theme,
        traces: [shown(MAZE, { correct: true }), shown(SCENE, { correct: false })],
      });
      await view.chooseTurn(2);
      await view.waitForShapes(2);
      await view.screenshot(`maze-${theme}`);
      await view.page.getByRole('button', { name: 'Next Trace' }).click();
      await view.chooseTurn(2);
      await view.waitForShapes(4);
      await view.screenshot(`scene-${theme}`);
      await view.moveTo(21, 110);
      await expect.poll(() => view.lit()).not.toEqual([]);
      await view.screenshot(`lit-${theme}`);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  }
});
