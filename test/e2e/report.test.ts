import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { sha256 } from '../unit/dataset/overlay/edits';
import { said } from '../unit/dataset/report/said';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { sceneTrace } from './traces';

const FILE = 'scenes.traces.jsonl';
const LINES = ['first', 'second', 'third', 'fourth'].map((id) =>
  writeTrace({
    ...sceneTrace(id),
    gold: id === 'third' ? 'a red square' : 'a green triangle',
    source: { dataset: id === 'first' ? 'mazes' : 'scenes' },
  }),
);

/** What somebody else has said of the trace at a place, from 0. */
const theirs = (place: number, number: number, verdict: 'approved' | 'rejected', reason?: string) =>
  said({ ref: { hash: sha256(LINES[place] ?? ''), occurrence: 0 } }, number, 'Bo', verdict, {
    ...(reason !== undefined && { reason }),
  });
const EVENTS = [theirs(0, 1, 'approved'), theirs(1, 2, 'rejected', 'wrong box'), theirs(2, 3, 'approved')];

const session = useSession({
  files: {
    'scene.png': SCENE,
    [FILE]: LINES.map((line) => `${line}\n`).join(''),
    [`${FILE}.edits.jsonl`]: EVENTS.map((event) => `${JSON.stringify(event)}\n`).join(''),
  },
  // Nobody needs to trust a folder to look at its data.
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  },
});

const THEMES = {
  light: ['Default Light Modern', 'rgb(255, 255, 255)'],
  dark: ['Default Dark Modern', 'rgb(31, 31, 31)'],
  contrast: ['Default High Contrast', 'rgb(0, 0, 0)'],
} as const;

/** What an element in the page is asked to do. */
interface Scrollable {
  scrollIntoView(): void;
}

/** All that the report says. */
const report = () => session().workbench.view.find('main').innerText();
const trace = () => session().workbench.view.byId('trace-index').innerText();

it('the bar of a review says how far those agree who judged the same traces', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  await workbench.explorer.openFile(FILE);
  await view.waitForShapes(1);
  await view.byId('stage').focus();
  await page.keyboard.press('a');
  await expect.poll(trace).toBe('1 of 4');
  await expect.poll(() => view.byId('judged').innerText()).toMatch(/^Approved/);
  await view.byRole('button', 'Next Trace').click();
  await expect.poll(trace).toBe('2 of 4');
  await view.byId('stage').focus();
  await page.keyboard.press('a');
  await expect.poll(() => view.byId('judged').innerText()).toMatch(/^Approved/);
  await workbench.run('ViLaSR: Review Traces');
  await expect.poll(() => view.byId('agreement').innerText()).toContain('50 % agreement');
  await photograph(page, 'review-agreement');
});

it('the report is shown, with the numbers of the file', async () => {
  const { workbench } = session();
  await workbench.run('ViLaSR: Show Review Report');
  await expect.poll(report).toContain('judged, 75 %');
  const text = await report();
  expect(text).toContain('1 of 2 pairs of verdicts on the same state of a trace agree, 50 %.');
  expect(text).toContain(userInfo().username);
  expect(await workbench.view.find('svg.plot').count()).toBeGreaterThan(6);
});

it('it follows the verdicts', async () => {
  const { folder } = session();
  const more = theirs(3, 30, 'rejected', 'sloppy drawing');
  writeFileSync(join(folder, `${FILE}.edits.jsonl`), `${JSON.stringify(more)}\n`, { flag: 'a' });
  await expect.poll(report).toContain('judged, 100 %');
  expect(await report()).toContain('sloppy drawing');
});

describe.each(Object.entries(THEMES))('in %s', (name, [theme, background]) => {
  it('it can be looked at', async () => {
    const { workbench, probe, page } = session();
    await probe.configure('workbench.colorTheme', theme);
    await expect.poll(() => workbench.view.background()).toBe(background);
    await photograph(page, `report-${name}`);
    for (const heading of ['Reasons', 'Scores', 'Agreement']) {
      const part = workbench.view.find('section').filter({ has: page.locator('h2', { hasText: heading }) });
      await part.evaluate((element: Scrollable) => element.scrollIntoView());
      await photograph(page, `report-${name}-${heading.toLowerCase()}`);
    }
  });
});

it('it is exported as a table and as a page', async () => {
  const { workbench, folder } = session();
  const { quickInput, notifications } = workbench;
  await workbench.view.find('.actions a').getByText('Export CSV…').click();
  await quickInput.waitForText(/scenes-review\.csv$/);
  await quickInput.confirm('OK');
  await notifications.withText('The report is in scenes-review.csv.').waitFor();
  const rows = readFileSync(join(folder, 'scenes-review.csv'), 'utf8').split('\r\n');
  expect(rows).toHaveLength(6);
  expect(rows[2]).toMatch(/^2,2,second,approved,.*,Bo: rejected,disagree,/);
  await workbench.run('ViLaSR: Export Review Report as HTML…');
  await quickInput.waitForText(/scenes-review\.html$/);
  await quickInput.confirm('OK');
  await notifications.withText('The report is in scenes-review.html.').waitFor();
  const page = readFileSync(join(folder, 'scenes-review.html'), 'utf8');
  expect(page).toContain('judged, 100 %');
  expect(page).not.toContain('command:');
});

it('a disagreement leads to its trace', async () => {
  const { workbench } = session();
  await workbench.view.find('a').getByText('trace 2', { exact: true }).click();
  await expect.poll(trace).toBe('2 of 4');
});
