import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface SampleQuestion {
  readonly text: string;
  readonly answer: string;
  readonly options: readonly string[];
}

/** What the bundled model is asked of the pictures that come with it, and the right answers. */
export const MAZE_QUESTION = sampleOf('maze.png');
export const SCENE_QUESTION = sampleOf('scene.png');

function sampleOf(picture: string): SampleQuestion {
  const path = join(import.meta.dirname, '../../media/samples/questions.jsonl');
  const rows = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { question, answer, options } = rows.find(({ image_path }) => image_path.includes(picture));
  return { text: question, answer, options };
}
