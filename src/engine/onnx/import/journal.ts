import { appendFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../../shared/error-code';

const NAME = 'journal.jsonl';
const checksum = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff));
const recordSchema = v.object({ step: v.string(), source: checksum, stored: v.array(checksum) });

/** A finished step: checksums (see `Checksums`) of the bytes it read and of each range it wrote. */
export type StepRecord = v.InferOutput<typeof recordSchema>;

/**
 * What an import in `dir` has finished, one JSON line a step, appended once the step's bytes are written. A line that a
 * kill cut short is no line.
 */
export async function readJournal(dir: string): Promise<Map<string, StepRecord>> {
  const records = new Map<string, StepRecord>();
  for (const line of (await readLines(join(dir, NAME))).split('\n')) {
    const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), line);
    if (record.success) records.set(record.output.step, record.output);
  }
  return records;
}

async function readLines(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Starts the journal anew with `records`: what a resumed import found to be whole. */
export async function writeJournal(dir: string, records: Iterable<StepRecord>): Promise<void> {
  await writeFile(join(dir, NAME), [...records].map(lineOf).join(''));
}

export function appendToJournal(dir: string, record: StepRecord): void {
  appendFileSync(join(dir, NAME), lineOf(record));
}

const lineOf = (record: StepRecord): string => `${JSON.stringify(record)}\n`;
