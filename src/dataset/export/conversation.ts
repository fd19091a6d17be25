import type { PromptProfile } from '../../reason/profile';
import {
  type PromptPart,
  renderDrawn,
  renderQuestion,
  renderSystem,
  type ShownImage,
} from '../../reason/render-prompt';
import type { Size } from '../../trace/geometry';
import { inputImages, type LineageImage } from '../../trace/lineage';
import type { Trace } from '../../trace/trace';
import { CannotExport } from './export-target';
import { type OwnMessages, ownMessages, withEditedQuestion } from './own-messages';

/** What stands for an image in a text. */
export const IMAGE = '<image>';

/** What stands for media that no trace has, to LLaMA-Factory or to the tokenizer. One of them stops the whole training. */
const OTHER_MEDIA = ['<video>', '<audio>', '<|image_pad|>', '<|video_pad|>'];

export interface ConversationMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A trace as a trainer wants it. */
export interface TraceConversation {
  readonly messages: readonly ConversationMessage[];
  /** Other fields of the row that the trace came from. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Whether the trace brought messages of its own that its edits no longer fit. */
  readonly reworded: boolean;
}

/**
 * What was said to the model and what it said. The words are the trace's own if it was read from a conversation and they
 * still fit, else those of the profile. `sizes` are those of all its images in model space. Throws `CannotExport` where the
 * messages cannot show all its images, each once and in their order.
 */
export function conversationOf(
  { trace, original }: { readonly trace: Trace; readonly original: Trace },
  lineage: readonly LineageImage[],
  sizes: readonly Size[],
  profile: PromptProfile,
): TraceConversation {
  const { turns } = trace;
  if (turns.length === 0) throw new CannotExport('It has no turn.');
  const shown = turns.map((_, i) =>
    i === 0 ? lineage.filter(({ turn }) => turn === null) : lineage.filter(({ turn }) => turn === i - 1),
  );
  shown.forEach(({ length }, i) => {
    if (length > 0) return;
    throw new CannotExport(`Turn ${i} draws nothing that could be shown before turn ${i + 1}.`);
  });
  turns.forEach(({ text }, i) => {
    const word = text.includes(IMAGE) ? IMAGE : otherMedia(text);
    if (word !== null) throw new CannotExport(`Turn ${i + 1} says ${word}, ${TAKEN}`);
  });
  const own = fitting(ownMessages(trace), original, trace, shown);
  const said = own ?? rendered(trace, shown, sizes, profile);
  checkImages(said.users, shown);
  const messages: ConversationMessage[] = [
    ...(said.system === null ? [] : [{ role: 'system' as const, content: said.system }]),
    ...turns.flatMap(({ text }, i): ConversationMessage[] => [
      { role: 'user', content: said.users[i] ?? '' },
      { role: 'assistant', content: text },
    ]),
  ];
  const row = ownMessages(trace)?.row ?? {};
  return { messages, row, reworded: own === null && ownMessages(trace) !== null };
}

/**
 * The messages that ask the question of a trace and no more: the system's, if there is one, and the user's. `sizes` are those
 * of its input images in model space. Throws `CannotExport` as `conversationOf` does.
 */
export function promptOf(
  { trace, original }: { readonly trace: Trace; readonly original: Trace },
  sizes: readonly Size[],
  profile: PromptProfile,
): readonly ConversationMessage[] {
  const inputs = inputImages(trace.images.length);
  const own = ownMessages(trace);
  const asked = own === null ? null : { ...own, users: own.users.slice(0, 1) };
  const said = fitting(asked, original, trace, [inputs]) ?? rendered(trace, [inputs], sizes, profile);
  checkImages(said.users, [inputs]);
  // Trainers of reinforcement learning look for pictures in the system's message too.
  const word = said.system === null ? null : said.system.includes(IMAGE) ? IMAGE : otherMedia(said.system);
  if (word !== null) throw new CannotExport(`The system message says ${word}, ${TAKEN}`);
  return [
    ...(said.system === null ? [] : [{ role: 'system' as const, content: said.system }]),
    { role: 'user', content: said.users[0] ?? '' },
  ];
}

/** Each message shows as many images as there are, and nothing else. */
function checkImages(users: readonly string[], shown: readonly (readonly LineageImage[])[]): void {
  users.forEach((text, i) => {
    const count = shown[i]?.length ?? 0;
    if (countImages(text) !== count) {
      throw new CannotExport(
        `Message ${i + 1} to the model shows ${countImages(text)} images in place of ${count}.`,
      );
    }
    const word = otherMedia(text);
    if (word !== null) throw new CannotExport(`Message ${i + 1} to the model says ${word}, ${TAKEN}`);
  });
}

const TAKEN = 'which a trainer takes for a picture, a video or a sound.';

/** What in a text of a conversation a trainer takes for media that are not there; null if nothing. */
export const otherMedia = (text: string): string | null =>
  OTHER_MEDIA.find((word) => text.includes(word)) ?? null;

export const countImages = (text: string): number => text.split(IMAGE).length - 1;

type Said = Pick<OwnMessages, 'system' | 'users'>;

/** The trace's own messages, if they show as many images at each place as there are. */
function fitting(
  own: OwnMessages | null,
  original: Trace,
  trace: Trace,
  shown: readonly (readonly LineageImage[])[],
): Said | null {
  const edited = own === null ? null : withEditedQuestion(own, original, trace);
  if (edited === null || edited.users.length !== shown.length) return null;
  return edited.users.every((text, i) => countImages(text) === shown[i]?.length) ? edited : null;
}

function rendered(
  trace: Trace,
  shown: readonly (readonly LineageImage[])[],
  sizes: readonly Size[],
  profile: PromptProfile,
): Said {
  const { options, type, kind, run } = trace;
  const asShown = ({ number }: LineageImage): ShownImage => {
    const size = sizes[number - 1];
    if (size === undefined) throw new Error(`the size of image ${number} is not known`);
    return { number, size };
  };
  const [inputs = [], ...drawn] = shown.map((images) => images.map(asShown));
  if (kind === 'single' && inputs.length > 1) {
    throw new CannotExport(`Its question is about a single image, but it has ${inputs.length}.`);
  }
  const [first] = inputs;
  if (first === undefined) throw new CannotExport('It has no image.');
  let count = inputs.length;
  const users = [
    renderQuestion(
      profile,
      { text: trace.question, options, type, kind },
      inputs.map(({ size }) => size),
    ),
    ...drawn.flatMap(([image, ...more], i) => {
      count += more.length + 1;
      // As the loop says it: the next turn is the last one, or no more images may come.
      const final = run !== null && (i + 2 >= run.limits.maxTurns || count >= run.limits.maxImages);
      return image === undefined ? [] : [renderDrawn(profile, [image, ...more], final)];
    }),
  ];
  return { system: renderSystem(profile, first.size), users: users.map(written) };
}

const written = (parts: readonly PromptPart[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : IMAGE)).join('');
