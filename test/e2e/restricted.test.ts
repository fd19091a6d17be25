import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { engines } from './harness/engine-child';
import { useSession } from './harness/session';
import { MAZE, SCENE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';
import { sceneTrace } from './traces';

const FILE = 'scenes.traces.jsonl';
const LINE = `${writeTrace(sceneTrace('scene'))}\n`;

const session = useSession({
  files: {
    'maze.png': MAZE,
    'scene.png': SCENE,
    [FILE]: LINE,
    'questions.jsonl': { copyOf: 'media/samples/questions.jsonl' },
    // What a folder that nobody trusts would like to have run.
    '.vscode/settings.json': JSON.stringify({
      'vilasr.model.source': 'server',
      'vilasr.server.url': 'http://evil.test',
    }),
  },
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  },
});

it('in Restricted Mode no model is run, and the reason is said', async () => {
  const { workbench, probe } = session();
  await workbench.explorer.rightClick('maze.png').then((menu) => menu.choose('Ask About Image…'));
  await workbench.notifications.withText('No model is run in Restricted Mode').waitFor();
  expect(engines(await probe.pid())).toEqual([]);
});

it('nor is anything sampled', async () => {
  const { workbench } = session();
  await workbench.run('Notifications: Clear All Notifications');
  await workbench.explorer.rightClick('questions.jsonl').then((menu) => menu.choose('Sample Candidates…'));
  await workbench.notifications.withText('No model is run in Restricted Mode').waitFor();
  expect(await workbench.quickInput.isShown()).toBe(false);
});

it('nor is anything measured', async () => {
  const { workbench, probe } = session();
  await workbench.run('Notifications: Clear All Notifications');
  await workbench.run('ViLaSR: Benchmark This Machine');
  await workbench.notifications.withText('No model is run in Restricted Mode').waitFor();
  expect(engines(await probe.pid())).toEqual([]);
});

it('traces are shown all the same, with their images', async () => {
  const { explorer, view } = session().workbench;
  await explorer.openFile(FILE);
  await view.chooseTurn(2);
  await view.waitForImage(3);
  await view.waitForShapes(2);
  expect(await view.picturePixels()).toEqual([140, 140]);
  expect(await view.byId('notices').innerText()).toContain('Restricted Mode');
});

it('and what was done to them can be looked at', async () => {
  const { view } = session().workbench;
  await view.byId('toggle-history').click();
  await view.byId('history-detail').waitFor();
  expect(await view.find('#history .entry-label').allInnerTexts()).toEqual(['Original']);
  await view.byRole('button', 'Close History').click();
});

it('a trace can be edited and judged, which is kept beside the file', async () => {
  const { workbench, page, folder } = session();
  const { view } = workbench;
  await view.byId('stage').focus();
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => view.turn(2).innerText()).toContain('[60, 87, 82, 109]');
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await page.keyboard.press('a');
  await expect.poll(() => view.byId('judged').innerText()).toMatch(/^Approved/);
  const events = readFileSync(join(folder, `${FILE}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(events.map((line) => JSON.parse(line)).map(({ type, verdict }) => verdict ?? type)).toEqual([
    'edit',
    'approved',
  ]);
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(LINE);
});

it("the folder's settings do not say which model is chosen", async () => {
  expect(await session().workbench.modelState.innerText()).toContain('Bundled model');
});

it('once the folder is trusted, the model runs', async () => {
  const { workbench, page, probe } = session();
  await workbench.notifications.press('No model is run in Restricted Mode', 'Manage Workspace Trust');
  await page.locator('.workspace-trust-editor').getByText('Trust', { exact: true }).click();
  await page.locator('.monaco-modal-editor-block .codicon-close').first().click();
  await expect.poll(() => workbench.modelState.innerText()).toContain('evil.test');
  // Trusting the folder means trusting its settings; the user's own choice is made anew.
  await probe.configureWorkspace('vilasr.model.source', undefined);
  await expect.poll(() => workbench.modelState.innerText()).toContain('Bundled model');
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
});
