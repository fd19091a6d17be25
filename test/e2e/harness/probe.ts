import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest gaps of two event loops in milliseconds. */
export interface Gaps {
  /** Of the extension host's. */
  readonly host: number;
  /** Of one in the same process that has nothing to do: what the machine itself held up. */
  readonly idle: number;
}

/** Asks the probe, the extension beside ours: see test/e2e/probe. Every question has a connection of its own. */
export class Probe {
  constructor(private readonly path: string) {}

  /** Process id of the extension host. */
  pid(): Promise<number> {
    return this.ask('pid');
  }

  /** Every command that VS Code knows. */
  commands(): Promise<string[]> {
    return this.ask('commands');
  }

  /** Null if the extension is not installed. */
  isActive(id: string): Promise<boolean | null> {
    return this.ask('isActive', { id });
  }

  /** Starts an extension. How long that took, with reading its code, in milliseconds. */
  activate(id: string): Promise<number> {
    return this.ask('activate', { id });
  }

  /** What an installed extension says of itself. */
  manifest(id: string): Promise<{ contributes: { commands: { command: string }[] } }> {
    return this.ask('manifest', { id });
  }

  /** Sets a setting of the user's. */
  async configure(name: string, value: unknown): Promise<void> {
    await this.ask('configure', { name, value, target: 'Global' });
  }

  /** Sets a setting of the folder, or takes it out where `value` is undefined. */
  async configureWorkspace(name: string, value: unknown): Promise<void> {
    await this.ask('configure', { name, value, target: 'Workspace' });
  }

  /** All settings of a section. */
  settings(section: string): Promise<unknown> {
    return this.ask('settings', { section });
  }

  execute(command: string, ...args: unknown[]): Promise<unknown> {
    return this.ask('execute', { command, args });
  }

  /** Opens a file in the editor of that view type. */
  async openWith(path: string, editor: string): Promise<void> {
    await this.ask('openWith', { path, editor });
  }

  clipboard(): Promise<string> {
    return this.ask('clipboard');
  }

  /** The longest gaps while `work` went on. */
  async gapsDuring(work: () => Promise<void>): Promise<Gaps> {
    await this.ask('watch');
    const [done, gaps] = await Promise.allSettled([
      work(),
      // Asked for in any case: it ends the watch.
    ]).then(async ([outcome]) => [outcome, await this.ask<Gaps>('gaps')] as const);
    if (done.status === 'rejected') throw done.reason;
    return gaps;
  }

  private async ask<T>(method: string, params: object = {}): Promise<T> {
    const socket = await this.connect();
    try {
      socket.write(`${JSON.stringify({ id: 0, method, params })}\n`);
      const [line] = await once(createInterface({ input: socket }), 'line');
      const { result, error } = JSON.parse(line);
      if (error !== undefined) throw new Error(`${method}: ${error}`);
      return result;
    } finally {
      socket.destroy();
    }
  }

  /** Waits until the probe is there, which takes the start of an extension host. */
  private async connect(): Promise<Socket> {
    for (let tries = 0; ; tries++) {
      const socket = connect(this.path);
      try {
        await once(socket, 'connect');
        return socket;
      } catch (error) {
        if (tries >= 600) throw error;
        await sleep(100);
      }
    }
  }
}
