import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { MAZE, PICTURES, shown, traceOf } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const turn = (think: string, block: string) =>
  `<think> ${think} </think> Action: Object Mapper\n\`\`\`json\n${block}\n\`\`\``;
const open = (turns: readonly string[]) =>
  TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(traceOf({ turns }))] });

describe('a hostile trace', () => {
  it('has its markup shown as text, wherever it stands, and nothing of it runs', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const trace = traceOf({
      question: `Which? ${evil}`,
      options: [evil],
      gold: evil,
      turns: [
        turn(
          `Look: ${evil} box`,
          `[{"index": 1, "bbox_2d": [1, 2, 30, 40], "label": "box ${evil.replaceAll('"', "'")}"}]`,
        ),
        `<think> done </think> Action: ${evil}\n<answer> ${evil} </answer>`,
      ],
    });
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(trace)] });
    await view.waitForShapes(1);
    await view.byId('turn-2').waitFor();
    expect(await view.byId('question').innerText()).toContain(evil);
    expect(await view.byId('turn-1').innerText()).toContain(evil);
    expect(await view.byId('turn-2').innerText()).toContain(evil);
    expect(await view.page.locator('img, script[src=x]').count()).toBe(1);
    expect(await view.page.title()).toBe('Trace');
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('has coordinates beyond all bounds: what lies in sight is drawn, what does not is said', async () => {
    const view = await open([
      turn(
        'Far.',
        `[{"index": 1, "bbox_2d": [20, 20, 1e308, 60], "label": "wide"},
          {"index": 1, "bbox_2d": [1e308, 1e308, 1.1e308, 1.1e308], "label": "gone"},
          {"index": 1, "bbox_2d": [NaN, 0, 1, 1], "label": "none"}]`,
      ),
      turn('Further.', '[{"index": 1, "bbox_2d": [1e999, 2, 3, 4], "label": "infinite"}]'),
      turn(
        'So.',
        `[{"index": 1, "bbox_2d": [20, 20, 1e308, 60], "label": "wide"},
          {"index": 1, "start_point_2d": [-1e308, 80], "end_point_2d": [1e308, 80], "label": "through"},
          {"index": 1, "bbox_2d": [1e308, 1e308, 1.1e308, 1.1e308], "label": "gone"}]`,
      ),
    ]);
    await view.byId('turn-1').getByText('no Python literal').waitFor();
    await view.byId('turn-2').getByText('too large to draw with').waitFor();
    await view.chooseTurn(3);
    await view.waitForShapes(2);
    expect(await view.byId('stage-notices').innerText()).toContain('1 shape lies too far out to be drawn.');
    expect((await view.canvasPixel(20.2, 40))[3]).toBe(255);
    expect((await view.canvasPixel(60, 80.5))[3]).toBe(255);
    await view.page.getByText('1.00e+308, 1.00e+308').first().waitFor();
    await view.byId('zoom-all').click();
    await view.host.call('command', { command: 'zoomToFit' });
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('has 50,000 shapes: those that fit are drawn, the list has them all, and the view answers', async () => {
    const shapes = Array.from({ length: 50_000 }, (_, i) => {
      const [x, y] = [(i * 7) % 100, (i * 13) % 100];
      return `{"index": 1, "bbox_2d": [${x}, ${y}, ${x + 6}, ${y + 6}], "label": "shape ${i}"}`;
    });
    const view = await open([turn('Many: shape 49999.', `[${shapes.join(', ')}]`)]);
    await view.waitForShapes(5000);
    expect(await view.byId('stage-notices').innerText()).toContain('5,000 of 50,000 shapes are drawn.');
    await view.page.getByRole('listbox', { name: 'Shapes on image 2' }).focus();
    await view.page.keyboard.press('End');
    await view.waitForShapes(5001);
    await expect.poll(() => view.lit()).toEqual(['json 0.49999', 'mention 0.49999', 'shape-row 0.49999']);
    expect(await view.page.locator('.option').count()).toBeLessThan(100);
    expect(view.complaints).toEqual([]);
    await view.screenshot('hostile-shapes');
    await view.close();
  });

  it('has 5,000 turns: all are there to be scrolled to, and few on the page at once', async () => {
    const turns = Array.from({ length: 5_000 }, (_, i) =>
      turn(`Turn ${i + 1}.`, `[{"index": ${i + 1}, "bbox_2d": [1, 2, ${i % 100}, 40], "label": "box"}]`),
    );
    const view = await open(turns);
    await view.waitForShapes(1);
    const images = view.page.getByRole('listbox', { name: 'Images and what they were drawn on' });
    await images.focus();
    await view.page.keyboard.press('End');
    await view.byId('turn-5000').waitFor();
    expect(await view.page.locator('article').count()).toBeLessThan(60);
    expect(await view.page.locator('.option').count()).toBeLessThan(200);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('is a line that is none: its findings take the place of the trace, and the next one can be shown', async () => {
    const message = 'The line is not JSON: CommaExpected at byte 17.';
    const broken = {
      trace: null,
      key: '',
      revision: 0,
      findings: [{ code: 'bad-json', severity: 'error' as const, message }],
      edits: null,
      verdict: null,
      partVerdicts: [],
      speaking: null,
      correct: null,
      run: null,
    };
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [broken, shown(MAZE)] });
    await view.byId('no-trace').getByText(message).waitFor();
    await view.page.getByRole('button', { name: 'Next Trace' }).click();
    await view.waitForShapes(1);
    await view.close();
  });

  it('comes in messages that are none of the contract, which are answered as such and change nothing', async () => {
    const view = await open(MAZE.turns.map(({ text }) => text));
    await view.waitForShapes(1);
    const tell = view.host.call as (method: string, params: unknown) => Promise<unknown>;
    await expect(tell('show', { title: 3 })).rejects.toThrow('show got bad params');
    await expect(tell('explode', {})).rejects.toThrow('there is no method explode');
    await view.page.evaluate(
      `window.postMessage({ contract: 'webview', message: { type: 'request' } }, '*')`,
    );
    expect(await view.byId('stage').getAttribute('data-drawn')).toBe('1');
    await view.close();
  });
});
