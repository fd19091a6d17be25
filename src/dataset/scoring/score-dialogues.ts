import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { type LinePiece, linePieces } from '../lines-of';
import { type PieceRow, scorePiece } from './score-piece';

/** What a thread is given: see `LinePiece` and `ReflectionOptions`. */
export const pieceOrderSchema = v.object({
  line: v.number(),
  bytes: v.instance(Uint8Array),
  minShift: v.number(),
});

/** What it answers. The rows of thousands of lines are not looked at one by one: they come from this very program. */
const answerSchema = v.object({ rows: v.custom<readonly PieceRow[]>(Array.isArray) });
export type ScoredPiece = v.InferOutput<typeof answerSchema>;

/** More threads than this wait for the one that writes. */
const MOST_THREADS = 4;

export interface ScoringOptions {
  /** See `ReflectionOptions`. */
  readonly minShift: number;
  /** `score-worker.js` of the build. */
  readonly entry: string;
}

/**
 * Scores a file of dialogues, some lines at a time, in their order, each line by itself. A file of one piece is scored here, a
 * longer one in threads, one for each processor, which hold two pieces each at most. Throws `DataError` if the file cannot be
 * read.
 */
export async function* scoreDialogues(
  path: string,
  { minShift, entry }: ScoringOptions,
): AsyncGenerator<readonly PieceRow[]> {
  const most = Math.min(availableParallelism(), MOST_THREADS);
  const threads: ScoringThread[] = [];
  const asked: Promise<readonly PieceRow[]>[] = [];
  let turn = 0;
  const ask = (piece: LinePiece) => {
    const thread = threads[turn] ?? new ScoringThread(entry);
    threads[turn] = thread;
    turn = (turn + 1) % most;
    const rows = thread.score(piece, minShift);
    // Who waits for them below is told that they failed; until somebody does, it is no failure of this program.
    rows.catch(() => undefined);
    asked.push(rows);
  };
  try {
    let held: LinePiece | null = null;
    for await (const piece of linePieces(path)) {
      if (held !== null) ask(held);
      held = piece;
      const [next] = asked;
      if (next === undefined || asked.length < 2 * most) continue;
      yield await next;
      asked.shift();
    }
    if (held !== null && threads.length === 0) yield scorePiece(held, { minShift });
    else if (held !== null) ask(held);
    for (const rows of asked) yield await rows;
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** A thread that scores pieces one after the other. */
class ScoringThread {
  private readonly worker: Worker;
  private readonly asked: Asked[] = [];

  constructor(entry: string) {
    this.worker = new Worker(entry);
    this.worker.on('message', (message: unknown) => {
      this.asked.shift()?.resolve(v.parse(answerSchema, message).rows);
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('A thread that scores ended.')));
  }

  score({ line, bytes }: LinePiece, minShift: number): Promise<readonly PieceRow[]> {
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
      // A copy of its own can be handed over.
      const own = new Uint8Array(bytes);
      this.worker.postMessage({ line, bytes: own, minShift }, [own.buffer]);
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: unknown): void {
    for (const { reject } of this.asked.splice(0)) reject(error);
  }
}

interface Asked {
  readonly resolve: (rows: readonly PieceRow[]) => void;
  readonly reject: (error: unknown) => void;
}
