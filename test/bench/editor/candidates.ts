import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withDerived } from '../../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { TRACE_FORMAT, type Trace } from '../../../src/trace/trace';
import { writeTrace } from '../../../src/trace/trace-line';
import { PICTURES, pictureOf, SIZE } from '../pictures';

/** Candidates of a generated set, and of each of its questions. */
export const CANDIDATES = 100_000;
const OF_A_QUESTION = 8;

/** Of eight candidates three are right and correct a box: those that a review begins with. */
export const isWorthReview = (i: number): boolean => [1, 4, 6].includes(i % OF_A_QUESTION);

/** Candidate `i` of the set, which draws on its picture twice; the second box corrects the first, or is another one. */
function candidate(i: number): Trace {
  const question = Math.floor(i / OF_A_QUESTION);
  const left = (i * 13) % 300;
  const box = (index: number, at: number, label: string) =>
    ({ index, bbox_2d: [at, 40, at + 90, 130], label }) as const;
  const [second, answer] = isWorthReview(i) ? ['the door', 'B'] : ['the window', i % 2 === 0 ? 'B' : 'C'];
  const texts = [
    formatDrawingTurn(`I look for the door of house ${i}.`, [box(1, left, 'the door')]),
    formatDrawingTurn('I look again.', [box(2, left + 40, second)]),
    formatAnswerTurn('So it is.', answer),
  ];
  return withDerived({
    format: TRACE_FORMAT,
    ...{ id: `house-${question}#${(i % OF_A_QUESTION) + 1}`, question: `What colour has door ${question}?` },
    ...{ options: ['A. red', 'B. green', 'C. blue'], type: 'multiple-choice', gold: 'B', kind: 'single' },
    images: [{ path: pictureOf(question % PICTURES), file: SIZE, model: SIZE }],
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
    ...{ finish: 'stop', error: null, run: null },
    source: {
      ...{ questions: 'questions.jsonl', line: question + 1, gridSize: null },
      sample: {
        question: `house-${question}`,
        candidate: (i % OF_A_QUESTION) + 1,
        of: OF_A_QUESTION,
        seed: 0,
      },
    },
  });
}

function* lines(): Generator<string> {
  for (let i = 0; i < CANDIDATES; i++) yield `${writeTrace(candidate(i))}\n`;
}

/** Writes the whole set to `path`, line by line. */
export async function writeCandidates(path: string): Promise<void> {
  await pipeline(Readable.from(lines()), createWriteStream(path, { highWaterMark: 1 << 20 }));
}
