/**
 * Sampling from a server: whether the client keeps as many requests with it as it may, and what a turn costs it. The server
 * is a simulated one in a process of its own, which says a token every few milliseconds, however many ask; images are read,
 * drawn and encoded in another one, as they always are. The peer sends the same requests again, as they stand, and does
 * nothing with what is said; what the images cost is measured by doing the same to them again, without a server. Prints ratios, ours to the peer's. Usage: see scripts/bench-sample.mjs.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { readQuestions } from '../../src/dataset/read-questions';
import { openTraceFile } from '../../src/dataset/trace-file';
import { openEndpointEngine } from '../../src/engine/endpoint/endpoint-engine';
import { startPixelService } from '../../src/image/child-pixel-service';
import type { PixelService, PngEncoder, ResizeLimits } from '../../src/image/pixel-service';
import { defaultProfile } from '../../src/reason/default-profile';
import { sampleCandidates } from '../../src/sample/sample-candidates';
import type { Canvas } from '../../src/trace/drawing';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import type { RgbImage } from '../../src/trace/geometry';
import { Bars, median, note, noteLoad } from './bars';

/** Requests that may be with the server at once. */
const AT_ONCE = 8;
const CANDIDATES = 12;
/** Rounds that count. */
const ROUNDS = 5;
/** Drawing turns of each candidate before its answer. */
const DRAWINGS = 3;
/** Tokens of a reply, and milliseconds from one to the next: a quarter of a second a turn, which is a quick server. */
const TOKENS = 50;
const PER_TOKEN = 5;

/** What the server saw: milliseconds of requests with it, all together and in the time that it looked, and how many there were. */
const seenSchema = v.object({ busy: v.number(), time: v.number(), requests: v.number() });

// --- The server

function serve(): void {
  let [now, busy, since, from, requests, total] = [0, 0, 0, 0, 0, 0];
  let seen = { busy: 0, time: 0, requests: 0 };
  /** Looks from the moment on when all places were taken until too few requests are left to take them all. */
  const step = (by: 1 | -1) => {
    const at = performance.now();
    if (from > 0) busy += now * (at - since);
    since = at;
    now += by;
    if (by === 1) requests++;
    if (from === 0 && now === AT_ONCE) from = at;
    if (from > 0 && requests <= total - AT_ONCE * (DRAWINGS + 1)) seen = { busy, time: at - from, requests };
    seen = { ...seen, requests };
  };
  const server = createServer(async (incoming, response) => {
    const body: Uint8Array[] = [];
    for await (const piece of incoming) body.push(piece);
    const answer = (value: unknown): void => void response.end(JSON.stringify(value));
    if (incoming.url?.endsWith('/models')) return answer({ data: [{ id: 'tiny' }] });
    if (incoming.url?.endsWith('/seen')) return answer(seen);
    if (incoming.url?.startsWith('/begin/')) {
      [now, busy, since, from, requests] = [0, 0, 0, 0, 0];
      total = Number(incoming.url.slice('/begin/'.length));
      seen = { busy: 0, time: 0, requests: 0 };
      return answer({});
    }
    step(1);
    await say(response, Buffer.concat(body).toString('latin1').split('"role":"assistant"').length - 1);
    step(-1);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.(address?.port);
  });
}

async function say(response: ServerResponse, turn: number): Promise<void> {
  const box = [10 + turn, 20, 90 + turn, 110] as const;
  const text =
    turn < DRAWINGS
      ? formatDrawingTurn('I look at it once more.', [{ index: turn + 1, bbox_2d: [...box], label: 'thing' }])
      : formatAnswerTurn('So it is.', 'A');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (data: unknown) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  const size = Math.ceil(text.length / TOKENS);
  const began = performance.now();
  for (let token = 0; token < TOKENS; token++) {
    await sleep(Math.max(0, began + (token + 1) * PER_TOKEN - performance.now()));
    event({ choices: [{ index: 0, delta: { content: text.slice(token * size, (token + 1) * size) } }] });
  }
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  event({ choices: [], usage: { completion_tokens: TOKENS } });
  response.end('data: [DONE]\n\n');
}

// --- The client

/** What a client came to. */
interface Figures {
  /** Share of the time in which a place with the server was free. */
  readonly idle: number;
  /** Milliseconds of its processor for a turn. */
  readonly perTurn: number;
  readonly seconds: number;
}

/** What is measured turn about, so that a machine that is slower for a while is so for all. `images`: milliseconds a turn. */
interface Round {
  readonly ours: Figures;
  readonly peer: Figures;
  readonly images: number;
}

async function measure(url: string, turns: number, work: () => Promise<void>): Promise<Figures> {
  await (await fetch(`${url}/begin/${turns}`)).text();
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  const seen = v.parse(seenSchema, await (await fetch(`${url}/seen`)).json());
  if (seen.requests !== turns) throw new Error(`There were ${seen.requests} requests in place of ${turns}.`);
  return { idle: 1 - seen.busy / (AT_ONCE * seen.time), perTurn: (user + system) / 1000 / turns, seconds };
}

/** Sends bodies as they stand, so many at once. */
async function sendAgain(url: string, bodies: readonly Uint8Array[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const waiting = bodies.values();
  const work = async () => {
    for (const body of waiting) {
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST', agent, headers });
      outgoing.end(body);
      const [response] = await once(outgoing, 'response');
      for await (const piece of response) void piece;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  agent.destroy();
}

/** Passes images on to the process that works on them, and keeps what was asked of it. */
class ImageWork implements PixelService, PngEncoder {
  private done: (() => Promise<unknown>)[] = [];

  constructor(private readonly inner: PixelService & PngEncoder) {}

  load(path: string, limits: ResizeLimits) {
    return this.note(() => this.inner.load(path, limits));
  }

  paint(image: RgbImage, canvas: Canvas) {
    return this.note(() => this.inner.paint(image, canvas));
  }

  encodePng(image: RgbImage) {
    return this.note(() => this.inner.encodePng(image));
  }

  savePng(image: RgbImage, path: string) {
    return this.note(() => this.inner.savePng(image, path));
  }

  close() {
    return this.inner.close();
  }

  forget(): void {
    this.done = [];
  }

  /** All of it once more, and nothing else. Milliseconds of this process's processor. */
  async again(): Promise<number> {
    const before = process.cpuUsage();
    for (const work of this.done) await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  private note<T>(work: () => Promise<T>): Promise<T> {
    this.done.push(work);
    return work();
  }
}

async function compare(questionFile: string, url: string, folder: string): Promise<void> {
  const questions = await readQuestions(questionFile, folder);
  const turns = questions.length * CANDIDATES * (DRAWINGS + 1);
  const pixels = new ImageWork(startPixelService(process.env.VILASR_PIXELS ?? ''));
  const sample = async (name: string) => {
    const engine = await openEndpointEngine({
      ...{ url, model: 'tiny', key: null, concurrency: AT_ONCE, advice: { key: '', model: '', images: '' } },
      encodePng: (image) => pixels.encodePng(image),
    });
    const file = await openTraceFile(join(folder, name));
    await sampleCandidates(questions, file, {
      ...{ questionFile, engine, pixels, parallel: AT_ONCE, profile: defaultProfile },
      plan: { candidates: CANDIDATES, sampling: { temperature: 1, topP: 1, seed: 5 } },
      limitsOf: () => ({
        maxTurns: 20,
        maxImages: 45,
        maxTokens: 256,
        minPixels: 3136,
        maxPixels: 448 * 784,
      }),
      signal: new AbortController().signal,
      onCandidate: ({ error }) => {
        if (error !== null) throw new Error(error);
      },
    });
    await file.close();
    await engine.close();
  };
  // As large as what is sent: a picture to begin with, and one more for each drawing.
  const bodies = Array.from({ length: turns }, (_, i) => bodyLike(i % (DRAWINGS + 1)));
  const rounds: Round[] = [];
  try {
    noteLoad();
    for (let round = 0; round <= ROUNDS; round++) {
      pixels.forget();
      const ours = await measure(url, turns, () => sample(`${round}.traces.jsonl`));
      const images = (await pixels.again()) / turns;
      const peer = await measure(url, turns, () => sendAgain(url, bodies));
      // The first warms up both.
      if (round > 0) rounds.push({ ours, peer, images });
    }
  } finally {
    await pixels.close();
  }
  report(turns, rounds);
}

/** Medians over the rounds. */
function report(turns: number, rounds: readonly Round[]): void {
  const bars = new Bars();
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure));
  note('turns of a round', turns, '');
  bars.most('places with the server that were free', middle(({ ours }) => ours.idle) * 100, 5, ' %');
  note('of the peer', middle(({ peer }) => peer.idle) * 100, ' %');
  note(
    'time to the peer’s',
    middle(({ ours, peer }) => ours.seconds / peer.seconds),
    ' times',
  );
  note(
    'processor for a turn',
    middle(({ ours }) => ours.perTurn),
    ' ms',
  );
  note(
    'of the peer',
    middle(({ peer }) => peer.perTurn),
    ' ms',
  );
  note(
    'processor to the peer’s',
    middle(({ ours, peer }) => ours.perTurn / peer.perTurn),
    ' times',
  );
  note(
    'for the images of a turn alone',
    middle(({ images }) => images),
    ' ms',
  );
  const added = ({ ours, peer, images }: Round): number => ours.perTurn - peer.perTurn - images;
  for (const round of rounds) note('  a round', added(round), ' ms');
  bars.most('processor that a turn adds to that of the peer and of the images', middle(added), 2, ' ms');
  if (bars.missed.length > 0) process.exitCode = 1;
}

/** A request whose conversation has so many replies. */
function bodyLike(replies: number): Uint8Array {
  const picture = 'A'.repeat(Number(process.env.VILASR_PICTURE_BYTES ?? 4000));
  const said = '"role":"assistant"'.concat(' ');
  return Buffer.from(JSON.stringify({ seed: 0, text: picture.repeat(replies + 1) }) + said.repeat(replies));
}

if (process.argv[2] === 'server') serve();
else {
  const server = fork(process.argv[1] ?? '', ['server']);
  const folder = await mkdtemp(join(tmpdir(), 'vilasr-bench-'));
  try {
    const [port] = await once(server, 'message');
    await compare(process.argv[2] ?? '', `http://127.0.0.1:${port}`, folder);
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
