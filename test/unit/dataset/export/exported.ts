import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EditedItems } from '../../../../src/dataset/export/edited-items';
import { type ExportOptions, exportData } from '../../../../src/dataset/export/export-data';
import type { ExportFormat, ImageMode } from '../../../../src/dataset/export/export-target';
import type { Manifest } from '../../../../src/dataset/export/manifest';
import { NewFolder } from '../../../../src/dataset/export/new-folder';
import { openTarget } from '../../../../src/dataset/export/open-target';
import { readOverlay } from '../../../../src/dataset/export/read-overlay';
import { findImage } from '../../../../src/dataset/read-questions';
import { openDataSource } from '../../../../src/dataset/source/open-source';
import { indexHere } from '../../../../src/dataset/source/start-index';
import { type ImageRenderer, renderImage } from '../../../../src/image/render';
import { savePng } from '../../../../src/image/save-png';
import { defaultProfile } from '../../../../src/reason/default-profile';
import { withDerived } from '../../../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../../../src/trace/format-turn';
import type { RgbImage, Size } from '../../../../src/trace/geometry';
import type { InputImage, Trace } from '../../../../src/trace/trace';
import { writeTrace } from '../../../../src/trace/trace-line';

/** A picture whose every pixel tells its place. */
export function picture({ width, height }: Size): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + (i >> 8)) % 256;
  return { width, height, data };
}

export const SIZE = { width: 84, height: 56 };
const spoken = (text: string) => ({ text, finish: 'stop', tokens: null, seconds: null }) as const;
const box = (index: number, x: number, label: string) =>
  ({ index, bbox_2d: [x, 5, x + 30, 40], label }) as const;

/** Two turns that draw, the second of them on two images, and one that answers. */
export function drawnTrace(id: string, more: Partial<Trace> = {}): Trace {
  return withDerived({
    format: 'vilasr.trace/1',
    id,
    question: `Where is ${id}?`,
    options: ['A. left', 'B. right'],
    type: 'multiple-choice',
    gold: 'B',
    kind: 'single',
    images: [{ path: `images/${id}.png`, file: SIZE, model: SIZE }],
    turns: [
      spoken(formatDrawingTurn('I look.', [box(1, 4, 'cup')])),
      spoken(formatDrawingTurn('Again.', [box(2, 10, 'cup'), box(1, 20, 'door')])),
      spoken(formatAnswerTurn('So it is.', 'B')),
    ],
    finish: 'stop',
    error: null,
    run: null,
    source: null,
    ...more,
  });
}

export const input = (path: string, more: Partial<InputImage> = {}): InputImage => ({
  path,
  file: SIZE,
  model: SIZE,
  ...more,
});

/** Writes a trace file and the pictures that its traces name, unless they are there. Gives the path of the file. */
export async function writeSource(folder: string, lines: readonly (Trace | string)[]): Promise<string> {
  for (const trace of lines) {
    if (typeof trace === 'string') continue;
    for (const { path, file } of trace.images) {
      const place = join(folder, path);
      await mkdir(dirname(place), { recursive: true });
      await savePng(picture(file ?? SIZE), place);
    }
  }
  const path = join(folder, 'data.traces.jsonl');
  await writeFile(path, lines.map((one) => `${typeof one === 'string' ? one : writeTrace(one)}\n`).join(''));
  return path;
}

export interface ExportChoice extends Partial<Pick<ExportOptions, 'signal' | 'skipMissing' | 'onProgress'>> {
  readonly mode?: ImageMode;
  readonly renderer?: ImageRenderer;
  readonly choice?: 'approved' | 'all';
}

/** Exports as the command does, but for the process of the pixels. */
export async function exported(
  path: string,
  format: ExportFormat,
  out: string,
  {
    mode = 'copy',
    renderer = { render: renderImage },
    signal,
    skipMissing = false,
    onProgress,
    choice = 'all',
  }: ExportChoice = {},
): Promise<Manifest> {
  const source = await openDataSource(path, { startIndex: indexHere, otherwise: 'traces' });
  const { overlay, record } = await readOverlay(path);
  const folder = await NewFolder.create(out);
  const locate = async (name: string) => {
    const found = await findImage(name, [dirname(path)]);
    return 'path' in found ? { file: found.path } : { problem: 'missing', message: found.problem };
  };
  try {
    const fromTraces = source.format === 'traces';
    const options = { folder, name: 'data', locate, mode, fromTraces, profile: defaultProfile, renderer };
    return await exportData(new EditedItems(source, overlay, choice), {
      format,
      folder,
      target: await openTarget(format, options),
      overlay: record,
      profile: null,
      skipMissing,
      signal: signal ?? new AbortController().signal,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } finally {
    await folder.discard();
    await source.close();
  }
}

export interface Sample {
  readonly conversations: readonly { readonly role: string; readonly content: string }[];
  readonly images: readonly string[];
}

export async function readSamples(out: string): Promise<Sample[]> {
  return JSON.parse(await readFile(join(out, 'data.json'), 'utf8'));
}

/** SHA-256 of every file below a folder, by its path. */
export async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const pairs = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const hash = createHash('sha256').update(await readFile(path));
      return [path.slice(folder.length + 1), hash.digest('hex')] as const;
    });
  return Object.fromEntries((await Promise.all(pairs)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
