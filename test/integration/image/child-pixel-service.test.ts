import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Pixels, startPixelService } from '../../../src/image/child-pixel-service';
import { decodeImage } from '../../../src/image/decode/decode';
import { loadImage } from '../../../src/image/load';
import { paint } from '../../../src/image/paint';
import { ImageError } from '../../../src/image/pixel-service';
import { CallError } from '../../../src/protocol/call-error';
import { bundle } from '../../helpers/bundle';
import { temporaryFolder } from '../../helpers/temporary-folder';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const picture = `${root}test/fixtures/images/rgba.png`;
const limits = { factor: 28, minPixels: 3136, maxPixels: 12_845_056 };
const canvas = {
  boxes: [
    { index: 1, bbox_2d: [2, 3, 30, 40], label: 'a box' },
    { index: 1, bbox_2d: [1, 2], label: 'not painted', unpainted: true },
  ],
  lines: [{ index: 1, start_point_2d: [5, 5], end_point_2d: [50, 30], label: 'a line' }],
} as const;

describe('the pixel service in a child process', () => {
  let folder = '';
  let service: Pixels;

  beforeAll(async () => {
    // Inside the repository, so that the program finds sharp in its node_modules.
    mkdirSync(join(root, 'dist'), { recursive: true });
    folder = mkdtempSync(join(root, 'dist/test-'));
    service = startPixelService(await bundle(`${root}src/image/pixel-child.ts`, folder));
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  test('loads the same pixels as here', async () => {
    const loaded = await service.load(picture, limits);
    const expected = await loadImage(picture, limits);
    expect(loaded.file).toEqual({ width: 37, height: 29 });
    expect(loaded.sha256).toBe(expected.sha256);
    expect(loaded.image.width).toBe(expected.image.width);
    expect(Buffer.from(loaded.image.data).equals(expected.image.data)).toBe(true);
  });

  test('renders an image to a PNG of the very pixels that loading and painting give', async () => {
    const out = join(await temporaryFolder(), 'drawn.png');
    const rendered = await service.render({ path: picture, size: limits, canvas, out });
    const { image } = await loadImage(picture, limits);
    const size = { width: image.width, height: image.height };
    expect(rendered).toEqual({ file: { width: 37, height: 29 }, model: size });
    expect(Buffer.from((await decodeImage(readFileSync(out))).data).equals(paint(image, canvas).data)).toBe(
      true,
    );

    const again = await service.render({ path: out, size, canvas: null, out });
    expect(again).toEqual({ file: size, model: size });
    expect(Buffer.from((await decodeImage(readFileSync(out))).data).equals(paint(image, canvas).data)).toBe(
      true,
    );
  });

  test('refuses to render what no model can have seen', async () => {
    const request = { path: picture, size: { width: 40_000, height: 40_000 }, canvas: null, out: picture };
    await expect(service.render(request)).rejects.toThrow(
      `Cannot use ${picture}: the trace says that the model saw it in 40000 x 40000 pixels`,
    );
  });

  test('paints the same pixels as here', async () => {
    const { image } = await service.load(picture, limits);
    const painted = await service.paint(image, canvas);
    expect(Buffer.from(painted.data).equals(paint(image, canvas).data)).toBe(true);
  });

  test('gives the PNG of what is painted on an image whose own was wanted: the very pixels', async () => {
    const { image } = await service.load(picture, limits);
    await service.encodePng(image);
    const painted = await service.paint(image, canvas);
    const again = await service.paint(painted, canvas);
    for (const one of [painted, again]) {
      const { data } = await decodeImage(await service.encodePng(one));
      expect(Buffer.from(data).equals(one.data)).toBe(true);
    }
  });

  test('writes a PNG whose pixels are those it was given, over an older file and with nothing beside it', async () => {
    const { image } = await service.load(picture, limits);
    const dir = await temporaryFolder();
    const path = join(dir, 'out.png');
    writeFileSync(path, 'older');
    await service.savePng(image, path);
    const again = await decodeImage(readFileSync(path));
    expect(Buffer.from(again.data).equals(image.data)).toBe(true);
    expect(readdirSync(dir)).toEqual(['out.png']);
  });

  test('encodes a PNG whose pixels are those it was given', async () => {
    const { image } = await service.load(picture, limits);
    const again = await decodeImage(await service.encodePng(image));
    expect([again.width, again.height]).toEqual([image.width, image.height]);
    expect(Buffer.from(again.data).equals(image.data)).toBe(true);
  });

  test('says why a picture cannot be read or written', async () => {
    const { image } = await service.load(picture, limits);
    const missing = service.load('/nowhere/at-all.png', limits);
    await expect(missing).rejects.toThrow(ImageError);
    await expect(missing).rejects.toThrow('Cannot read /nowhere/at-all.png: there is no such file.');
    const unwritable = service.savePng(image, '/nowhere/out.png');
    await expect(unwritable).rejects.toThrow(ImageError);
    await expect(unwritable).rejects.toThrow(/^Cannot write \/nowhere\/out\.png: it is not there\./);
  });

  test('says that its process was killed, and serves the next request from a fresh one', async () => {
    await service.load(picture, limits);
    const [child] = childProcesses(folder);
    // More than can be painted before the signal arrives.
    const huge = { width: 6000, height: 4000, data: new Uint8Array(6000 * 4000 * 3) };
    const failure = service.paint(huge, canvas).catch((error: unknown) => error);
    process.kill(child ?? 0, 'SIGKILL');
    const error = await failure;
    expect(error).toBeInstanceOf(ImageError);
    expect(error).toMatchObject({ message: 'Cannot paint: the pixel process was killed (SIGKILL).' });
    expect(error instanceof Error && error.cause).toBeInstanceOf(CallError);
    expect((await service.load(picture, limits)).file).toEqual({ width: 37, height: 29 });
    expect(childProcesses(folder)).not.toContain(child);
  });

  test('leaves no process behind when it is closed', async () => {
    await service.load(picture, limits);
    expect(childProcesses(folder)).toHaveLength(1);
    await service.close();
    expect(childProcesses(folder)).toHaveLength(0);
    await expect(service.load(picture, limits)).rejects.toThrow('the pixel process was closed');
  });
});

/** Processes whose command line names a program in `folder`. */
function childProcesses(folder: string): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,args='])
    .toString()
    .split('\n')
    .filter((line) => line.includes(`${folder}/program.cjs`))
    .map((line) => Number.parseInt(line, 10));
}
