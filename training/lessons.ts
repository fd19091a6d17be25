import profileJson from '../media/model/vilasr_profile.json';
import { paint } from '../src/image/paint';
import { readProfile } from '../src/reason/profile';
import { type PromptPart, renderDrawn, renderQuestion, renderSystem } from '../src/reason/render-prompt';
import { CELL, type Cell, centreOf, sameCell } from '../src/synth/grid';
import { LETTERS, type Maze, MOVES, moved } from '../src/synth/maze';
import { stretches } from '../src/synth/maze-world';
import type { Rng } from '../src/synth/rng';
import { nameOf, type Scene } from '../src/synth/scene';
import type { World } from '../src/synth/world';
import type { Line } from '../src/trace/drawing';
import type { RgbImage } from '../src/trace/geometry';
import { traceLineage } from '../src/trace/lineage';
import { type Lesson, LessonWriter, type Look, type Span, TEXT } from './lesson';

/** The words that the bundled model is taught with, and that its folder carries. */
const PROFILE = readProfile(JSON.stringify(profileJson), 'vilasr_profile.json');

/** Share of the last messages that demand the answer, as the loop's does when its turns run out. */
const FORCED_ANSWERS = 0.1;

/** The world's whole trace, as the loop would hold the conversation. Planted mistakes are not learnt, their corrections are. */
export function traceLesson(rng: Rng, world: World): Lesson {
  return conversation(rng, world, paintImages(world), (text, soundUntil) => [
    [0, Math.min(soundUntil, text.length)],
  ]);
}

/** The same conversation without pictures, learnt only where the text alone decides: looking up moves, adding, concluding. */
export function drillLesson(rng: Rng, world: World): Lesson {
  const isMaze = world.layout.family === 'maze';
  return conversation(rng, world, null, (text, soundUntil) => {
    if (!isMaze) return text.includes('<answer>') ? [[0, text.length]] : [];
    if (text.includes('<answer>')) return [];
    const moves = [...text.matchAll(/Step \d: (up|down|left|right)/g)].map(
      (match): Span => [match.index, match.index + match[0].length],
    );
    const json = text.indexOf(', "start_point_2d"');
    return [...moves, [json, soundUntil] as const].filter(([from, to]) => to > from && to <= soundUntil);
  });
}

/** Where is it? Names things, in any order, and learns only their places: the surest way to make a text look at a picture. */
export function findLesson(rng: Rng, world: World): Lesson {
  const { layout } = world;
  const things =
    layout.family === 'scene'
      ? layout.scene.shapes.map((shape) => ({
          name: nameOf(shape),
          cell: shape.cell,
          more: ` ${shape.radius * 2}`,
        }))
      : LETTERS.map((letter) => ({ name: letter as string, cell: layout.maze.letters[letter], more: '' }));
  const drawn =
    layout.family === 'scene' ? { image: world.image, end: 0 } : halfDrawn(rng, world, layout.maze);
  if (layout.family === 'maze') {
    things.push({ name: 'start', cell: layout.maze.start, more: '' });
    things.push({ name: 'At', cell: layout.maze.path[drawn.end] ?? layout.maze.start, more: '' });
  }
  const looks: Look[] = [];
  let text = '';
  for (const { name, cell, more } of rng.shuffle(things)) {
    text += `${text === '' ? '' : ' '}${name} (`;
    const place = `${centreOf(cell).join(', ')})${more}.`;
    looks.push([text.length, text.length + place.length, 0, cellNumber(world, cell)]);
    text += place;
  }
  const writer = new LessonWriter();
  writer.system(renderSystem(PROFILE, world.image));
  writer.user(drawn.image, '\nWhere are they?\n');
  writer.assistant(
    text,
    looks.map(([from, to]) => [from, to]),
    looks,
  );
  return writer.finish('find');
}

/** What lies where: names every object with its place; in mazes also the walls round some cells and where the path ends. */
export function listLesson(rng: Rng, world: World): Lesson {
  const writer = new LessonWriter();
  writer.system(renderSystem(PROFILE, world.image));
  if (world.layout.family === 'scene') {
    writer.user(world.image, '\nList the shapes.\n');
    const { text, looks } = listShapes(world, world.layout.scene);
    writer.assistant(text, [[0, text.length]], looks);
  } else {
    const { image, end } = halfDrawn(rng, world, world.layout.maze);
    writer.user(image, '\nList what you see.\n');
    const { text, spans, looks } = listMaze(rng, world, world.layout.maze, end);
    writer.assistant(text, spans, looks);
  }
  return writer.finish('list');
}

function conversation(
  rng: Rng,
  world: World,
  images: readonly RgbImage[] | null,
  spansOf: (text: string, soundUntil: number) => readonly Span[],
): Lesson {
  const writer = new LessonWriter();
  writer.system(renderSystem(PROFILE, world.image));
  const picture = (index: number): RgbImage | null => images?.[index - 1] ?? null;
  const question = {
    text: world.question,
    options: world.options,
    type: world.type,
    kind: 'single' as const,
  };
  const asked = textOf(renderQuestion(PROFILE, question, [world.image]));
  const start = writer.user(picture(1), asked);
  world.turns.forEach(({ text, soundUntil }, i) => {
    const seen = images === null ? [] : looksOf(world, text, i);
    const looks = [...seen, ...copiesOf(world, text, asked, start)].filter(([, to]) => to <= soundUntil);
    writer.assistant(text, spansOf(text, soundUntil), looks);
    const next = i + 1;
    if (next === world.turns.length) return;
    const forced = next === world.turns.length - 1 && rng.chance(FORCED_ANSWERS);
    const drawn = { number: i + 2, size: world.image };
    writer.user(picture(i + 2), textOf(renderDrawn(PROFILE, [drawn], forced)));
  });
  return writer.finish(images === null ? 'drill' : 'trace');
}

/** Where turn `i` reads its words off: the cell it stands on, in the newest image; the things it marks, in the first. */
function looksOf(world: World, text: string, i: number): Look[] {
  const cellAt = (x: number, y: number): number =>
    cellNumber(world, { column: Math.floor(x / CELL), row: Math.floor(y / CELL) });
  const thought = text.indexOf(' </think>');
  if (world.layout.family === 'maze') {
    const { maze } = world.layout;
    const at = /At \((\d+), (\d+)\)/.exec(text);
    if (at !== null) return [[at.index + 'At ('.length, thought, i, cellAt(Number(at[1]), Number(at[2]))]];
    return [['<think>'.length, thought, i, cellNumber(world, maze.letters[maze.gold])]];
  }
  const points = text.matchAll(/(?:point_2d": \[)(\d+), (\d+)|(?:bbox_2d": \[)(\d+), (\d+), (\d+), (\d+)/g);
  return [...points].map((match) => {
    const [a = 0, b = 0, c = a, d = b] = match.slice(1).flatMap((n) => (n === undefined ? [] : [Number(n)]));
    const from = match.index + match[0].indexOf('[') + 1;
    return [from, match.index + match[0].length, 0, cellAt((a + c) / 2, (b + d) / 2)];
  });
}

/** Which words of a turn are copied from the question, and from where: moves by their number, names word by word. */
function copiesOf(world: World, text: string, asked: string, start: number): Look[] {
  if (world.layout.family === 'maze') {
    return [...text.matchAll(/Step (\d): (up|down|left|right)/g)].flatMap((match): Look[] => {
      const [words, number, move = ''] = match;
      const to = match.index + words.length;
      const source = asked.lastIndexOf(` ${number} ${move}`);
      return [[to - move.length - 1, to, TEXT, start + source + ` ${number} `.length]];
    });
  }
  const names = [
    ...text.matchAll(
      /\b(red|green|blue|orange|purple|black) (circle|square|triangle|shape)|\b(circle|square|triangle)\b/g,
    ),
  ];
  return names.flatMap((match): Look[] => {
    const source = asked.indexOf(match[0]);
    if (source < 0) return [];
    const words = [...match[0].matchAll(/\w+/g)];
    return words.map(({ index, 0: word }) => {
      const from = match.index + index;
      return [from - (text[from - 1] === ' ' ? 1 : 0), from + word.length, TEXT, start + source + index];
    });
  });
}

/** What a message says; its image comes first, which the writer puts there. */
function textOf(parts: readonly PromptPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Image 1 and those that the turns draw, as the loop would paint them. */
function paintImages(world: World): RgbImage[] {
  const pixels: RgbImage[] = [world.image];
  traceLineage(1, world.turns).images.forEach(({ base, canvas }) => {
    if (base === null) return;
    const below = pixels[base - 1];
    if (below === undefined) throw new RangeError(`no image ${base} to draw on`);
    pixels.push(paint(below, canvas));
  });
  return pixels;
}

const cellNumber = (world: World, { column, row }: Cell): number => row * (world.image.width / CELL) + column;

function listShapes(world: World, scene: Scene): { text: string; looks: Look[] } {
  const looks: Look[] = [];
  let text = '';
  for (const shape of scene.shapes) {
    const from = text.length;
    text += `${text === '' ? '' : ' '}${nameOf(shape)} (${centreOf(shape.cell).join(', ')}) ${shape.radius * 2}.`;
    looks.push([from, text.length, 0, cellNumber(world, shape.cell)]);
  }
  if (scene.bar !== null) text += ` bar ${scene.bar.cells}.`;
  return { text, looks };
}

/** The maze with the first few steps of its path drawn, and the number of the cell of the path that they reach. */
function halfDrawn(rng: Rng, world: World, maze: Maze): { image: RgbImage; end: number } {
  const steps = stretches(maze).flatMap(({ step }) => (step === null ? [] : [step]));
  const drawn = steps.slice(0, rng.int(0, steps.length));
  const lines = drawn.map(
    (step): Line => ({
      index: 1,
      start_point_2d: centreOf(step.from),
      end_point_2d: centreOf(step.to),
      label: `step ${step.number}`,
    }),
  );
  return {
    image: lines.length === 0 ? world.image : paint(world.image, { boxes: [], lines }),
    end: drawn.at(-1)?.number ?? 0,
  };
}

function listMaze(
  rng: Rng,
  world: World,
  maze: Maze,
  end: number,
): { text: string; spans: Span[]; looks: Look[] } {
  const spans: Span[] = [];
  const looks: Look[] = [];
  let text = '';
  const say = (words: string, cell: Cell | null, learn = true): void => {
    const to = text.length + words.length;
    if (learn) spans.push([text.length, to]);
    if (learn && cell !== null) looks.push([text.length, to, 0, cellNumber(world, cell)]);
    text += words;
  };
  const at = maze.path[end] ?? maze.start;
  say(`At (${centreOf(at).join(', ')}).`, at);
  const letter = LETTERS.find((name) => sameCell(maze.letters[name], at));
  say(letter === undefined ? ' The path goes on.' : ` The path ends at ${letter}.`, at);
  for (const name of LETTERS) {
    const cell = maze.letters[name];
    say(` ${name}`, null);
    say(` (${centreOf(cell).join(', ')}).`, cell);
  }
  for (let i = 0; i < 4; i++) {
    const cell = i === 0 ? at : { column: rng.int(0, maze.size - 1), row: rng.int(0, maze.size - 1) };
    say(` At (${centreOf(cell).join(', ')}).`, null, false);
    for (const move of MOVES) {
      say(` ${move}`, null);
      say(maze.isOpen(cell, move) ? ` (${centreOf(moved(cell, move)).join(', ')}).` : ', wall.', cell);
    }
  }
  spans.push([text.length, text.length]);
  return { text, spans, looks };
}
