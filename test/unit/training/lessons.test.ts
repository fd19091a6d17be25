import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../src/engine/engine';
import { ScriptedEngine } from '../../../src/engine/scripted-engine';
import { paint } from '../../../src/image/paint';
import type { PixelService } from '../../../src/image/pixel-service';
import { type PromptProfile, readProfile } from '../../../src/reason/profile';
import { reason } from '../../../src/reason/reason';
import { centreOf } from '../../../src/synth/grid';
import { makeWorld } from '../../../src/synth/make-world';
import { MOVES } from '../../../src/synth/maze';
import { Rng } from '../../../src/synth/rng';
import type { World } from '../../../src/synth/world';
import type { RgbImage } from '../../../src/trace/geometry';
import { COLUMN, type Lesson, ROW, TEXT } from '../../../training/lesson';
import { drillLesson, findLesson, listLesson, traceLesson } from '../../../training/lessons';

let profile: PromptProfile;
beforeAll(async () => {
  profile = readProfile(await readFile('media/model/vilasr_profile.json', 'utf8'), 'vilasr_profile.json');
});

const STYLE = { several: 0, mistaken: 0.5 };
const worlds = (count: number): World[] =>
  Array.from({ length: count }, (_, i) => makeWorld(i % 2 ? 'maze' : 'scene', 21, i, STYLE));

/** What the loop sends to the engine for this world when the model says the world's turns, as ChatML, and its images. */
async function loopOf(world: World): Promise<{ text: string; images: RgbImage[] }> {
  const pixels: PixelService = {
    load: async () => ({ file: world.image, sha256: '0'.repeat(64), image: world.image }),
    paint: async (image, canvas) => paint(image, canvas),
    savePng: async () => {},
    close: async () => {},
  };
  const engine = new ScriptedEngine(world.turns.map(({ text }) => ({ text })));
  const limits = { maxTurns: 20, maxImages: 45, maxTokens: 512, minPixels: 3136, maxPixels: 38416 };
  await reason(
    {
      id: 'w',
      question: {
        text: world.question,
        options: world.options,
        type: world.type,
        gold: world.gold,
        kind: 'single',
      },
      images: [{ path: 'w.png', file: 'w.png' }],
      source: null,
    },
    { engine, pixels, profile, limits, sampling: { temperature: 0, topP: 1, seed: 0 }, drawing: true },
  );
  const last = engine.requests.at(-1)!.messages;
  return { text: last.map(chatml).join(''), images: last.flatMap(imagesOf) };
}

const imagesOf = (message: Message): RgbImage[] =>
  message.role === 'user' ? message.parts.flatMap((part) => (part.type === 'image' ? [part.image] : [])) : [];

function chatml(message: Message): string {
  const text =
    message.role === 'user'
      ? message.parts
          .map((part) => (part.type === 'text' ? part.text : '<|vision_start|><|image_pad|><|vision_end|>'))
          .join('')
      : message.text;
  return `<|im_start|>${message.role}\n${text}<|im_end|>\n`;
}

const learnt = ({ text, learn }: Lesson): string[] => learn.map(([from, to]) => text.slice(from, to));
const forced = /answer now/;

describe('a trace lesson', () => {
  it('is the conversation that the loop would hold, to the character and the pixel', async () => {
    let compared = 0;
    for (const world of worlds(60)) {
      const lesson = traceLesson(new Rng(3), world);
      if (forced.test(lesson.text)) continue;
      const loop = await loopOf(world);
      const answer = `<|im_start|>assistant\n${world.turns.at(-1)!.text}<|im_end|>\n`;
      expect(lesson.text).toBe(loop.text + answer);
      expect(lesson.images.map(({ data }) => Buffer.from(data).toString('base64'))).toEqual(
        loop.images.map(({ data }) => Buffer.from(data).toString('base64')),
      );
      compared++;
    }
    expect(compared).toBeGreaterThan(40);
  });

  it('learns sound turns whole with their end, and a mistaken one only up to the mistake', () => {
    for (const world of worlds(60)) {
      const expected = world.turns.map(({ text, soundUntil }) =>
        soundUntil === text.length ? `${text}<|im_end|>` : text.slice(0, soundUntil),
      );
      expect(learnt(traceLesson(new Rng(1), world))).toEqual(expected);
    }
  });

  it('looks at cells of images that it shows', () => {
    for (const world of worlds(60)) {
      const lesson = traceLesson(new Rng(1), world);
      const cells = (world.image.width / 28) * (world.image.height / 28);
      const seen = lesson.looks.filter(([, , image]) => image >= 0);
      expect(seen.length).toBeGreaterThan(0);
      for (const [from, to, image, cell] of seen) {
        expect(to).toBeGreaterThan(from);
        expect(image).toBeLessThan(lesson.images.length);
        // The one after the last cell stands for what follows the picture.
        expect(cell).toBeLessThanOrEqual(cells);
      }
    }
  });

  it('copies moves and names from the question, and numbers from what was told of', () => {
    const seen = { words: 0, digits: 0, edges: 0, next: 0 };
    for (const world of worlds(60)) {
      const { text, looks } = traceLesson(new Rng(1), world);
      const question = text.indexOf(world.question);
      const asked = text.indexOf('<|im_end|>', question);
      for (const [from, to, , source] of looks.filter(([, , image]) => image === TEXT)) {
        expect(source).toBeGreaterThan(question);
        expect(source).toBeLessThan(from);
        const word = text.slice(from, to).trim();
        if (/^(The path ends|Step \d)$/.test(word)) {
          expect(text.slice(source, asked)).toMatch(/^(\d (up|down|left|right)|\.\n)/);
        } else if (/^[a-z]+$/.test(word)) {
          expect(text.slice(source, source + word.length)).toBe(word);
          expect(source).toBeLessThan(asked);
          seen.words++;
        } else if (/^[\dA-C]$/.test(text[source] ?? '')) {
          expect(word).toBe(text[source]);
          seen.digits++;
        } else if (/_2d": \[[\d, ]*$/.test(text.slice(0, from))) {
          // A box's edge lies 9, 11 or 14 px from the centre that ends where it looks.
          const centre = Number(/\d+$/.exec(text.slice(0, source))?.[0]);
          expect([9, 11, 14]).toContain(Math.abs(Number(word) - centre));
          seen.edges++;
        } else {
          // The next shape of a row is searched by what the question names.
          expect(text.slice(source, asked)).toMatch(/^(circle|square|triangle|shape)s are/);
          expect(word).toMatch(/^(,? ?[a-z ]+\(\d+, \d+|none\.|\.)$/);
          seen.next++;
        }
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });
});

describe('counting', () => {
  it('goes on in each row from the column of the shape before, and looks beyond the picture for nothing more', () => {
    let searches = 0;
    for (const world of worlds(200)) {
      if (world.task !== 'count') continue;
      const { text, looks } = traceLesson(new Rng(1), world);
      for (const [from, to, image, source] of looks) {
        if (image === ROW) expect(text.slice(0, source)).toMatch(/Row \d+$/);
        if (image !== COLUMN) continue;
        expect(text.slice(0, source)).toMatch(text[source] === ':' ? /Row \d+$/ : /\(\d+$/);
        expect(text.slice(source, from)).not.toMatch(/Row/);
        const cell = looks.findLast(([start, end, there]) => start <= from && end >= to && there === 0)?.[3];
        const place = /\((\d+), (\d+)$/.exec(text.slice(from, to));
        const expected =
          place === null ? 25 : ((Number(place[2]) - 14) / 28) * 5 + (Number(place[1]) - 14) / 28;
        expect(cell).toBe(expected);
        searches++;
      }
    }
    expect(searches).toBeGreaterThan(50);
  });
});

describe('a drill', () => {
  it('shows no picture and learns nothing that only the picture tells', () => {
    for (const world of worlds(60)) {
      const lesson = drillLesson(new Rng(1), world);
      expect(lesson.images).toEqual([]);
      expect(lesson.text).not.toContain('<|image_pad|>');
      expect(lesson.looks.filter(([, , image]) => image >= 0)).toEqual([]);
      const told = learnt(lesson).join('');
      expect(told).not.toMatch(world.layout.family === 'maze' ? /wall|ends at/ : /\) \d+ px|is wrong/);
    }
  });
});

describe('a lesson of places', () => {
  it('says of each thing where it is, and looks there', () => {
    for (const world of worlds(40)) {
      const lesson = findLesson(new Rng(2), world);
      for (const [from, to, , cell] of lesson.looks) {
        const [, x, y] = /^(\d+), (\d+)\)/.exec(lesson.text.slice(from, to)) ?? [];
        const across = world.image.width / 28;
        expect(centreOf({ column: cell % across, row: Math.floor(cell / across) })).toEqual([
          Number(x),
          Number(y),
        ]);
      }
    }
  });

  it('lists the walls round a cell as they are', () => {
    for (const world of worlds(40)) {
      if (world.layout.family !== 'maze') continue;
      const { maze } = world.layout;
      const told = listLesson(new Rng(4), world).text.matchAll(
        /At \((\d+), (\d+)\)\.((?: Step \d: \w+(?:, wall)?\.)+)/g,
      );
      for (const [, x, y, steps = ''] of told) {
        const cell = { column: (Number(x) - 14) / 28, row: (Number(y) - 14) / 28 };
        const said = MOVES.map((move) => !steps.includes(`${move}, wall`));
        expect(said).toEqual(MOVES.map((move) => maze.isOpen(cell, move)));
      }
    }
  });
});
