import { QUESTION_TYPES, type QuestionType } from '../../trace/trace';
import type { PromptProfile } from '../profile';
import { placeholders } from '../template';
import type { ImageLines } from './capture-lines';
import { type Asked, captureQuestion, OPTION_LINE, type QuestionWords } from './capture-question';
import type { AddNote } from './notes';
import { type CaptureSample, IMAGE, type Size } from './rows';

/** The questions of a data set by what their images are to one another. */
export interface QuestionGroups {
  readonly single: readonly CaptureSample[];
  /** The size of the image of a single question, where it is known. */
  readonly sizes: ReadonlyMap<CaptureSample, Size>;
  readonly multiView: ImageLines | null;
  readonly video: ImageLines | null;
}

type Instructions = Partial<Record<QuestionType, string>>;
type Templates = { -readonly [K in keyof PromptProfile['question']]: PromptProfile['question'][K] };

/** The templates of questions, as far as the groups show them; the rest is the base profile's. */
export function questionTemplates(
  groups: QuestionGroups,
  base: PromptProfile['question'],
  note: AddNote,
): PromptProfile['question'] {
  const asked = {
    single: askedAlone(groups),
    multiView: askedAfterLines(groups.multiView),
    video: askedAfterLines(groups.video),
  };
  const words = (['single', 'multiView', 'video'] as const).flatMap((kind) => {
    const found = asked[kind].length > 0 ? captureQuestion(asked[kind], `question.${kind}`, note) : null;
    if (asked[kind].length === 0) note(`question.${kind}`, 'not-seen', 'No row asks such a question.');
    return found ? [{ kind, found }] : [];
  });
  const instructions = combineInstructions(
    words.map(({ found }) => found),
    note,
  );
  const templates: Templates = { ...base, instructions: { ...base.instructions, ...instructions } };
  for (const type of QUESTION_TYPES) {
    if (instructions[type] === undefined)
      note(`question.instructions.${type}`, 'not-seen', 'No row asks for such an answer.');
  }
  for (const { kind, found } of words) {
    const around = `${found.before}{question}{options}${leadOf(found, instructions)}{instruction}${found.tail}`;
    const lines = kind === 'single' ? null : groups[kind];
    if (kind !== 'single' && lines) {
      templates[kind] = { image: lines.image, message: `${lines.before}{images}${around}` };
    } else if (kind === 'single' && around.includes(IMAGE)) {
      templates.single = around.replace(IMAGE, '{image}');
    } else {
      note(`question.${kind}`, 'not-seen', 'The image stands within the question.');
    }
  }
  const all = [...asked.single, ...asked.multiView, ...asked.video];
  if (all.some(({ text }) => OPTION_LINE.test(text))) templates.options = '\n{options}';
  else
    note('question.options', 'not-seen', 'No row has options on lines of their own that begin with letters.');
  return templates;
}

function askedAlone({ single, sizes }: QuestionGroups): Asked[] {
  const asked = single.map((sample): Asked => {
    const size = sizes.get(sample);
    const known = size ? { width: size[0], height: size[1] } : {};
    return { text: sample.question.segments.join(IMAGE), known, type: sample.type };
  });
  const sized = asked.filter(({ known }) => 'width' in known);
  return sized.length > 0 ? sized : asked;
}

const askedAfterLines = (lines: ImageLines | null): Asked[] =>
  (lines?.rows ?? []).map(({ sample, rest }) => ({
    text: rest,
    known: { count: sample.question.segments.length - 1 },
    type: sample.type,
  }));

/** Instructions that several types told apart go before those that were taken from one type alone. */
function combineInstructions(words: readonly QuestionWords[], note: AddNote): Instructions {
  const instructions: Instructions = {};
  for (const { instructions: found, split } of [...words].sort((a, b) => Number(b.split) - Number(a.split))) {
    for (const type of QUESTION_TYPES) {
      const text = found[type];
      const field = `question.instructions.${type}`;
      if (text === undefined) continue;
      if (placeholders(text).length > 0) {
        note(
          field,
          'not-seen',
          'It would have to hold sizes or numbers of images, which an instruction cannot.',
        );
        continue;
      }
      if (instructions[type] === undefined) {
        instructions[type] = text;
        if (!split)
          note(
            field,
            'assumed',
            'Only one type of question is seen; the last line before an empty one is taken for it.',
          );
      } else if (split && instructions[type] !== text) {
        note(
          field,
          'differs',
          'Questions about one image and about several images give it in different words.',
        );
      }
    }
  }
  return instructions;
}

/** What stands before the instruction; where one type alone was seen, the instruction may be known from other questions. */
function leadOf({ lead, instructions: own, split }: QuestionWords, instructions: Instructions): string {
  if (split) return lead;
  const [type] = QUESTION_TYPES.filter((one) => own[one] !== undefined);
  const known = type && instructions[type];
  const whole = lead + (type ? (own[type] ?? '') : '');
  return known !== undefined && whole.endsWith(known) ? whole.slice(0, whole.length - known.length) : lead;
}
