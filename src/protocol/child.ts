import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import * as v from 'valibot';
import { CallError } from './call-error';
import { countSystemOutOfMemory, explainEnding } from './exit-reason';
import { type ToCaller, type ToServer, toCaller } from './messages';

/** How much of the end of stderr is kept for the message about a crash. */
const STDERR_CHARACTERS = 4000;

/** How long the last of stderr may take to arrive after the process has ended. */
const LAST_WORDS_MS = 500;

/** How long a process that closed its channel may take to end by itself. */
const DISCONNECTED_MS = 2000;

/** In how many looks the silence of a child is measured. */
const LOOKS = 5;

export interface ChildOptions {
  /** The program's file. */
  readonly entry: string;
  /** Who it is, for messages: "the pixel process". */
  readonly name: string;
  /** Longest silence, in milliseconds, while somebody waits for it; then it is taken for hung and killed. */
  readonly hangLimit: number;
  /** Options for node itself, before the program. */
  readonly execArgv: readonly string[];
  /** Variables of the environment besides our own. */
  readonly env: Readonly<Record<string, string>>;
  /** Told what it writes to stderr. */
  readonly onStderr: (text: string) => void;
}

/** One life of a child process: from its start to its `onEnd`, which always comes and says why. */
export class Child {
  private readonly process: ChildProcess;
  private readonly outOfMemoryBefore = countSystemOutOfMemory();
  private stderr = '';
  private memory = 0;
  private silentLooks = 0;
  private watch: NodeJS.Timeout | undefined;
  /** Why we killed it, if we did. */
  private verdict: CallError | undefined;
  private ended = false;

  constructor(
    private readonly options: ChildOptions,
    private readonly onMessage: (message: ToCaller) => void,
    private readonly onEnd: (reason: CallError) => void,
  ) {
    this.process = fork(options.entry, [], {
      execPath: process.execPath,
      execArgv: [...options.execArgv],
      // In VS Code's extension host `execPath` is Electron, which with this variable behaves as plain Node.
      env: { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_CHARACTERS);
      options.onStderr(text);
    });
    this.process.on('message', (raw) => this.receive(raw));
    this.process.on('disconnect', () => {
      if (this.ended) return;
      this.killAfter(DISCONNECTED_MS, new CallError('crashed', `${options.name} closed its channel`));
    });
    this.process.on('error', (error) => {
      // With a process there, this is a message that could not be sent; the process's own end is reported by `exit`.
      if (this.process.pid !== undefined) return;
      this.ended = true;
      this.onEnd(new CallError('cannot-start', `${options.name} cannot be started: ${error.message}`));
    });
    this.process.on('exit', (code, signal) => this.reportEnd(code, signal));
  }

  /** Whether a call can still be answered. */
  get alive(): boolean {
    return !this.ended && this.process.connected;
  }

  /** Posts a message; throws if it cannot be copied. To a child that has ended, it is lost. */
  send(message: ToServer): void {
    if (this.process.connected) this.process.send(message, () => {});
  }

  /**
   * While somebody waits, the child keeps this process alive and its silence is watched; else it does neither. Time is
   * counted in looks, not by the clock, so that a parent that slept itself does not take the child for hung.
   */
  setWaitedFor(waitedFor: boolean): void {
    if (waitedFor && this.alive) {
      this.setReferenced(true);
      this.watch ??= setInterval(() => this.look(), this.options.hangLimit / LOOKS);
    } else {
      this.setReferenced(false);
      clearInterval(this.watch);
      this.watch = undefined;
      this.silentLooks = 0;
    }
  }

  /** Asks the child to end by closing its channel, and kills it if it has not after `grace` milliseconds. */
  close(grace: number): void {
    this.setReferenced(true);
    this.process.removeAllListeners('disconnect');
    if (this.process.connected) this.process.disconnect();
    this.killAfter(grace, new CallError('closed', `${this.options.name} was closed`));
  }

  private look(): void {
    this.silentLooks += 1;
    if (this.silentLooks <= LOOKS) return;
    const seconds = this.options.hangLimit / 1000;
    this.verdict ??= new CallError(
      'hung',
      `${this.options.name} did not answer for ${seconds} s and was ended`,
    );
    this.process.kill('SIGKILL');
  }

  private killAfter(milliseconds: number, verdict: CallError): void {
    const timer = setTimeout(() => {
      this.verdict ??= verdict;
      this.process.kill('SIGKILL');
    }, milliseconds);
    this.process.on('exit', () => clearTimeout(timer));
  }

  private receive(raw: unknown): void {
    this.silentLooks = 0;
    const message = v.safeParse(toCaller, raw);
    if (!message.success) return;
    if (message.output.type === 'heartbeat') this.memory = message.output.memory;
    else this.onMessage(message.output);
  }

  private setReferenced(referenced: boolean): void {
    const { process: child } = this;
    const handles = [child, child.channel, child.stderr instanceof Socket ? child.stderr : undefined];
    for (const handle of handles) {
      if (referenced) handle?.ref();
      else handle?.unref();
    }
  }

  /** Reports the end once stderr has come to its own. */
  private reportEnd(code: number | null, signal: NodeJS.Signals | null): void {
    this.ended = true;
    this.setWaitedFor(false);
    const { stderr } = this.process;
    const report = () => {
      clearTimeout(late);
      stderr?.off('close', report);
      this.onEnd(this.verdict ?? this.explain(code, signal));
    };
    const late = setTimeout(report, stderr === null || stderr.closed ? 0 : LAST_WORDS_MS);
    // Not the process's own `close`: it never comes where this side closed the channel.
    stderr?.on('close', report);
  }

  private explain(code: number | null, signal: NodeJS.Signals | null): CallError {
    return explainEnding({
      name: this.options.name,
      code,
      signal,
      stderr: this.stderr,
      memory: this.memory,
      systemRanOut: countSystemOutOfMemory() > this.outOfMemoryBefore,
    });
  }
}
