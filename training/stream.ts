/**
 * Writes an endless series of worlds for the trainer to standard output, made by the same code that makes the product's
 * worlds and paints its images. One record is a little-endian uint32 length, that many bytes of JSON, then the images'
 * RGB rows one after the other.
 *
 *   node stream.cjs labels|trace|find|list|drill maze|scene SEED
 */
import { once } from 'node:events';
import { makeWorld } from '../src/synth/make-world';
import { Rng } from '../src/synth/rng';
import type { RgbImage } from '../src/trace/geometry';
import { drillLesson, findLesson, listLesson, traceLesson } from './lessons';
import { labelImage } from './vision-labels';

/** One move a turn, and mistakes in half of the traces: what the bundled model is to learn. */
const STYLE = { several: 0, mistaken: 0.5 };

async function write(header: object, images: readonly RgbImage[]): Promise<void> {
  const sized = { ...header, images: images.map(({ width, height }) => [width, height]) };
  const json = Buffer.from(JSON.stringify(sized));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const record = Buffer.concat([length, json, ...images.map(({ data }) => data)]);
  if (!process.stdout.write(record)) await once(process.stdout, 'drain');
}

/** Larger mazes come up more often: they are harder. */
const SIZES = [3, 4, 4, 5, 5, 5];

const LESSONS = { trace: traceLesson, find: findLesson, list: listLesson, drill: drillLesson };

async function main(what: string, family: string, seed: number): Promise<void> {
  if (family !== 'maze' && family !== 'scene') throw new Error(`No family '${family}': maze or scene.`);
  const rng = new Rng(seed);
  const lesson = Object.entries(LESSONS).find(([name]) => name === what)?.[1];
  for (let index = 0; ; index++) {
    const world = makeWorld(family, seed, index, STYLE, SIZES);
    if (lesson === undefined) {
      const { image, labels } = labelImage(rng, world);
      await write({ labels }, [image]);
    } else {
      const { text, learn, looks, images } = lesson(rng, world);
      await write({ text, learn, looks }, images);
    }
  }
}

process.stdout.on('error', () => process.exit(0));
void main(process.argv[2] ?? '', process.argv[3] ?? '', Number(process.argv[4] ?? 1));
