import { performance } from 'node:perf_hooks';
import { openWorkbench, TraceViewPage, type Workbench } from '../webview/harness/open-view';
import { MAZE, PICTURES, shown, video } from '../webview/harness/traces';

/**
 * Measures the trace view in a real browser: how long a large trace takes to open, how much script a frame costs as the
 * stage is moved, and how soon a shape is there after the last token of its block. Prints a line for each with its bar, and
 * ends with exit code 1 if one is over.
 */
async function main(): Promise<void> {
  const workbench = await openWorkbench();
  try {
    report('opens 45 images and 2,000 shapes', await openLarge(workbench), 1000);
    report('opens 45 images with 2,000 shapes on one of them', await openLarge(workbench, 1), 1000);
    report('script of a pan frame over 2,000 shapes, 95th percentile', await panFrame(workbench), 16);
    report('a shape after the last token of its block, 95th percentile', await shapeDelay(workbench), 100);
  } finally {
    await workbench.close();
  }
}

function report(what: string, milliseconds: number, bar: number): void {
  const verdict = milliseconds <= bar ? 'within' : 'OVER';
  if (milliseconds > bar) process.exitCode = 1;
  console.log(`${what}: ${milliseconds.toFixed(1)} ms (${verdict} ${bar} ms)`);
}

/** Notes in the page, in milliseconds from the navigation on, when shapes were drawn first and a picture was loaded. */
const NOTE_TIMES = `
  globalThis.shapesAt = globalThis.pictureAt = 0;
  new MutationObserver(() => { shapesAt ||= performance.now(); }).observe(document, {
    subtree: true, attributeFilter: ['data-drawn'],
  });
  addEventListener('load', ({ target }) => {
    if (target.dataset?.testid === 'picture') pictureAt ||= performance.now();
  }, { capture: true });
`;

/** From the navigation on until the image and its shapes are there, script and style loaded anew. The median of five. */
async function openLarge(workbench: Workbench, drawnOn = 20): Promise<number> {
  const trace = video(45, drawnOn, 2000 / drawnOn);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const view = await TraceViewPage.open(workbench, {
      pictures: PICTURES,
      traces: [shown(trace)],
      script: NOTE_TIMES,
    });
    await view.waitForShapes(2000 / drawnOn);
    await view.page.waitForSelector('[data-testid=picture]');
    await view.page.evaluate("document.querySelector('[data-testid=picture]').decode()");
    await view.page.waitForTimeout(50);
    // The frame that has both is marked by the page, whenever this test comes to look.
    times.push(await view.page.evaluate<number>('Math.max(shapesAt, pictureAt)'));
    await view.close();
  }
  return percentile(times, 0.5);
}

/** Script and painting by the page itself in each frame of a drag, from a trace of the browser. */
async function panFrame(workbench: Workbench): Promise<number> {
  const view = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [shown(video(1, 1, 2000))],
  });
  await view.waitForShapes(2000);
  const session = await view.page.context().newCDPSession(view.page);
  const slices: Slice[] = [];
  session.on('Tracing.dataCollected', ({ value }) => slices.push(...(value as unknown as Slice[])));
  await session.send('Tracing.start', { categories: 'devtools.timeline', transferMode: 'ReportEvents' });
  const start = await view.pointOf(70, 70);
  await view.page.mouse.move(start.x, start.y);
  await view.page.mouse.down();
  for (let i = 0; i < 120; i++) {
    await view.page.mouse.move(start.x + 60 * Math.sin(i / 10), start.y + 60 * Math.cos(i / 10));
  }
  await view.page.mouse.up();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await view.close();
  const frames = slices.filter(({ name, ph }) => name === 'FireAnimationFrame' && ph === 'X');
  const moves = slices.filter(
    ({ name, ph, args }) => name === 'EventDispatch' && ph === 'X' && args?.data?.type === 'pointermove',
  );
  console.log(
    `  ${frames.length} frames, median ${percentile(frames.map(duration), 0.5).toFixed(1)} ms; ` +
      `a pointer's move ${percentile(moves.map(duration), 0.95).toFixed(1)} ms`,
  );
  return percentile(frames.map(duration), 0.95) + percentile(moves.map(duration), 0.95);
}

interface Slice {
  readonly name: string;
  readonly ph: string;
  /** Microseconds that the thread ran: what else the machine does is not in it. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly type?: string } };
}

const duration = ({ tdur = 0 }: Slice): number => tdur / 1000;

/** From the moment the page has the message to the frame that has the shape, over the turns of a run. */
async function shapeDelay(workbench: Workbench): Promise<number> {
  const going = { ...MAZE, turns: [], finish: null };
  const view = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [shown(going, { run: { state: 'running' } })],
  });
  await view.waitForShapes(0);
  await view.page.evaluate(`(() => {
    globalThis.delays = [];
    let heard = 0;
    addEventListener('message', ({ data }) => {
      if (data.message?.method === 'text' && data.message.params.text === ']') heard = performance.now();
    }, { capture: true });
    new MutationObserver(() => { if (heard) { delays.push(performance.now() - heard); heard = 0; } }).observe(
      document.querySelector('[data-testid=stage]'), { attributeFilter: ['data-drawn'] });
  })()`);
  for (let turn = 1; turn <= 20; turn++) {
    const think = 'I look at the maze and think about each wall. '.repeat(80);
    const block = `\`\`\`json\n[{"index": ${turn}, "bbox_2d": [1, 2, 30, 40], "label": "thing ${turn}"}`;
    const text = `<think> ${think}</think> Action: Object Mapper\n${block}`;
    for (let i = 0; i < text.length; i += 400) await view.host.call('text', { text: text.slice(i, i + 400) });
    await view.host.call('text', { text: ']' });
    await view.waitForShapes(turn);
    await view.host.call('turn', { text: `${text}]\n\`\`\``, finish: 'stop', tokens: 1, seconds: 1 });
  }
  const delays = await view.page.evaluate<number[]>('delays');
  if (delays.length !== 20) throw new Error(`${delays.length} of 20 shapes were noted.`);
  await view.close();
  return percentile(delays, 0.95);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? Number.NaN;
}

const start = performance.now();
await main();
console.log(`done in ${((performance.now() - start) / 1000).toFixed(0)} s`);
