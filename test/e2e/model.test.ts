import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatAnswerTurn } from '../../src/trace/format-turn';
import { chatServer, json, say } from '../helpers/chat-server';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';
import { MAZE_QUESTION } from './samples';

const session = useSession({
  files: {
    'maze.png': MAZE,
    'empty/readme.txt': 'There is no checkpoint here.',
    'my-model': { copyOf: 'media/model' },
  },
});

it('a folder that holds no checkpoint is refused with what it lacks', async () => {
  const { workbench, folder } = session();
  await chooseFolder(join(folder, 'empty'));
  await workbench.notifications.withText('config.json').waitFor();
  expect(await workbench.modelState.innerText()).toContain('Bundled model');
});

it('a checkpoint folder is imported and answers from then on', async () => {
  const { workbench, folder } = session();
  await chooseFolder(join(folder, 'my-model'));
  await workbench.quickInput.waitUntilShown('How to Hold the Weights of my-model');
  const labels = ['What memory allows', 'fp32', 'fp16', 'int8', 'int4'];
  expect(await workbench.quickInput.labels()).toEqual(expect.arrayContaining(labels));
  await workbench.quickInput.accept();
  await expect.poll(() => workbench.modelState.innerText()).toMatch(/my-model · cpu · idle/);
  await ask();
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  expect(await workbench.view.byId('question').innerText()).toContain('my-model · cpu · fp32');
});

it('a server is asked with the key that was typed, which is in no setting', async () => {
  const { workbench, probe } = session();
  const server = await chatServer([say(formatAnswerTurn('It goes to C.', 'C'))]);
  await chooseServer(`${server.url}/v1`, 'sesame');
  await expect.poll(() => workbench.modelState.innerText()).toContain(server.host);
  await ask();
  // The view of the answer before may still be there.
  await expect.poll(() => server.requests.at(-1)?.headers.authorization).toBe('Bearer sesame');
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  expect(JSON.stringify(await probe.settings('vilasr'))).not.toContain('sesame');
});

it('a server that refuses the key is quoted', async () => {
  const { workbench } = session();
  const refusal = { error: { message: 'Incorrect API key provided.' } };
  const server = await chatServer([json(refusal, 401)], { models: json(refusal, 401) });
  await chooseServer(`${server.url}/v1`, 'wrong');
  await workbench.notifications.withText('Incorrect API key provided').waitFor();
});

it('a server that refuses to answer without a key is asked with the one that is then given', async () => {
  const { workbench } = session();
  const tell = say(formatAnswerTurn('It goes to C.', 'C'));
  const refuse = json({ error: { message: 'You did not provide a key.' } }, 401);
  const server = await chatServer([
    (response, request) =>
      (request.headers.authorization === 'Bearer sesame' ? tell : refuse)(response, request),
  ]);
  await chooseServer(`${server.url}/v1`, '');
  await expect.poll(() => workbench.modelState.innerText()).toContain(server.host);
  await ask();
  await expect.poll(() => workbench.view.byId('notices').innerText()).toMatch(/wants a key/);
  await chooseServer(`${server.url}/v1`, 'sesame');
  await workbench.run('ViLaSR: Run Again');
  await expect.poll(() => workbench.view.byId('verdict').allInnerTexts()).toEqual(['Right']);
  expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer sesame');
});

async function chooseSource(source: string): Promise<void> {
  const { workbench } = session();
  await workbench.run('ViLaSR: Select Model…');
  await workbench.quickInput.waitUntilShown('Select Model');
  await workbench.quickInput.choose(source);
}

async function chooseFolder(path: string): Promise<void> {
  const { quickInput } = session().workbench;
  await chooseSource('Checkpoint folder…');
  await quickInput.typeFolder(path);
  await quickInput.confirm('Use This Checkpoint');
}

async function chooseServer(url: string, key: string): Promise<void> {
  const { quickInput } = session().workbench;
  await chooseSource('Server…');
  for (const [step, text] of [
    ['Address of the server', url],
    ['Name of the model', ''],
    ['Key', key],
  ] as const) {
    await quickInput.waitForMessage(step);
    await quickInput.type(text);
    await quickInput.accept();
  }
  await quickInput.waitUntilHidden();
}

async function ask(): Promise<void> {
  const { workbench } = session();
  await workbench.askAbout('maze.png');
  await workbench.putQuestion(MAZE_QUESTION.text, 'Multiple choice');
}
