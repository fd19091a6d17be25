import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long it may take to import PyTorch and load the model, in milliseconds. */
const START = 180_000;

/** So small a model is fastest on one core; nothing is fetched. */
const ALONE = { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };

/** Starts `transformers serve` with the model in `dir` in fp32 on the CPU; resolves when it answers. */
export async function startTransformersServe(
  python: string,
  dir: string,
  cache: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const child = spawn(
    python,
    [
      ...['-m', 'transformers.cli.transformers', 'serve', dir],
      ...['--device', 'cpu', '--dtype', 'float32', '--host', '127.0.0.1', '--port', String(port)],
    ],
    { env: { ...process.env, ...ALONE, HF_HOME: join(cache, 'hugging-face') }, stdio: 'pipe' },
  );
  process.on('exit', () => child.kill('SIGKILL'));
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  }
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const stop = () => {
    child.kill('SIGKILL');
    return ended;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const from = Date.now(); ; await sleep(200)) {
    if (child.exitCode !== null) throw new Error(`transformers serve ended: ${said}`);
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return { url, stop };
    if (Date.now() - from > START) {
      await stop();
      throw new Error(`transformers serve does not answer after ${START / 1000} s: ${said}`);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
