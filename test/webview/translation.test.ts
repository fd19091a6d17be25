import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

it('the trace view shows its texts as they are translated, and others as they are', async () => {
  const view = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [shown(SCENE, { correct: false })],
    translations: {
      Shapes: 'Formen <b>',
      'Turn {0}': 'Runde {0}',
      'Wrong: it is {0}': 'Falsch: "{0}" ist es',
    },
  });
  await view.waitForShapes(2);
  expect(await view.page.getByRole('heading', { name: 'Formen <b>' }).count()).toBe(1);
  expect(await view.byId('turn-2').getAttribute('aria-label')).toBe('Runde 2');
  expect(await view.byId('verdict').innerText()).toBe('Falsch: "A" ist es');
  expect(await view.page.getByRole('button', { name: 'Export' }).count()).toBe(1);
  await view.close();
});
