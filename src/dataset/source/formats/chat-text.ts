import { IMAGE } from '../../../reason/capture/rows';
import type { Keys } from './codec';
import type { Message, Role } from './messages';

const [START, END] = ['<|im_start|>', '<|im_end|>'];
const ROLES: readonly Role[] = ['system', 'user', 'assistant'];

/**
 * The messages of a text that the chat template made: `<|im_start|>role`, a line feed, the text, `<|im_end|>`. Image tokens
 * become `<image>`. What the model was asked to begin but did not is no message. Empty where nothing is marked.
 */
export function splitChat(sequence: string, keys: Keys): Message[] {
  const pieces = sequence.split(START).slice(1);
  return pieces.flatMap((piece, i): Message[] => {
    const feed = piece.indexOf('\n');
    const name = (feed < 0 ? piece : piece.slice(0, feed)).trim();
    const body = feed < 0 ? '' : piece.slice(feed + 1);
    const end = body.indexOf(END);
    const text = withImages(end < 0 ? body : body.slice(0, end));
    const role = ROLES.find((known) => known === name) ?? null;
    if (i === pieces.length - 1 && role === 'assistant' && end < 0 && text === '') return [];
    return [{ role, text, keys }];
  });
}

/** An image is as many tokens as it has patches, between two that mark its ends. */
function withImages(text: string): string {
  return text
    .replaceAll(/<\|vision_start\|>(?:<\|(?:image|video)_pad\|>)+<\|vision_end\|>/g, IMAGE)
    .replaceAll(/(?:<\|image_pad\|>)+/g, IMAGE);
}
