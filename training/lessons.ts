import profileJson from '../media/model/vilasr_profile.json';
import { paint } from '../src/image/paint';
import { readProfile } from '../src/reason/profile';
import { type PromptPart, renderDrawn, renderQuestion, renderSystem } from '../src/reason/render-prompt';
import { type Cell, centreOf, sameCell } from '../src/synth/grid';
import { LETTERS, type Maze, MOVES } from '../src/synth/maze';
import { stretches } from '../src/synth/maze-world';
import type { Rng } from '../src/synth/rng';
import { COLOURS, KINDS, nameOf, type Scene } from '../src/synth/scene';
import { sightByRow } from '../src/synth/scene-tasks';
import type { World } from '../src/synth/world';
import type { Line } from '../src/trace/drawing';
import type { RgbImage } from '../src/trace/geometry';
import { traceLineage } from '../src/trace/lineage';
import { type Lesson, LessonWriter, type Look, type Span } from './lesson';
import { cellNumber, countLooks, looksOf, type Passage } from './looks';

/** The words that the bundled model is taught with, and that its folder carries. */
const PROFILE = readProfile(JSON.stringify(profileJson), 'vilasr_profile.json');

/** Of how many cells of a maze, beside the path's end, a list tells the walls. */
const WALLED_CELLS = 7;

/** Of how many kinds or colours a list of a scene counts the shapes. */
const COUNTS = 4;

/** Share of the last messages that demand the answer, as the loop's does when its turns run out. */
const FORCED_ANSWERS = 0.1;

/** The world's whole trace, as the loop would hold the conversation. Planted mistakes are not learnt, their corrections are. */
export function traceLesson(rng: Rng, world: World): Lesson {
  return conversation(rng, world, paintImages(world), (text, soundUntil) => [
    [0, Math.min(soundUntil, text.length)],
  ]);
}

/** The same conversation without pictures, learnt only where the text alone decides: names, moves, sums, conclusions. */
export function drillLesson(rng: Rng, world: World): Lesson {
  const told = world.layout.family === 'maze' ? toldOfMaze : toldOfScene;
  return conversation(rng, world, null, (text, soundUntil) =>
    told(text).filter(([from, to]) => to > from && to <= soundUntil),
  );
}

function toldOfMaze(text: string): Span[] {
  const json = text.indexOf(', "start_point_2d"');
  if (json < 0) return [];
  const moves = text.matchAll(/Step \d: (up|down|left|right)/g);
  return [
    ...[...moves].map((match): Span => [match.index, match.index + match[0].length]),
    [json, text.length],
  ];
}

/** All but what is seen: whether a drawing went wrong, the places and widths of shapes and how many there are, the bar. */
function toldOfScene(text: string): Span[] {
  if (text.includes('<answer>')) return [[text.indexOf(' ') + 1, text.length]];
  const plan = text.indexOf(' I ') < 0 ? text.indexOf('I ') : text.indexOf(' I ') + 1;
  const spans: Span[] = [];
  let from = plan;
  for (const match of text.matchAll(/ Row 14: .*?\.(?! Row)|\(\d+, \d+\) \d+ px|\d+ px/g)) {
    spans.push([from, match.index + (match[0].startsWith('(') ? 1 : 0)]);
    from = match.index + match[0].length;
  }
  return [...spans, [from, text.length]];
}

/** Where is it? Names things, in any order, and learns only their places: the surest way to make a text look at a picture. */
export function findLesson(rng: Rng, world: World): Lesson {
  const { layout } = world;
  const things =
    layout.family === 'scene'
      ? layout.scene.shapes.map((shape) => ({
          name: nameOf(shape),
          cell: shape.cell,
          more: ` ${shape.radius * 2} px`,
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
    looks.push([text.length, text.length + place.length, 0, cellNumber(world.image.width, cell)]);
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

/** What lies where: in scenes how many of what; in mazes the letters, the walls round some cells, where the path ends. */
export function listLesson(rng: Rng, world: World): Lesson {
  const writer = new LessonWriter();
  writer.system(renderSystem(PROFILE, world.image));
  if (world.layout.family === 'scene') {
    writer.user(world.image, '\nCount the shapes.\n');
    const { text, spans, looks } = countShapes(rng, world, world.layout.scene, writer.length);
    writer.assistant(text, spans, looks);
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
  const asking = {
    text: world.question,
    options: world.options,
    type: world.type,
    kind: 'single' as const,
  };
  const question = textOf(renderQuestion(PROFILE, asking, [world.image]));
  const asked = { text: question, start: writer.user(picture(1), question) };
  let drew: Passage | null = null;
  world.turns.forEach(({ text, soundUntil, drawings }, i) => {
    const turn = { text, start: writer.length };
    const looks = looksOf(world, i, turn, asked, drew).filter(
      ([, to, image]) => to <= soundUntil && (images !== null || image < 0),
    );
    if (drawings.length > 0) drew = turn;
    writer.assistant(text, spansOf(text, soundUntil), looks);
    const next = i + 1;
    if (next === world.turns.length) return;
    const forced = next === world.turns.length - 1 && rng.chance(FORCED_ANSWERS);
    const drawn = { number: i + 2, size: world.image };
    writer.user(picture(i + 2), textOf(renderDrawn(PROFILE, [drawn], forced)));
  });
  return writer.finish(images === null ? 'drill' : 'trace');
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

/** Counts shapes of some kinds and colours in the words of a trace: which are counted is given, and not learnt. */
function countShapes(
  rng: Rng,
  { image }: World,
  scene: Scene,
  begin: number,
): { text: string; spans: Span[]; looks: Look[] } {
  const spans: Span[] = [];
  const looks: Look[] = [];
  let text = '';
  const nouns = rng.shuffle([...KINDS, ...COLOURS.map((colour) => `${colour} shape`)]);
  for (const noun of nouns.slice(0, COUNTS)) {
    const counted = scene.shapes.filter(({ kind, colour }) => noun === kind || noun === `${colour} shape`);
    text += `${text === '' ? '' : ' '}${noun}`;
    const named = begin + text.lastIndexOf(noun.split(' ').at(-1) ?? noun);
    const start = text.length;
    const rows = `. ${sightByRow(counted, noun)}`;
    for (const [from, to, ...where] of countLooks({ text: rows, start: begin + start }, image, named)) {
      looks.push([start + from, start + to, ...where]);
    }
    text += rows;
    spans.push([start, text.length]);
  }
  return { text, spans, looks };
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
    if (learn && cell !== null) looks.push([text.length, to, 0, cellNumber(world.image.width, cell)]);
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
  // Walls in the words of a trace. Which cell and which move is given: nothing but the wall is worth learning here.
  const others = rng.shuffle(Array.from({ length: maze.size ** 2 }, (_, i) => i)).slice(0, WALLED_CELLS);
  const cells = others.map((i): Cell => ({ column: i % maze.size, row: Math.floor(i / maze.size) }));
  for (const cell of [at, ...cells]) {
    say(` At (${centreOf(cell).join(', ')}).`, null, false);
    rng.shuffle(MOVES).forEach((move, i) => {
      say(` Step ${i + 1}: ${move}`, null, false);
      say(maze.isOpen(cell, move) ? '.' : ', wall.', cell);
    });
  }
  spans.push([text.length, text.length]);
  return { text, spans, looks };
}
