/**
 * Makes the README's picture from what the demo left: the images of the maze side by side, in the order of the turns.
 *
 *   npm run demo && node scripts/make-picture.mjs
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './setup.mjs';

/** Side of one image in the picture and the gap between two, in pixels. */
const SIDE = 280;
const GAP = 24;
const COLUMNS = 4;

const folder = join(ROOT, 'demo-out/maze');
const paths = [];
while (existsSync(join(folder, `image-${paths.length + 1}.png`))) {
  paths.push(join(folder, `image-${paths.length + 1}.png`));
}
if (paths.length === 0) {
  console.error('There is no demo-out/maze; run npm run demo first.');
  process.exit(1);
}

const columns = Math.min(paths.length, COLUMNS);
const rows = Math.ceil(paths.length / columns);
const place = (i) => ({
  left: GAP + (i % columns) * (SIDE + GAP),
  top: GAP + Math.floor(i / columns) * (SIDE + GAP),
});
const images = await Promise.all(
  paths.map(async (path, i) => ({
    input: await sharp(path).resize(SIDE, SIDE, { kernel: 'nearest' }).png().toBuffer(),
    ...place(i),
  })),
);
const width = GAP + columns * (SIDE + GAP);
const height = GAP + rows * (SIDE + GAP);
const arrows = paths.slice(1).map((_, i) => {
  const { left, top } = place(i);
  const [x, y] = [left + SIDE + GAP / 2, top + SIDE / 2];
  return (i + 1) % columns === 0 ? '' : `<path d="M${x - 6} ${y - 9}l12 9l-12 9z" fill="#555"/>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${arrows.join('')}</svg>`;
mkdirSync(join(ROOT, 'docs/images'), { recursive: true });
await sharp({ create: { width, height, channels: 3, background: '#e8e8e8' } })
  .composite([...images, { input: Buffer.from(svg), left: 0, top: 0 }])
  .png({ palette: true })
  .toFile(join(ROOT, 'docs/images/maze.png'));
console.log(`docs/images/maze.png: ${paths.length} images`);
