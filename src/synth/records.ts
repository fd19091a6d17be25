import { withDerived } from '../trace/derive';
import { TRACE_FORMAT, type Trace } from '../trace/trace';
import type { World } from './world';

/** A line of a question file, with upstream's fields for evaluation and training. */
export interface QuestionRecord {
  readonly question_id: string;
  readonly question: string;
  readonly answer: string;
  readonly image_path: readonly string[];
  readonly problem_type: 'multiple choice' | 'numerical';
  readonly options: readonly string[];
  /** Both names mean one image to upstream's trainer. */
  readonly data_type: 'maze' | 'vqa';
  /** Cells a side of a maze; upstream wants the field in every row. */
  readonly grid_size: number | null;
}

/** Where a world comes from: enough to make it again. */
export interface WorldName {
  readonly seed: number;
  readonly index: number;
}

/** `maze-7-12`: family, seed, index. */
export function worldId({ layout }: World, { seed, index }: WorldName): string {
  return `${layout.family}-${seed}-${index}`;
}

/** The world's question; `imagePath` is relative to the question file. */
export function questionRecord(world: World, name: WorldName, imagePath: string): QuestionRecord {
  const { layout } = world;
  return {
    question_id: worldId(world, name),
    question: world.question,
    answer: world.gold,
    image_path: [imagePath],
    problem_type: world.type === 'numerical' ? 'numerical' : 'multiple choice',
    options: world.options,
    data_type: layout.family === 'maze' ? 'maze' : 'vqa',
    grid_size: layout.family === 'maze' ? layout.maze.size : null,
  };
}

/**
 * The trace that solves the world, as the loop would have recorded it; `imagePath` is relative to the trace file. Nobody
 * spoke it, so that it has no run, tokens or seconds. The picture is made in model space: it is seen as it is.
 */
export function coldStartTrace(world: World, name: WorldName, imagePath: string): Trace {
  const { layout, image } = world;
  const size = { width: image.width, height: image.height };
  return withDerived({
    format: TRACE_FORMAT,
    id: worldId(world, name),
    question: world.question,
    options: world.options,
    type: world.type,
    gold: world.gold,
    kind: 'single',
    images: [{ path: imagePath, file: size, model: size }],
    turns: world.turns.map(({ text }) => ({ text, finish: 'stop', tokens: null, seconds: null })),
    finish: 'stop',
    error: null,
    run: null,
    source: {
      generator: 'vilasr synth',
      family: layout.family,
      task: world.task,
      ...name,
      gridSize: layout.family === 'maze' ? layout.maze.size : null,
    },
  });
}
