import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { traceOf } from './traces';

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const block = (content: string) =>
  `<think> Look. </think> Action: Object Mapper\n\`\`\`json\n${content}\n\`\`\``;
const box = (corners: string, label = 'box') => `{"index": 1, "bbox_2d": ${corners}, "label": "${label}"}`;
const many = Array.from({ length: 50_000 }, (_, i) =>
  box(`[${i % 100}, ${i % 90}, ${(i % 100) + 9}, 99]`, `${i}`),
);

/** A line each, and what is wrong with it. */
const LINES = [
  writeTrace(
    traceOf('markup', 'scene.png', [
      `<think> ${MARKUP} </think> Action: Object Mapper\n\`\`\`json\n[${box('[1, 2, 30, 40]')}]\n\`\`\``,
      'end',
    ]),
  ),
  '{"format": "vilasr.trace/1", "id": "broken", ',
  writeTrace(traceOf('up', '../outside.png', [block(`[${box('[1, 2, 30, 40]')}]`), 'end'])),
  writeTrace(traceOf('absolute', '/etc/hostname', [block(`[${box('[1, 2, 30, 40]')}]`), 'end'])),
  writeTrace(traceOf('many', 'scene.png', [block(`[${many.join(', ')}]`), 'end'])),
  writeTrace(
    traceOf('beyond', 'scene.png', [
      block(`[${box('[20, 20, 1e308, 60]', 'wide')}, ${box('[NaN, 0, 1, 1]', 'none')}]`),
      block(`[${box('[20, 20, 1e308, 60]', 'wide')}, ${box('[1e308, 1e308, 1e308, 1e308]', 'gone')}]`),
      'end',
    ]),
  ),
  writeTrace(traceOf('bomb', 'bomb.png', [block(`[${box('[1, 2, 30, 40]')}]`), 'end'])),
];

const session = useSession({
  files: {
    'scene.png': SCENE,
    'bomb.png': pngThatSays(40_000, 40_000),
    'hostile.traces.jsonl': LINES.map((line) => `${line}\n`).join(''),
  },
});

it('markup in what a model said is text, and nothing of it runs', async () => {
  const { workbench, folder } = session();
  writeFileSync(join(folder, '..', 'outside.png'), 'secret');
  await workbench.explorer.openFile('hostile.traces.jsonl');
  const { view } = workbench;
  await expect.poll(() => view.byId('trace-index').innerText()).toBe(`1 of ${LINES.length}`);
  expect(await view.turn(1).innerText()).toContain(MARKUP);
  expect(await view.find('img:not(.picture), script[src=x]').count()).toBe(0);
  expect(await view.title()).not.toMatch(/^[12]$/);
});

it('a line that is no JSON is shown as such, and those after it as what they are', async () => {
  await next(2);
  await session().workbench.view.byId('no-trace').getByText('It is not JSON from here on').waitFor();
});

it('an image path that leads out of the folder is refused, by its name or as a whole', async () => {
  for (const number of [3, 4]) {
    await next(number);
    await session().workbench.view.byId('stage-notices').getByText('leads out of the folders').waitFor();
  }
});

it('of 50,000 shapes those that fit are drawn, and the view goes on answering', async () => {
  const { view } = session().workbench;
  await next(5);
  await view.chooseTurn(1);
  await view.byId('stage-notices').getByText('5,000 of 50,000 shapes are drawn.').waitFor();
});

it('coordinates beyond all bounds are said where they stand', async () => {
  const { view } = session().workbench;
  await next(6);
  await view.turn(1).getByText('no Python literal').waitFor();
  await view.chooseTurn(2);
  await view.byId('stage-notices').getByText('lies too far out to be drawn').waitFor();
});

it('an image whose header says that it is far too large is not decoded', async () => {
  const { view } = session().workbench;
  await next(7);
  await view
    .byId('stage-notices')
    .getByText('it says it has 40000 x 40000 pixels, more than the limit')
    .waitFor();
});

/** Goes on to the next trace, which is number `number`. */
async function next(number: number): Promise<void> {
  const { view } = session().workbench;
  await view.byRole('button', 'Next Trace').click();
  await expect.poll(() => view.byId('trace-index').innerText()).toBe(`${number} of ${LINES.length}`);
}

/** A PNG file that says that it has that size, with pixels that end soon after they begin. */
function pngThatSays(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = deflateSync(Buffer.alloc(100));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
