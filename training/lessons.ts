import profileJson from '../media/model/vilasr_profile.json';
import { paint } from '../src/image/paint';
import { readProfile } from '../src/reason/profile';
import { type PromptPart, renderDrawn, renderQuestion, renderSystem } from '../src/reason/render-prompt';
import { centreOf, sameCell } from '../src/synth/grid';
import { LETTERS, type Maze, MOVES, moved } from '../src/synth/maze';
import { stretches } from '../src/synth/maze-world';
import type { Rng } from '../src/synth/rng';
import { nameOf, type Scene } from '../src/synth/scene';
import type { World } from '../src/synth/world';
import type { Line } from '../src/trace/drawing';
import type { RgbImage } from '../src/trace/geometry';
import { traceLineage } from '../src/trace/lineage';
import { type Lesson, LessonWriter, type Span } from './lesson';

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

/** What lies where: names every object with its place; in mazes also the walls round some cells and where the path ends. */
export function listLesson(rng: Rng, world: World): Lesson {
  const writer = new LessonWriter();
  writer.system(renderSystem(PROFILE, world.image));
  if (world.layout.family === 'scene') {
    writer.user(world.image, '\nList the shapes.\n');
    const text = listShapes(world.layout.scene);
    writer.assistant(text, [[0, text.length]]);
  } else {
    const { image, end } = halfDrawn(rng, world, world.layout.maze);
    writer.user(image, '\nList what you see.\n');
    const { text, spans } = listMaze(rng, world.layout.maze, end);
    writer.assistant(text, spans);
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
  writer.user(picture(1), textOf(renderQuestion(PROFILE, question, [world.image])));
  world.turns.forEach(({ text, soundUntil }, i) => {
    writer.assistant(text, spansOf(text, soundUntil));
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

function listShapes(scene: Scene): string {
  const shapes = scene.shapes.map(
    (shape) => `${nameOf(shape)} (${centreOf(shape.cell).join(', ')}) ${shape.radius * 2}.`,
  );
  const bar = scene.bar === null ? '' : ` bar ${scene.bar.cells}.`;
  return `${shapes.join(' ')}${bar}`;
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

function listMaze(rng: Rng, maze: Maze, end: number): { text: string; spans: Span[] } {
  const spans: Span[] = [];
  let text = '';
  const say = (words: string, learn = true): void => {
    if (learn) spans.push([text.length, text.length + words.length]);
    text += words;
  };
  const at = maze.path[end] ?? maze.start;
  say(`At (${centreOf(at).join(', ')}).`);
  const letter = LETTERS.find((name) => sameCell(maze.letters[name], at));
  say(letter === undefined ? ' The path goes on.' : ` The path ends at ${letter}.`);
  for (const name of LETTERS) say(` ${name} (${centreOf(maze.letters[name]).join(', ')}).`);
  for (let i = 0; i < 4; i++) {
    const cell = i === 0 ? at : { column: rng.int(0, maze.size - 1), row: rng.int(0, maze.size - 1) };
    say(` At (${centreOf(cell).join(', ')}).`, false);
    for (const move of MOVES)
      say(` ${move}${maze.isOpen(cell, move) ? ` (${centreOf(moved(cell, move)).join(', ')})` : ', wall'}.`);
  }
  spans.push([text.length, text.length]);
  return { text, spans };
}
