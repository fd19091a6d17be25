import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError } from '../../dataset/data-error';
import { LineFile, makeFolder } from '../../dataset/line-file';
import { indexItems } from '../../dataset/source/index-items';
import { type ItemBatch, ItemTable } from '../../dataset/source/item-table';
import { openTraceFile } from '../../dataset/trace-file';
import { errorCode } from '../../shared/error-code';
import { Listeners } from '../../shared/listeners';
import { type Lock, tryLock } from '../../shared/lock';
import type { Trace } from '../../trace/trace';
import { writeTrace } from '../../trace/trace-line';
import { readRun } from './read-run';
import { type RunSummary, summarise } from './run-summary';

const LINE_FEED = 0x0a;

/** Another window may be writing; it takes milliseconds. */
const PATIENCE = { tries: 50, pause: 100 };

/** When there are more runs than `most`, only the newest `kept` stay. */
const LIMITS = { most: 1000, kept: 500 };

type Place = RunSummary & { readonly start: number; readonly end: number };

interface Listed {
  /** The file that was read, in whatever state. */
  readonly file: string;
  readonly size: number;
  readonly changedAt: number;
  /** In the order of the file. */
  readonly runs: readonly Place[];
  /** Where the last line ends that has its line feed: the file grows from there, what is before stays as it is. */
  readonly whole: number;
}

const NO_FILE: Listed = { file: '', size: 0, changedAt: 0, runs: [], whole: 0 };

/** The newest runs that have ended, in a trace file of the extension's own. One thing is done to it after another. */
export class RunStore {
  /** Told after runs were added or taken away by this window. */
  readonly changed = new Listeners<void>();
  private listed = NO_FILE;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly path: string,
    private readonly limits = LIMITS,
  ) {}

  /** Throws `DataError`. */
  async append(trace: Trace): Promise<void> {
    await this.inTurn(async () => {
      await this.untilUnlocked();
      const file = await openTraceFile(this.path);
      await file.append(trace).finally(() => file.close());
      const { most, kept } = this.limits;
      if ((await this.load()).runs.length > most) await this.keep((runs) => runs.slice(-kept));
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
      return this.withFile(async (file) => readRun(file, found));
    });
  }

  /** Takes runs out of the file; the others stay as they are. Throws `DataError`. */
  async delete(ids: ReadonlySet<string>): Promise<void> {
    await this.inTurn(() => this.keep((runs) => runs.filter(({ id }) => !ids.has(id))));
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

  /** Writes the file anew with some of its runs, which nobody else adds to meanwhile. */
  private async keep(choose: (runs: readonly Place[]) => readonly Place[]): Promise<void> {
    await makeFolder(dirname(this.path));
    const lock = await this.lock();
    try {
      const kept = choose((await this.load()).runs);
      const copy = await LineFile.create(this.path);
      try {
        await this.withFile(async (file) => {
          for (const place of kept) {
            const trace = await readRun(file, place);
            if (trace !== null) await copy.add(writeTrace(trace));
          }
        });
        await copy.finish();
      } finally {
        await copy.discard();
      }
    } finally {
      await lock.release();
    }
  }

  private async load(): Promise<Listed> {
    this.listed = (await this.withFile((file) => this.scan(file))) ?? NO_FILE;
    return this.listed;
  }

  /** What the file holds. Of one that only grew what is new is read. */
  private async scan(handle: FileHandle): Promise<Listed> {
    const { ino, birthtimeMs, size, mtimeMs: changedAt } = await handle.stat();
    const file = `${ino} ${birthtimeMs}`;
    const { listed } = this;
    const isSame = listed.file === file;
    if (isSame && listed.size === size && listed.changedAt === changedAt) return listed;
    const { runs: before, whole: start } = isSame && size > listed.size ? listed : NO_FILE;
    const runs = before.filter(({ end }) => end <= start);
    const { signal } = new AbortController();
    const table = new ItemTable();
    const onItems = (batch: ItemBatch) => table.append(batch);
    await indexItems(handle.fd, { form: 'exact-lines', signal, start, onItems });
    let whole = start;
    for (let index = 0; index < table.count; index++) {
      const place = table.range(index);
      if (place === null) continue;
      const trace = await readRun(handle, place);
      if (trace !== null) runs.push({ ...summarise(trace), ...place });
      if (index < table.count - 1 || (await endsLine(handle, place.end))) whole = place.end;
    }
    return { file, size, changedAt, runs, whole };
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
      if ((await stat(this.lockPath).catch(() => null)) === null) return;
      await sleep(PATIENCE.pause);
    }
  }

  /** Throws `DataError`. */
  private async lock(): Promise<Lock> {
    for (let i = 0; i < PATIENCE.tries; i++) {
      const lock = await tryLock(this.lockPath);
      if (lock !== null) return lock;
      await sleep(PATIENCE.pause);
    }
    throw new DataError(`Another window is writing to ${this.path}. Try again when it has ended.`);
  }

  /** As `openTraceFile` has it. */
  private get lockPath(): string {
    return `${this.path}.lock`;
  }
}

/** Whether there is a line feed before this place. */
async function endsLine(file: FileHandle, end: number): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, end - 1);
  return bytesRead === 1 && buffer[0] === LINE_FEED;
}
