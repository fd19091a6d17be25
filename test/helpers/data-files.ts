import { defaultProfile } from '../../src/reason/default-profile';
import type { Question } from '../../src/reason/question';
import { type PromptPart, renderDrawn, renderQuestion, renderSystem } from '../../src/reason/render-prompt';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import type { Size } from '../../src/trace/geometry';

/** A conversation as a row of a data set: sizes of its inputs, and for each turn the images that it draws a box on. */
export interface ConversationPlan {
  readonly folder: string;
  readonly question: Omit<Question, 'gold'>;
  readonly sizes: readonly [Size, ...Size[]];
  readonly turns: readonly (readonly [number, ...number[]])[];
  readonly answer: string;
}

export interface ConversationRow {
  readonly conversations: { role: string; content: string }[];
  readonly images: string[];
}

/** Number `i` of plans that are all different and all sound: one image, several views, frames of a video. */
export function planOf(i: number, folder = `./cold_start/maze/${i}`): ConversationPlan {
  const kind = (['single', 'multi-view', 'video'] as const)[i % 3] ?? 'single';
  const type = (['multiple-choice', 'numerical', 'free-form'] as const)[Math.floor(i / 3) % 3] ?? 'free-form';
  const size = (k: number): Size => ({
    width: 28 * (5 + ((i + k) % 17)),
    height: 28 * (4 + ((i * 3 + k) % 13)),
  });
  const inputs = kind === 'single' ? 1 : 2 + (i % 2);
  return {
    folder,
    question: {
      text: `How does the way of thing ${i} end?\nLook twice.`,
      options: type === 'multiple-choice' ? [`A. at ${i}`, 'B. nowhere'] : [],
      type,
      kind,
    },
    sizes: [size(0), ...Array.from({ length: inputs - 1 }, (_, k) => size(k + 1))],
    turns: kind === 'single' ? [[1], [2]] : [[1, 2], [inputs + 1]],
    answer: { 'multiple-choice': 'B', numerical: `${i}.5`, 'free-form': 'a red door' }[type],
  };
}

const written = (parts: readonly PromptPart[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '<image>')).join('');

/** The row that upstream's cold-start files would have for a plan, in the words of the default profile. */
export function conversationRow({
  folder,
  question,
  sizes,
  turns,
  answer,
}: ConversationPlan): ConversationRow {
  const conversations = [
    { role: 'system', content: renderSystem(defaultProfile, sizes[0]) },
    { role: 'user', content: written(renderQuestion(defaultProfile, question, sizes)) },
  ];
  const shown: Size[] = [...sizes];
  turns.forEach((indices, t) => {
    const [first, ...rest] = indices.map(
      (index) => ({ index, bbox_2d: [t, t, 40 + t, 30 + t], label: `thing ${t}` }) as const,
    );
    if (!first) return;
    conversations.push({
      role: 'assistant',
      content: formatDrawingTurn(`I look for ${t}.`, [first, ...rest]),
    });
    const drawn = indices.map((index, k) => ({
      number: shown.length + k + 1,
      size: shown[index - 1] ?? sizes[0],
    }));
    shown.push(...drawn.map(({ size }) => size));
    const [one, ...more] = drawn;
    if (one)
      conversations.push({
        role: 'user',
        content: written(renderDrawn(defaultProfile, [one, ...more], false)),
      });
  });
  conversations.push({ role: 'assistant', content: formatAnswerTurn('So it is.', answer) });
  return { conversations, images: shown.map((_, k) => `${folder}/images/image_${k}.png`) };
}

const TYPES = { 'multiple-choice': 'multiple choice', numerical: 'regression', 'free-form': 'free-form' };

/** The row that upstream's evaluation files would have for a plan. */
export function questionRow({ folder, question, sizes, answer }: ConversationPlan): Record<string, unknown> {
  return {
    question: question.text,
    answer,
    image_path: sizes.map((_, k) => `${folder}/image_${k}.png`),
    problem_type: TYPES[question.type],
    ...(question.options.length > 0 && { options: question.options }),
    data_type: question.kind === 'video' ? 'video' : 'maze',
    grid_size: question.kind === 'single' ? 5 : null,
  };
}

/** The row that upstream's results.jsonl would have: messages to the model name one image each, whatever there were. */
export function resultsRow(plan: ConversationPlan): Record<string, unknown> {
  const { conversations } = conversationRow(plan);
  return {
    ...questionRow(plan),
    conversations: conversations.map(({ role, content }) =>
      role === 'user'
        ? {
            role,
            content: [
              { type: 'image', image: 'image_path', nframes: 'args.max_frames' },
              { type: 'text', text: content.replaceAll('<image>', '') },
            ],
          }
        : { role, content: [{ type: 'text', text: content }] },
    ),
    model_output: conversations.at(-1)?.content,
    model_id: 'some-model',
    sample_dir: `out/sample_20260101_000000`,
  };
}

/** The `text_data.json` that upstream's inference would write. */
export function textData(plan: ConversationPlan): Record<string, unknown> {
  const { conversations } = conversationRow(plan);
  const pads = '<|vision_start|><|image_pad|><|image_pad|><|vision_end|>';
  const chat = conversations.map(
    ({ role, content }) => `<|im_start|>${role}\n${content.replaceAll('<image>', pads)}<|im_end|>\n`,
  );
  return {
    prompt: chat.slice(0, 2).join(''),
    sequence: chat.join(''),
    response: chat.slice(2).join(''),
    finish_reason: 'stop',
    execution_pass: 0,
  };
}

/** `count` rows of `rowOf`, one a line. */
export const jsonLines = (count: number, rowOf: (plan: ConversationPlan) => unknown): string =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify(rowOf(planOf(i)))}\n`).join('');

/** `count` rows of `rowOf` as one JSON array, laid out as upstream's `json.dump(..., indent=4)` does. */
export const jsonArray = (count: number, rowOf: (plan: ConversationPlan) => unknown): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, i) => rowOf(planOf(i))),
    null,
    4,
  );

const REWARD_TYPES = {
  'multiple-choice': 'multiple choice',
  numerical: 'numerical',
  'free-form': 'free-form',
};

/** The ground truth of an export for verl. */
export const rolloutTruth = ({ sizes, question, answer }: ConversationPlan): string =>
  JSON.stringify({
    answer,
    type: REWARD_TYPES[question.type],
    images: sizes.map((_, k) => `images/${k}.png`),
  });

/** A line of verl's dump of rollouts: what the chat template makes of a plan, without its special tokens. */
export function rolloutRow(
  plan: ConversationPlan,
  gts: unknown = rolloutTruth(plan),
): Record<string, unknown> {
  const said = conversationRow(plan).conversations.map(({ role, content }) => ({
    role,
    text: content.replaceAll('<image>', ''),
  }));
  const lines = (some: typeof said) => some.map(({ role, text }) => `${role}\n${text}\n`).join('');
  return {
    input: `${lines(said.slice(0, 2))}assistant\n`,
    output: lines(said.slice(2)).slice('assistant\n'.length, -1),
    gts,
    score: 1,
    step: 3,
    request_id: 'a1b2',
  };
}
