import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderBytes, requireDisk } from '../../disk-space';
import type { WeightFormat } from '../../engine';
import type { Checkpoint } from '../checkpoint';
import { badModel, explainRead } from '../checkpoint/bad-model';
import type { SafetensorsFile } from '../safetensors';
import { appendToJournal, readJournal, type StepRecord, writeJournal } from './journal';
import { type Layout, type Step, storedBytes } from './layout';
import { writeManifest } from './manifest';
import { runSteps } from './run-steps';
import { stepVerifier } from './verify-step';

/** One import to be made. */
export interface Job {
  readonly checkpoint: Checkpoint;
  readonly layout: Layout;
  readonly weights: WeightFormat;
  readonly signal: AbortSignal | undefined;
  /** `done` bytes of the checkpoint's `total` are checked or converted. */
  readonly onProgress: (phase: 'verifying' | 'converting', done: number, total: number) => void;
}

/**
 * Makes the import in `dir`, or finishes it: steps in its journal whose bytes are as they were written are kept, the
 * others are run. Its manifest is written last. Throws `EngineError` on cancel, a full disk, a bad or changing checkpoint.
 */
export async function buildImport(dir: string, job: Job): Promise<void> {
  await mkdir(dir, { recursive: true });
  const sources = new Map<string, FileHandle>();
  const targets = new Map<string, FileHandle>();
  try {
    for (const shard of job.checkpoint.shards) sources.set(shard.path, await openShard(shard));
    for (const name of job.layout.files.keys()) targets.set(name, await openTarget(join(dir, name)));
    const records = await convertAll(dir, job, pick(sources), pick(targets));
    for (const shard of job.checkpoint.shards)
      requireUnchanged(shard, await stat(shard.path, { bigint: true }));
    for (const target of targets.values()) await target.datasync();
    const { dir: source, fingerprint } = job.checkpoint;
    const hash = hashModel(job.checkpoint, job.layout, records);
    await writeManifest(dir, { source, fingerprint, weights: job.weights, hash }, targets.keys());
  } finally {
    for (const file of [...sources.values(), ...targets.values()]) await file.close();
  }
}

type Pick = (name: string) => FileHandle;

async function convertAll(
  dir: string,
  job: Job,
  source: Pick,
  target: Pick,
): Promise<Map<string, StepRecord>> {
  const { steps, files } = job.layout;
  const total = steps.reduce((sum, step) => sum + step.source.source.length, 0);
  let done = 0;
  const advance = (phase: 'verifying' | 'converting') => (bytes: number) => {
    done += bytes;
    job.onProgress(phase, done, total);
  };

  const written = await readJournal(dir);
  const records = new Map<string, StepRecord>();
  const verify = stepVerifier(target, job.signal);
  for (const step of steps) {
    const record = written.get(step.name);
    if (record === undefined || !(await verify(step, record))) continue;
    records.set(step.name, record);
    advance('verifying')(step.source.source.length);
  }
  await writeJournal(dir, records.values());

  const rest = steps.filter((step) => !records.has(step.name));
  const needed = rest.reduce((sum, step) => sum + storedBytes(step), 0);
  const cacheDir = dirname(dir);
  await requireDisk(
    { dir: cacheDir, variable: 'VILASR_CACHE' },
    needed,
    `The import of ${job.checkpoint.dir} as ${job.weights}`,
    () => folderBytes(cacheDir),
  );
  await runSteps(rest, {
    source,
    target,
    onBytes: advance('converting'),
    onDone: (record) => {
      appendToJournal(dir, record);
      records.set(record.step, record);
    },
    signal: job.signal,
  });
  await trim(files, target);
  return records;
}

/** Bytes after the last tensor can only come from something that was not this import. */
async function trim(files: Layout['files'], target: Pick): Promise<void> {
  for (const [name, size] of files) {
    const file = target(name);
    if ((await file.stat()).size !== size) await file.truncate(size);
  }
}

async function openShard(shard: SafetensorsFile): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(shard.path, 'r');
    requireUnchanged(shard, await file.stat({ bigint: true }));
    return file;
  } catch (error) {
    await file?.close();
    throw explainRead(error, shard.path);
  }
}

function requireUnchanged(shard: SafetensorsFile, now: { size: bigint; mtimeNs: bigint }): void {
  if (Number(now.size) !== shard.size || now.mtimeNs !== shard.modified) {
    throw badModel(shard.path, 'was written to while it was being imported; start again when it is finished');
  }
}

const openTarget = (path: string): Promise<FileHandle> => open(path, constants.O_RDWR | constants.O_CREAT);

const pick =
  (files: ReadonlyMap<string, FileHandle>): Pick =>
  (name) => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`No file ${name} is open.`);
    return file;
  };

/** What the model is, wherever and in whatever shards it lies: its config and the checksum of every tensor. */
function hashModel(
  checkpoint: Checkpoint,
  { steps }: Layout,
  records: ReadonlyMap<string, StepRecord>,
): string {
  const checksums = new Map(steps.map((step: Step) => [step.source.name, records.get(step.name)?.source]));
  const hash = createHash('sha256').update(JSON.stringify(checkpoint.spec));
  for (const { name, format } of checkpoint.tensors)
    hash.update(`\n${name} ${format} ${checksums.get(name)}`);
  return hash.digest('hex');
}
