import { describe, expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { MAZE, SCENE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';
import { sceneTrace } from './traces';

const session = useSession({
  files: {
    'maze.png': MAZE,
    'scene.png': SCENE,
    'scenes.traces.jsonl': `${writeTrace(sceneTrace('scene'))}\n`,
  },
});

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

/** What the themes paint behind an editor, by which one can tell that a theme is on. */
const BACKGROUNDS = { light: 'rgb(255, 255, 255)', dark: 'rgb(31, 31, 31)', contrast: 'rgb(0, 0, 0)' };

it('a run and a trace file are open', async () => {
  const { workbench } = session();
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
  await workbench.view.waitForEnd();
  await workbench.runs.open();
  await expect.poll(() => workbench.runs.rows.count()).toBe(1);
});

describe.each(Object.entries(THEMES) as [keyof typeof THEMES, string][])('in %s', (name, theme) => {
  it('a run can be looked at', async () => {
    const { workbench, probe, page } = session();
    const { view, runs } = workbench;
    await probe.configure('workbench.colorTheme', theme);
    await runs.open();
    await runs.rows.first().click();
    await view.chooseTurn(3);
    await view.waitForImage(4);
    await expect.poll(() => view.background()).toBe(BACKGROUNDS[name]);
    await photograph(page, `run-${name}`);
  });

  it('a trace file can be looked at, with a shape that is pointed at', async () => {
    const { workbench, page } = session();
    const { view } = workbench;
    await workbench.showExplorer();
    await workbench.explorer.openFile('scenes.traces.jsonl');
    await view.chooseTurn(2);
    await view.waitForImage(3);
    await view.find('.shape-row').first().hover();
    await photograph(page, `traces-${name}`);
  });

  it('a question can be put', async () => {
    const { workbench, page } = session();
    await workbench.askAbout('scene.png');
    await workbench.quickInput.waitUntilShown(/^Ask About/);
    await photograph(page, `ask-${name}`);
    await workbench.quickInput.cancel();
  });

  it('the walkthrough can be read', async () => {
    const { workbench, probe, page } = session();
    await probe.execute('workbench.action.openWalkthrough', 'vilasr.vilasr#start');
    await page.getByText('Watch a Model Reason by Drawing').first().waitFor();
    await photograph(page, `walkthrough-${name}`);
    await workbench.closeEditor();
  });
});
