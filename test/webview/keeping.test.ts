import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

/** What the page has kept, as the extension would find it. */
const kept = async (view: TraceViewPage): Promise<unknown> =>
  JSON.parse((await view.page.evaluate<string | null>("sessionStorage.getItem('state')")) ?? 'null');

describe('what the view keeps when it is hidden or reloaded', () => {
  it('is the trace, the turn, the image, the zoom and the toggles', async () => {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(MAZE), shown(SCENE)],
    });
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await view.chooseTurn(2);
    await view.waitForShapes(4);
    await view.host.call('command', { command: 'zoomToActualSize' });
    await view.byId('toggle-labels').click();
    await expect.poll(() => kept(view)).toMatchObject({ id: 'scene', index: 1, turn: 1, image: 3 });
    await expect.poll(() => kept(view)).toMatchObject({ zoom: { scale: 1 }, options: { labels: false } });

    view.host.forget();
    await view.page.reload();
    await view.waitForShapes(4);
    expect(await view.byId('trace-index').innerText()).toBe('2 of 2');
    expect(await view.byId('stage').getAttribute('data-image')).toBe('3');
    expect(await view.byId('stage').getAttribute('data-scale')).toBe('1');
    expect(await view.byId('toggle-labels').getAttribute('aria-pressed')).toBe('false');
    await view.close();
  });

  it('is of no use to another trace, which is shown from its beginning', async () => {
    const traces = [shown(SCENE)];
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces });
    await view.chooseTurn(2);
    await expect.poll(() => kept(view)).toMatchObject({ turn: 1 });
    traces[0] = shown(MAZE);
    await view.page.reload();
    await view.page.waitForSelector('[data-testid=stage][data-image="2"]');
    expect(await view.byId('turn-1').getAttribute('class')).toContain('chosen');
    await view.close();
  });

  it('is gone back to while the file is still being counted', async () => {
    const abilities = { cannotRun: null, save: false, locate: false };
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(MAZE), shown(SCENE)],
      handlers: {
        ready: () => ({ title: 'x', index: 0, count: 1, counting: true, shown: shown(MAZE), abilities }),
      },
    });
    await view.page.waitForSelector('[data-testid=stage][data-image="2"]');
    await expect.poll(() => kept(view)).toMatchObject({ id: 'maze', index: 0 });
    await view.page.waitForTimeout(300);
    const scene = { ...Object(await kept(view)), id: 'scene', key: 'scene', index: 1, turn: 1, image: 3 };
    await view.page.evaluate(`sessionStorage.setItem('state', ${JSON.stringify(JSON.stringify(scene))})`);
    await view.page.reload();
    await view.waitForShapes(4);
    expect(await view.byId('trace-index').innerText()).toBe('2 of 2');
    await view.close();
  });

  it('is left aside if it is none of the view', async () => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(SCENE)] });
    await view.waitForShapes(2);
    await view.page.waitForTimeout(300);
    await view.page.evaluate(`sessionStorage.setItem('state', '{"turn": "first"}')`);
    await view.page.reload();
    await view.waitForShapes(2);
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});
