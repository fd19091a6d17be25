import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Installation } from '../setup';

export interface ServerOptions {
  readonly installation: Installation;
  /** A folder for what VS Code keeps of its user. */
  readonly userData: string;
  /** Variables for the server and with it for the extension host. */
  readonly env: Readonly<Record<string, string>>;
}

const LISTENING = /HTTP server listening on (http:\S+?)\/?$/;

/** A running code-server. */
export class CodeServer {
  private constructor(
    private readonly process: ChildProcess,
    /** Without a slash at its end. */
    readonly url: string,
  ) {}

  static async start({ installation, userData, env }: ServerOptions): Promise<CodeServer> {
    const args = [
      installation.entry,
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0'],
      ...['--disable-telemetry', '--disable-update-check'],
      ...['--user-data-dir', userData, '--extensions-dir', installation.extensions],
    ];
    const child = spawn(installation.node, args, {
      env: { ...process.env, XDG_CONFIG_HOME: userData, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that its children can be ended with it.
      detached: true,
    });
    const lines: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`code-server ended (${code}):\n${lines.join('\n')}`)));
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line);
          const [, address] = LISTENING.exec(line) ?? [];
          if (address !== undefined) resolve(address);
        });
      }
    });
    return new CodeServer(child, url);
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = once(this.process, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }
}
