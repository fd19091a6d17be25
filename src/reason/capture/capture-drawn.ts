import type { PromptProfile } from '../profile';
import { escapeTemplate } from '../template';
import { majority } from './majority';
import type { AddNote } from './notes';
import { type NumberedText, numberTemplate, skeleton } from './number-template';
import type { CaptureSample, ShownMessage, Size } from './rows';

/** The words after drawing turns, as far as rows show them. */
export type DrawnWords = Partial<PromptProfile['drawn']>;

/** What the last image of a message is told, and the white space round it. */
interface Told extends NumberedText {
  readonly before: string;
  readonly after: string;
  readonly message: ShownMessage;
  readonly sample: CaptureSample;
}

/**
 * The words of messages after drawing turns, and for each sample whose messages say it the size of its images. Of two
 * wordings the one that other messages follow is that for going on, the other that for the forced answer.
 */
export function captureDrawn(
  samples: readonly CaptureSample[],
  note: AddNote,
): { readonly words: DrawnWords; readonly sizes: ReadonlyMap<CaptureSample, Size> } {
  const told = samples.flatMap((sample) => sample.drawn.map((message) => lastTold(message, sample)));
  const going = majority(
    told.filter(({ message }) => message.followed),
    ({ text }) => skeleton(text),
  ).same[0];
  const key = going ?? majority(told, ({ text }) => skeleton(text)).same[0];
  const isNext = ({ text }: Told) => key !== undefined && skeleton(text) === skeleton(key.text);
  const next = told.filter(isNext);
  const rest = told.filter((one) => !isNext(one));
  const ending = majority(
    rest.filter(({ message }) => !message.followed),
    ({ text }) => skeleton(text),
  );
  const words: { -readonly [K in keyof DrawnWords]: DrawnWords[K] } = {};

  const nextTemplate = numberTemplate(next);
  if (nextTemplate) words.next = nextTemplate.template;
  if (nextTemplate?.assumed) note('drawn.next', 'assumed', 'Of two sizes the first is taken for the width.');
  const finalTemplate = numberTemplate(ending.same);
  if (finalTemplate) words.final = finalTemplate.template;
  const others = rest.length - ending.same.length;
  if (others > 0)
    note('drawn.next', 'differs', `${others} of ${told.length} messages after a drawing say something else.`);

  const layout = (field: 'one' | 'last', single: boolean) => {
    const of = told.filter(({ message }) => (message.segments.length === 2) === single);
    const { same, others } = majority(of, ({ before, after, message }) =>
      JSON.stringify([before, after, single && message.segments[0]]),
    );
    const [found] = same;
    if (!found) return;
    const lead = single ? escapeTemplate(found.message.segments[0] ?? '') : '';
    words[field] = `${lead}{image}${found.before}{message}${found.after}`;
    if (others > 0)
      note(`drawn.${field}`, 'differs', `${others} of ${of.length} messages have other line ends.`);
  };
  layout('one', true);
  layout('last', false);

  const earlier = samples.flatMap((sample) => sample.drawn.flatMap(earlierLines));
  const lines = majority(earlier, ({ text }) => skeleton(text));
  const earlierTemplate = numberTemplate(lines.same);
  if (earlierTemplate) words.earlier = `{image}${earlierTemplate.template}`;
  if (lines.others > 0)
    note('drawn.earlier', 'differs', `${lines.others} of ${earlier.length} lines say something else.`);

  const sizes = new Map<CaptureSample, Size>();
  next.forEach(({ sample }, i) => {
    const size = nextTemplate?.sizes[i];
    if (size && !sizes.has(sample)) sizes.set(sample, size);
  });
  return { words, sizes };
}

function lastTold(message: ShownMessage, sample: CaptureSample): Told {
  const last = message.segments.at(-1) ?? '';
  const text = last.trim();
  const start = last.indexOf(text);
  const index = message.firstIndex + message.segments.length - 2;
  return {
    text,
    known: { index },
    before: last.slice(0, start),
    after: last.slice(start + text.length),
    message,
    sample,
  };
}

const earlierLines = ({ segments, firstIndex }: ShownMessage): NumberedText[] =>
  segments.slice(1, -1).map((text, i) => ({ text, known: { index: firstIndex + i } }));
