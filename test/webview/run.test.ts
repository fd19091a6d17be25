import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { MAZE, PICTURES, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const TEXTS = MAZE.turns.map(({ text }) => text);
const GOING = { ...MAZE, turns: [], finish: null };

function openRun(options: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const traces = [shown(GOING, { run: { state: 'running' } })];
  const abilities = { cannotRun: null, save: true, locate: false };
  return TraceViewPage.open(workbench, { pictures: PICTURES, traces, abilities, ...options });
}

const spoken = (text: string) => ({ text, finish: 'stop' as const, tokens: 34, seconds: 0.4 });

describe('a run', () => {
  it('shows what is said as it is said, and a shape as soon as its block is', async () => {
    const view = await openRun();
    await view.waitForShapes(0);
    const text = TEXTS[0] ?? '';
    const block = text.indexOf('}]') + 2;
    for (let i = 0; i < block; i += 12)
      await view.host.call('text', { text: text.slice(i, Math.min(i + 12, block)) });
    await view.waitForShapes(1);
    expect(await view.byId('turn-1').innerText()).toContain('At (70, 98). Step 1: right.');
    expect(await view.byId('turn-1').getAttribute('aria-busy')).toBe('true');
    expect(await view.byId('turn-1').locator('.findings').count()).toBe(0);
    await view.host.call('turn', spoken(text));
    await expect.poll(() => view.byId('turn-1').getAttribute('aria-busy')).toBe('false');
    expect(await view.byId('announcement').innerText()).toBe('Turn 1: 1 drawing, image 2');
    await view.close();
  });

  it('is followed to its newest turn until another is chosen, and followed again when asked', async () => {
    const view = await openRun();
    for (const text of TEXTS.slice(0, 2)) await view.host.call('turn', spoken(text));
    await view.page.waitForSelector('[data-testid=stage][data-image="3"]');
    await view.chooseTurn(1);
    await view.page.waitForSelector('[data-testid=stage][data-image="2"]');
    await view.host.call('turn', spoken(TEXTS[2] ?? ''));
    await view.byId('turn-3').waitFor();
    expect(await view.byId('stage').getAttribute('data-image')).toBe('2');
    await view.byId('follow').click();
    await view.page.waitForSelector('[data-testid=stage][data-image="4"]');
    await view.close();
  });

  it('says where it stands: in the queue, opening, reading the prompt', async () => {
    const view = await openRun({ traces: [shown(GOING, { run: { state: 'queued', ahead: 1 } })] });
    const words = view.byId('run-state');
    await expect.poll(() => words.innerText()).toBe('Waiting: 1 run ahead in the queue');
    await view.host.call('run', { state: 'opening', message: 'Loading the model' });
    await expect.poll(() => words.innerText()).toBe('Loading the model');
    await view.host.call('run', { state: 'running' });
    await view.host.call('prefill', { done: 300, total: 1200 });
    await expect.poll(() => words.innerText()).toContain('Reading the prompt');
    expect(await view.byId('prefill').getAttribute('value')).toBe('300');
    await view.host.call('text', { text: '<think> I' });
    await expect.poll(() => words.innerText()).toBe('Running');
    await view.close();
  });

  it('tells at its end whether the answer is right, and stays at what was chosen', async () => {
    const view = await openRun();
    for (const text of TEXTS) await view.host.call('turn', spoken(text));
    await view.chooseTurn(2);
    await view.host.call('run', { state: 'ended' });
    const ended = { ...view.host.state(), shown: shown(MAZE, { run: { state: 'ended' }, correct: true }) };
    await view.host.call('show', ended);
    await expect.poll(() => view.byId('verdict').innerText()).toBe('Right');
    expect(await view.byId('stage').getAttribute('data-image')).toBe('3');
    expect(await view.byId('run-state').count()).toBe(0);
    await view.close();
  });

  it('is stopped, run again with either seed, saved, copied and exported by buttons', async () => {
    const view = await openRun();
    await view.byId('stop').click();
    await view.host.call('show', { ...view.host.state(), shown: shown(MAZE, { run: { state: 'ended' } }) });
    const notices = () => view.byId('notices').innerText();
    await view.byId('again').waitFor();
    await expect.poll(notices).toBe('');
    for (const [menu, item, said] of [
      ['again', 'With the Same Seed', 'The run is in a view of its own.'],
      ['export', 'Copy as JSON', 'Copied as JSON.'],
      ['again', 'With a New Seed', 'The run is in a view of its own.'],
      ['export', 'Copy as Markdown', 'Copied as Markdown.'],
    ] as const) {
      await view.byId(menu).click();
      await view.page.getByRole('menuitem', { name: item }).click();
      await expect.poll(notices).toBe(said);
    }
    await view.byId('export').click();
    await view.page.getByRole('menuitem', { name: 'Export Images…' }).click();
    await expect.poll(() => view.host.asked).toContain('exportImages {}');
    await expect.poll(notices).toBe('');
    await view.byId('save').click();
    await expect.poll(() => view.byId('notices').innerText()).toBe('Saved to /traces/saved.traces.jsonl.');
    expect(view.host.asked.filter((asked) => !/^(ready|image)/.test(asked))).toEqual([
      'stop {}',
      'again {"seed":"same"}',
      'copy {"as":"json"}',
      'again {"seed":"new"}',
      'copy {"as":"markdown"}',
      'exportImages {}',
      'save {}',
    ]);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('shows why something cannot be done in the view itself, until that is dismissed', async () => {
    const stop = () => {
      throw new Error('The engine does not answer; see the log.');
    };
    const view = await openRun({ handlers: { stop } });
    await view.byId('stop').click();
    const alert = view.page.getByRole('alert');
    await expect.poll(() => alert.innerText()).toBe('The engine does not answer; see the log.');
    await view.page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => alert.count()).toBe(0);
    await view.close();
  });

  it('is not offered again where no model may be run, and says why', async () => {
    const view = await openRun({
      traces: [shown(MAZE, { run: { state: 'ended' } })],
      abilities: { cannotRun: 'This folder is not trusted.', save: true, locate: false },
    });
    await expect.poll(() => view.byId('notices').innerText()).toBe('This folder is not trusted.');
    expect(await view.byId('again').getAttribute('disabled')).not.toBe(null);
    await view.close();
  });

  it('that failed offers the log', async () => {
    const failed = { ...GOING, finish: 'failed' as const, error: 'The engine ended: out of memory.' };
    const view = await openRun({ traces: [shown(failed, { run: { state: 'ended' } })] });
    await expect.poll(() => view.byId('notices').innerText()).toContain('The engine ended: out of memory.');
    await view.page.getByRole('button', { name: 'Show Log' }).click();
    await expect.poll(() => view.host.asked).toContain('showLog {}');
    await view.close();
  });

  it('that failed of its image says why once', async () => {
    const images = [{ path: 'gone.png', model: null, file: null }];
    const failed = { ...GOING, images, finish: 'failed' as const, error: 'gone.png is not there.' };
    const view = await openRun({ traces: [shown(failed, { run: { state: 'ended' } })] });
    await expect.poll(() => view.byId('notices').innerText()).toContain('gone.png is not there.');
    const stage = view.byId('stage-notices').getByText('This image cannot be shown');
    await expect.poll(() => stage.innerText()).toBe('This image cannot be shown.');
    await view.close();
  });
});
