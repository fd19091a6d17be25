import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';

type Request =
  | { readonly op: 'prefill' | 'decode'; readonly tokens: number }
  | { readonly op: 'image'; readonly width: number; readonly height: number }
  | { readonly op: 'memory' };

const answer = v.object({ seconds: v.optional(v.number()), anonymous: v.optional(v.number()) });

/** PyTorch and transformers with a checkpoint loaded, idle between two requests. */
export class Peer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** `python` is an interpreter that has torch and transformers. */
  static async start(python: string, checkpoint: string, threads: number): Promise<Peer> {
    const script = join(process.cwd(), 'test', 'bench', 'torch_peer.py');
    const child = spawn(python, [script, checkpoint, String(threads)], { stdio: ['pipe', 'pipe', 'ignore'] });
    const peer = new Peer(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    await peer.line();
    return peer;
  }

  /** Seconds that it took. */
  async time(request: Exclude<Request, { op: 'memory' }>): Promise<number> {
    return (await this.ask(request)).seconds ?? Number.NaN;
  }

  /** Bytes of anonymous memory that it holds now. */
  async memory(): Promise<number> {
    return (await this.ask({ op: 'memory' })).anonymous ?? Number.NaN;
  }

  stop(): void {
    this.process.kill();
  }

  private async ask(request: Request): Promise<v.InferOutput<typeof answer>> {
    this.process.stdin?.write(`${JSON.stringify(request)}\n`);
    return v.parse(answer, JSON.parse(await this.line()));
  }

  private async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('The PyTorch peer ended; run test/bench/torch_peer.py by hand to see why.');
    return value;
  }
}
