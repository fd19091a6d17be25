import { findAction } from '../../trace/format-rule';
import { changesBox } from './box-reflection';
import { type KnownBlocks, readJoinedBlocks, UpstreamRaises } from './joined-blocks';
import { trainingAccuracy } from './training-accuracy';

/** What upstream's reward function gives for a dialogue, value for value. */
export interface UpstreamReward {
  /** 0..1; see `trainingAccuracy`. */
  readonly accuracy: number;
  /** 1 if its format rule holds for all turns together. */
  readonly format: 0 | 1;
  /** 1 if the format holds and some box changes; see `changesBox`. It is logged there, not rewarded. */
  readonly reflection: 0 | 1;
  /** The reward: half of accuracy and half of format, or nothing where the accuracy is 0. */
  readonly overall: number;
  /** At what its program ends with an error, in which case format and reflection are 0 here; null where it does not. */
  readonly raises: string | null;
}

export interface DialogueMessage {
  readonly role: string;
  /** Null where it is no text but a list of parts. */
  readonly content: string | null;
}

/**
 * Scores a dialogue of messages: system, user, assistant, user, assistant… The model's are those at places 2, 4, 6…, counted
 * from 0, whatever their roles: upstream goes by the place.
 *
 * @param questionType As upstream writes it: `multiple choice`, `numerical` or `regression`; all others earn nothing.
 * @param known what blocks say that were read before.
 */
export function upstreamReward(
  messages: readonly DialogueMessage[],
  gold: string,
  questionType: string,
  known: KnownBlocks = new Map(),
): UpstreamReward {
  const accuracy = trainingAccuracy(messages.at(-1)?.content ?? '', gold, questionType);
  const { format, reflection, raises } = judgeForm(messages, known);
  const overall = accuracy > 0 ? 0.5 * accuracy + 0.5 * format : accuracy;
  return { accuracy, format, reflection, overall, raises };
}

function judgeForm(
  messages: readonly DialogueMessage[],
  known: KnownBlocks,
): Omit<UpstreamReward, 'accuracy' | 'overall'> {
  try {
    let joined = '';
    for (let place = 2; place < messages.length; place += 2) {
      const content = messages[place]?.content ?? null;
      if (content === null) throw new UpstreamRaises(`message ${place + 1} is no text`);
      if (!holdsForm(content, place === messages.length - 1)) return BAD_FORM;
      joined += content;
    }
    const { boxes, clean } = readJoinedBlocks(joined, known);
    if (!clean) return BAD_FORM;
    return { format: 1, reflection: changesBox(boxes) ? 1 : 0, raises: null };
  } catch (error) {
    if (!(error instanceof UpstreamRaises)) throw error;
    return { ...BAD_FORM, raises: error.message };
  }
}

const BAD_FORM = { format: 0, reflection: 0, raises: null } as const;

function holdsForm(content: string, isLast: boolean): boolean {
  if (!content.startsWith('<think>') || findAction(content) === null) return false;
  const [opens, closes] = [content.includes('<answer>'), content.includes('</answer>')];
  return isLast ? opens && closes : !opens && !closes;
}
