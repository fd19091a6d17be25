import { expect, it } from 'vitest';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

const session = useSession({ files: { 'maze.png': MAZE } });

it('is installed and not started before it is needed', async () => {
  expect(await session().probe.isActive('vilasr.vilasr')).toBe(false);
});

it('offers to ask about an image in the explorer', async () => {
  const menu = await session().workbench.explorer.rightClick('maze.png');
  expect(await menu.labels()).toContain('Ask About Image…');
  await menu.cancel();
});
