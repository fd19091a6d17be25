import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { chatServer, json, plain, say, saySlowly } from '../../helpers/chat-server';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { readTraces, startVilasr, vilasr } from '../../helpers/vilasr';

const maze = join(import.meta.dirname, '..', '..', '..', 'media', 'samples', 'maze.png');
const DRAW = formatDrawingTurn('I look.', [{ index: 1, bbox_2d: [1, 2, 30, 40], label: 'a' }]);
const ANSWER = formatAnswerTurn('So C.', 'C');
const ASK = ['run', maze, '--question', 'Where does the path end?', '--type', 'multiple-choice'];

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('vilasr run with a server', () => {
  it('prints the same as with a folder, and leaves a trace that names its model', async () => {
    const server = await chatServer([say(DRAW), say(ANSWER)]);
    const out = join(folder, 'run.traces.jsonl');
    const run = await vilasr([...ASK, '--model', server.url, '--out', out]);
    expect(run).toEqual({
      exitCode: 0,
      stdout: `${DRAW}\n\n[image 2: image 1 with 1 box]\n\n${ANSWER}\n\nAnswer: C\n`,
      stderr: '',
    });
    expect(readTraces(out)).toMatchObject([
      {
        answer: 'C',
        finish: 'stop',
        turns: [{ text: DRAW, images: [2] }, { text: ANSWER }],
        run: { model: 'tiny', hash: null, provider: 'endpoint', weights: null },
      },
    ]);
    // The second request shows the image that was drawn on, too.
    const images = server.requests.map(({ body }) => JSON.stringify(body).split('data:image/png').length - 1);
    expect(images).toEqual([1, 2]);
  });

  it('takes the key from the environment, the name of the model from its option, and the limits from theirs', async () => {
    const server = await chatServer([say(ANSWER)], { models: plain(404, '') });
    const options = [
      '--served-model',
      'ViLaSR-7B',
      '--max-tokens',
      '40',
      '--temperature',
      '0.5',
      '--seed',
      '3',
    ];
    const { exitCode } = await vilasr([...ASK, '--model', server.url, ...options], {
      env: { VILASR_API_KEY: 'secret' },
    });
    expect(exitCode).toBe(0);
    expect(server.requests[0]).toMatchObject({
      headers: { authorization: 'Bearer secret' },
      body: { model: 'ViLaSR-7B', max_tokens: 40, temperature: 0.5, seed: 3 },
    });
  });

  it('says with exit code 2 that the server wants a key, and how to give it', async () => {
    const server = await chatServer([], { models: json({ error: 'Unauthorized' }, 401) });
    expect(await vilasr([...ASK, '--model', server.url])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `vilasr: ${server.host} wants a key (401: Unauthorized). Put the right one into the environment variable VILASR_API_KEY.\n`,
    });
  });

  it('says with exit code 3 that no server is there', async () => {
    const server = await chatServer([]);
    await server.stop();
    const { exitCode, stderr } = await vilasr([...ASK, '--model', server.url]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: `vilasr: No server answers at ${server.host}: the connection was refused. Is it running?\n`,
    });
  });

  it('keeps what was said before the server refused to go on', async () => {
    const refusal = json({ error: { message: 'At most 1 image(s) may be provided in one prompt.' } }, 400);
    const server = await chatServer([say(DRAW), refusal]);
    const { exitCode, stdout, stderr } = await vilasr([...ASK, '--model', server.url, '--json']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('takes fewer images than this conversation has');
    expect(JSON.parse(stdout)).toMatchObject({
      finish: 'failed',
      turns: [
        { text: DRAW, finish: 'stop' },
        { text: '', finish: 'failed', tokens: 0 },
      ],
    });
  });

  it('ends with Ctrl-C in the middle of a word, and keeps what was said', async () => {
    const server = await chatServer([saySlowly(Array.from({ length: 500 }, (_, i) => `${i}`).join(' '), 10)]);
    const running = startVilasr([...ASK, '--model', server.url, '--json']);
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1);
    await running.pause();
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ finish: 'cancelled', turns: [{ finish: 'cancelled' }] });
    await expect.poll(() => server.requests[0]?.left).toBe(true);
  });
});

it('vilasr eval with a server scores its model, and counts a question that the server refuses twice as not answered', async () => {
  const data = join(folder, 'mazes');
  await vilasr(['synth', 'maze', '--count', '2', '--seed', '5', '--out', data]);
  const questions = join(data, 'questions.jsonl');
  const [gold] = (await readFile(questions, 'utf8'))
    .split('\n')
    .map((line) => JSON.parse(line || '{}').answer);
  const refusal = plain(400, 'Out of order.');
  const server = await chatServer([say(formatAnswerTurn('So.', gold)), refusal, refusal]);
  const out = join(data, 'out.traces.jsonl');
  const { exitCode, stdout, stderr } = await vilasr([
    ...['eval', questions, '--model', server.url, '--out', out, '--json'],
  ]);
  expect(stderr).toContain(`${server.host} refuses the request (400: Out of order).`);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ questions: 2, accuracy: 0.5 });
  expect(readTraces(out).map(({ finish }) => finish)).toEqual(['stop', 'failed']);
  expect(server.requests).toHaveLength(3);
});
