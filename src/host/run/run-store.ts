import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineFile, makeFolder } from '../../dataset/line-file';
import { indexItems } from '../../dataset/source/index-items';
import { ItemTable } from '../../dataset/source/item-table';
import { openTraceFile } from '../../dataset/trace-file';
import { errorCode } from '../../shared/error-code';
import { Listeners } from '../../shared/listeners';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import { readLine } from '../files/read-line';
import { type RunSummary, summarise } from './run-summary';

/** Another window may be writing; it takes milliseconds. */
const PATIENCE = { tries: 50, pause: 100 };

interface Listed {
  /** What the file was when it was read. */
  readonly version: string;
  /** In the order of the file. */
  readonly runs: readonly (RunSummary & { readonly start: number; readonly end: number })[];
}

/** The runs that have ended, in a trace file of the extension's own. One thing is done to it after another. */
export class RunStore {
  /** Told after runs were added or taken away by this window. */
  readonly changed = new Listeners<void>();
  private listed: Listed | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly path: string) {}

  /** Throws `DataError`. */
  async append(trace: Trace): Promise<void> {
    await this.inTurn(async () => {
      await this.untilUnlocked();
      const file = await openTraceFile(this.path);
      await file.append(trace).finally(() => file.close());
    });
    this.changed.tell();
  }

  /** All runs, the newest first. Lines that are no traces are left out. */
  list(): Promise<readonly RunSummary[]> {
    return this.inTurn(async () => [...(await this.load()).runs].reverse());
  }

  /** The run of this id, or null. */
  read(id: string): Promise<Trace | null> {
    return this.inTurn(async () => {
      const found = (await this.load()).runs.find((run) => run.id === id);
      if (found === undefined) return null;
      return this.withFile(async (file) => (await readLine(file, found)).trace);
    });
  }

  /** Takes runs out of the file; the others stay as they are. Throws `DataError`. */
  async delete(ids: ReadonlySet<string>): Promise<void> {
    await this.inTurn(async () => {
      const { runs } = await this.load();
      await this.untilUnlocked();
      const kept = runs.filter(({ id }) => !ids.has(id));
      await makeFolder(dirname(this.path));
      const copy = await LineFile.create(this.path);
      try {
        await this.withFile(async (file) => {
          for (const place of kept) {
            const { trace } = await readLine(file, place);
            if (trace !== null) await copy.add(writeTrace(trace));
          }
        });
        await copy.finish();
      } finally {
        await copy.discard();
      }
    });
    this.changed.tell();
  }

  /** Takes all runs out. */
  async clear(): Promise<void> {
    await this.delete(new Set((await this.list()).map(({ id }) => id)));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.last.then(work);
    this.last = next.catch(() => undefined);
    return next;
  }

  private async load(): Promise<Listed> {
    const version = await this.version();
    if (this.listed?.version === version) return this.listed;
    const runs = version === '' ? [] : ((await this.withFile((file) => this.scan(file))) ?? []);
    this.listed = { version, runs };
    return this.listed;
  }

  private async scan(file: FileHandle): Promise<Listed['runs']> {
    const signal = new AbortController().signal;
    const table = new ItemTable();
    await indexItems(file.fd, { form: 'exact-lines', signal, onItems: (batch) => table.append(batch) });
    const runs: Listed['runs'][number][] = [];
    for (let index = 0; index < table.count; index++) {
      const place = table.range(index);
      const trace = place === null ? null : (await readLine(file, place)).trace;
      if (place !== null && trace !== null) runs.push({ ...summarise(trace), ...place });
    }
    return runs;
  }

  /** Changes whenever the file does; empty if there is none. */
  private async version(): Promise<string> {
    const info = await stat(this.path).catch(() => null);
    return info === null ? '' : `${info.ino} ${info.size} ${info.mtimeMs}`;
  }

  private async withFile<T>(work: (file: FileHandle) => Promise<T>): Promise<T | null> {
    try {
      const file = await open(this.path, 'r');
      return await work(file).finally(() => file.close());
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private async untilUnlocked(): Promise<void> {
    for (let i = 0; i < PATIENCE.tries; i++) {
      if ((await stat(`${this.path}.lock`).catch(() => null)) === null) return;
      await sleep(PATIENCE.pause);
    }
  }
}
