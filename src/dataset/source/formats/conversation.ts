import { IMAGE, readRow } from '../../../reason/capture/rows';
import { deriveTurns } from '../../../trace/derive';
import type { LineageImage } from '../../../trace/lineage';
import type { InputImage, QuestionType, TraceKind, Turn } from '../../../trace/trace';
import { type Asked, readAsked } from './asked';
import { type DraftFinding, inTurn, type Keys } from './codec';
import type { Message } from './messages';
import { saidSizes } from './said-sizes';
import { badField } from './schema-findings';

/** A conversation as far as it makes a trace. */
export interface Conversation {
  readonly asked: Asked;
  readonly type: QuestionType;
  readonly kind: TraceKind;
  readonly images: readonly InputImage[];
  /** The images of the whole trace, inputs first. */
  readonly lineage: readonly LineageImage[];
  readonly turns: readonly Turn[];
  readonly answer: string | null;
  readonly system: string | null;
  /** The messages to the model: that with the question first. */
  readonly users: readonly string[];
}

/** How often a text shows an image. */
export const countImages = (text: string): number => text.split(IMAGE).length - 1;

/**
 * Reads messages as a trace: the first to the model asks, each of the model is a turn, later ones to the model show what
 * was drawn. Null where nothing asks about an image. `paths` are the files of the images, inputs first, which stand at
 * `imageKeys` of the item.
 */
export function readConversation(
  messages: readonly Message[],
  paths: readonly string[],
  imageKeys: Keys,
): { readonly conversation: Conversation | null; readonly findings: readonly DraftFinding[] } {
  const findings = [...wrongRoles(messages), ...wrongCount(messages, paths, imageKeys)];
  const question = messages.find(({ role }) => role === 'user');
  const inputs = countImages(question?.text ?? '');
  if (question === undefined || inputs === 0) {
    const keys = question?.keys ?? messages[0]?.keys ?? [];
    findings.push(badField(keys, `no message to the model shows an image (${IMAGE}) with a question`));
    return { conversation: null, findings };
  }
  if (paths.length < inputs) return { conversation: null, findings };

  const spoken = messages.filter(({ role }) => role === 'assistant');
  const turns = spoken.map(({ text }) => ({ text, finish: 'stop' as const, tokens: null, seconds: null }));
  const derived = deriveTurns(inputs, turns);
  for (const finding of derived.findings) {
    const { turn = 0 } = finding;
    findings.push(inTurn(finding, turn, spoken[turn]?.keys ?? []));
  }
  findings.push(...wrongDrawn(messages, derived.turns));

  const system = messages.find(({ role }) => role === 'system')?.text ?? null;
  const users = messages.filter(({ role }) => role === 'user').map(({ text }) => text);
  const asked = readAsked(question.text);
  const sizes = saidSizes(system, users, derived.images);
  const conversation: Conversation = {
    asked,
    type: asked.type ?? typeByAnswer(messages),
    kind: kindOf(question.text, inputs),
    images: sizes.map((model, i) => ({ path: paths[i] ?? '', file: null, model })),
    lineage: derived.images,
    turns: derived.turns,
    answer: derived.answer,
    system,
    users,
  };
  return { conversation, findings };
}

/** Messages to the model and by the model take turns, after the system's; a trainer leaves out rows where they do not. */
function wrongRoles(messages: readonly Message[]): DraftFinding[] {
  const start = messages[0]?.role === 'system' ? 1 : 0;
  const wrong = messages.findIndex(
    ({ role }, i) => i >= start && role !== ((i - start) % 2 === 0 ? 'user' : 'assistant'),
  );
  const at = messages[wrong];
  if (at !== undefined) {
    const by = (wrong - start) % 2 === 0 ? 'to the model' : 'of the model';
    const message = `A message ${by} has to stand here; they take turns. Trainers leave such a row out.`;
    return [{ code: 'wrong-role', severity: 'error', message, keys: at.keys.slice(0, -1) }];
  }
  const last = messages.at(-1);
  if (last === undefined || last.role === 'assistant') return [];
  const message = 'The model says nothing to the last message. Trainers leave such a row out.';
  return [{ code: 'unanswered', severity: 'error', message, keys: last.keys.slice(0, -1) }];
}

/** A trainer binds images to their places in order, and stops where there are more or fewer of them. */
function wrongCount(messages: readonly Message[], paths: readonly string[], keys: Keys): DraftFinding[] {
  const shown = messages
    .filter(({ role }) => role !== 'system')
    .reduce((sum, { text }) => sum + countImages(text), 0);
  if (shown === paths.length) return [];
  const message = `The messages show ${images(shown)} (${IMAGE}), but the row has ${paths.length}.`;
  return [{ code: 'image-count', severity: 'error', message, keys }];
}

/** What follows a turn has to show the images that its drawings give. */
function wrongDrawn(messages: readonly Message[], turns: readonly Turn[]): DraftFinding[] {
  let turn = -1;
  return messages.flatMap(({ role, text, keys }): DraftFinding[] => {
    if (role === 'assistant') turn++;
    const drawn = turns[turn]?.images.length;
    // Those of the last turn would be shown by a message that does not follow.
    if (role !== 'user' || drawn === undefined || turn === turns.length - 1) return [];
    const shown = countImages(text);
    if (shown === drawn) return [];
    const message = `The turn before draws ${images(drawn)}, but this message shows ${shown}.`;
    return [{ code: 'image-count', severity: 'error', message, keys, turn }];
  });
}

const images = (count: number): string => (count === 1 ? '1 image' : `${count} images`);

function typeByAnswer(messages: readonly Message[]): QuestionType {
  const conversations = messages.flatMap(({ role, text }) =>
    role === null ? [] : [{ role, content: text }],
  );
  return readRow({ conversations })?.type ?? 'free-form';
}

/** Nothing in a row says what its images are to one another, but its words: frames, or a video. */
export function kindOf(question: string, inputs: number): TraceKind {
  if (inputs === 1) return 'single';
  return /\b(?:video|frames?)\b/i.test(question) ? 'video' : 'multi-view';
}
