import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Line } from '../../src/trace/drawing';
import type { Rgb } from '../../src/trace/geometry';
import { traceLineage } from '../../src/trace/lineage';
import { END_COLOUR, LINE_COLOUR, START_COLOUR } from '../../src/trace/paint-rules';
import { readTrace } from '../../src/trace/trace-line';
import { copiedTrace } from './harness/copied-trace';
import { engineOf } from './harness/engine-child';
import { mappedFiles } from './harness/processes';
import { reportGaps } from './harness/report';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';

// What computes is tried first, as it is for users.
const session = useSession({
  files: { 'maze.png': MAZE },
  settings: { 'vilasr.model.provider': 'auto' },
});

const opaque = (colour: Rgb) => [...colour, 255];
const RED = opaque(START_COLOUR);
const BLACK = opaque(LINE_COLOUR);
const BLUE = opaque(END_COLOUR);

it('a question about an image of the explorer is answered turn by turn, and the host stays responsive', async () => {
  const { workbench, probe } = session();
  const { view } = workbench;
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
  const gaps = await probe.gapsDuring(async () => {
    await view.turn(1).waitFor();
    await view.waitForEnd();
  });
  reportGaps('during a run', gaps);
  expect(await view.byId('question').innerText()).toContain(MAZE_QUESTION.text);
  expect(await view.turn(1).innerText()).toContain('Path Tracer');
  expect(await view.byId('verdict').innerText()).toBe('Right');
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/Bundled model · cpu · idle/);
});

it('what the model drew lies on the stage where the model sees it', async () => {
  const { view } = session().workbench;
  const trace = await copiedTrace(session());
  const { images } = traceLineage(1, trace.turns.slice(0, -1));
  expect(images.length).toBe(trace.turns.length);
  await view.byId('toggle-labels').click();
  // One CSS pixel for one of model space.
  await view.byId('zoom').click();
  for (const [i, { number, canvas }] of images.entries()) {
    if (i > 0) await view.chooseTurn(i);
    else await view.choosePicture(1);
    await view.waitForImage(number);
    await view.waitForShapes(canvas.lines.length);
    expect(await view.picturePixels()).toEqual([112, 112]);
    // Each line begins where the one before ends, so that only the last end is not covered.
    for (const [place, line] of canvas.lines.entries()) {
      const [start, stroke, end] = await view.canvasPixels(placesOf(line));
      expect([start, stroke]).toEqual([RED, BLACK]);
      if (place === canvas.lines.length - 1) expect(end).toEqual(BLUE);
    }
  }
  await view.byId('toggle-labels').click();
});

it('no native code is loaded in the host, also after a run', async () => {
  const { probe } = session();
  const host = await probe.pid();
  const isOurs = (path: string) => /onnxruntime|sharp|libvips/.test(path);
  expect(mappedFiles(host).filter(isOurs)).toEqual([]);
  expect(mappedFiles(await engineOf(host)).filter(isOurs)).not.toEqual([]);
});

it('the run can be saved to a trace file, which opens in the same view', async () => {
  const { workbench, folder } = session();
  const { view, quickInput } = workbench;
  const trace = await copiedTrace(session());
  await view.byId('save').click();
  await quickInput.waitUntilShown('Append to Trace File');
  await quickInput.choose('New Trace File…');
  await quickInput.waitForText(/runs\.traces\.jsonl$/);
  const file = join(folder, 'saved.traces.jsonl');
  await quickInput.type(file);
  await quickInput.accept();
  await expect.poll(() => view.byId('notices').innerText()).toBe(`Saved to ${file}.`);
  const saved = readTrace(readFileSync(file, 'utf8').trimEnd());
  expect(saved.findings).toEqual([]);
  // Paths in a trace file start from its folder.
  expect(saved.trace).toEqual({
    ...trace,
    images: trace.images.map((image) => ({ ...image, path: 'maze.png' })),
  });
  await workbench.explorer.openFile('saved.traces.jsonl');
  await expect.poll(() => view.find('h1').innerText()).toBe('saved.traces.jsonl');
  await view.waitForImage(2);
  await view.waitForShapes(1);
  expect(await view.byId('verdict').innerText()).toBe('Right');
});

it('the trace can be copied as Markdown, and its images exported as the model saw them', async () => {
  const { workbench, probe, folder } = session();
  const { view, quickInput } = workbench;
  await view.choose('export', 'Copy as Markdown');
  await expect.poll(() => view.byId('notices').innerText()).toBe('Copied as Markdown.');
  expect(await probe.clipboard()).toContain(MAZE_QUESTION.text);
  await view.choose('export', 'Export Images…');
  await quickInput.typeFolder(folder);
  await quickInput.confirm('Export Images Here');
  await expect.poll(() => view.byId('notices').innerText()).toContain('The images are in');
  const { id, turns } = await copiedTrace(session());
  const names = turns.map((_, i) => `image-${i + 1}.png`);
  expect(readdirSync(join(folder, id))).toEqual(names);
});

it('the run is among the recent ones, opens again from there, and is gone when it is deleted', async () => {
  const { workbench } = session();
  const { runs, view } = workbench;
  await runs.open();
  await expect.poll(() => runs.rows.count()).toBe(1);
  expect(await runs.rows.first().getAttribute('aria-label')).toMatch(/, right, bundled/);
  await runs.rows.first().click();
  await expect.poll(() => view.find('h1').innerText()).toBe('maze.png');
  await runs.rows.first().hover();
  await runs.rows.first().locator('[aria-label^="Delete Run"]').click();
  await expect.poll(() => runs.rows.count()).toBe(0);
  await runs.welcome.waitFor();
  expect(await workbench.tabs()).not.toContain('maze.png');
});

it('a sample is asked about by the palette, without any file at hand', async () => {
  const { workbench, folder } = session();
  await workbench.run('ViLaSR: Ask About a Sample…');
  await workbench.quickInput.waitUntilShown('Ask About a Sample');
  await workbench.quickInput.choose('green triangle');
  const { view } = workbench;
  await expect.poll(() => view.byId('question').innerText()).toContain('green triangle');
  await view.waitForEnd();
  expect(await view.byId('verdict').innerText()).toBe('Right');
  expect(existsSync(join(folder, 'scene.png'))).toBe(false);
});

/** Of a line: the dot where it starts, its stroke, and the dot where it ends, beside the white ring in that. */
function placesOf(line: Line) {
  const [start, end] = [line.start_point_2d, line.end_point_2d];
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const along = [(end[0] - start[0]) / length, (end[1] - start[1]) / length] as const;
  // A third of the way: the arrow's head is beyond the middle.
  const stroke = [start[0] + (end[0] - start[0]) / 3, start[1] + (end[1] - start[1]) / 3] as const;
  return [start, stroke, [end[0] + along[0] * 3, end[1] + along[1] * 3] as const];
}
