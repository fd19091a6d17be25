import { captureDrawn } from './capture/capture-drawn';
import { captureLines } from './capture/capture-lines';
import { majority } from './capture/majority';
import type { AddNote, CaptureNote } from './capture/notes';
import { type NumberedText, numberTemplate, skeleton } from './capture/number-template';
import { questionTemplates } from './capture/question-templates';
import { type CaptureRow, type CaptureSample, readRow, type Size } from './capture/rows';
import { PROFILE_FORMAT, ProfileError, type PromptProfile, readProfile } from './profile';

export type { CaptureNote } from './capture/notes';
export type { CaptureRow } from './capture/rows';

export interface CapturedProfile {
  readonly profile: PromptProfile;
  /** What the rows do not show, or not clearly; empty if everything was captured beyond doubt. */
  readonly notes: readonly CaptureNote[];
}

/**
 * The prompt profile that the rows of a data set were written with: their system messages, questions and messages after
 * drawings, with numbers, question and options taken out. What most rows say counts; what no row shows is taken from
 * `base`; both are said in the notes. A question must begin on a line of its own (or after words that end with a colon)
 * and end with one; rows whose questions all begin or end with the same lines make these lines wording.
 *
 * Throws `ProfileError` if no row has a system message and a question with an image.
 */
export function captureProfile(rows: Iterable<CaptureRow>, base: PromptProfile): CapturedProfile {
  const notes: CaptureNote[] = [];
  const note: AddNote = (field, kind, message) => notes.push({ field, kind, message });
  const samples = [...rows].flatMap((row) => readRow(row) ?? []);
  if (!samples.some(({ system }) => system !== null)) {
    throw new ProfileError('No row has a system message and a question that shows an image (<image>).');
  }
  const { words, sizes } = captureDrawn(samples, note);
  for (const field of ['next', 'final', 'one', 'earlier', 'last'] as const) {
    if (words[field] === undefined) note(`drawn.${field}`, 'not-seen', 'No row shows it.');
  }
  const groups = groupByKind(samples);
  const multiView = captureLines(groups.multiView, 'question.multiView', note);
  const video = captureLines(groups.video, 'question.video', note);
  const firstSizes = new Map<CaptureSample, Size>();
  for (const sample of groups.single) {
    const size = sizes.get(sample);
    if (size) firstSizes.set(sample, size);
  }
  for (const { sample, size } of [...(multiView?.rows ?? []), ...(video?.rows ?? [])]) {
    if (size) firstSizes.set(sample, size);
  }
  const profile: PromptProfile = {
    format: PROFILE_FORMAT,
    system: captureSystem(samples, firstSizes, note) ?? base.system,
    question: questionTemplates({ single: groups.single, sizes, multiView, video }, base.question, note),
    drawn: { ...base.drawn, ...words },
  };
  // A profile that is put together here must be one that can be read again.
  return { profile: readProfile(JSON.stringify(profile), 'The captured profile'), notes };
}

/** Nothing in a row says what its images are to one another, but its words: frames, or a video. */
function groupByKind(
  samples: readonly CaptureSample[],
): Record<'single' | 'multiView' | 'video', CaptureSample[]> {
  const groups: Record<'single' | 'multiView' | 'video', CaptureSample[]> = {
    single: [],
    multiView: [],
    video: [],
  };
  for (const sample of samples) {
    const { segments } = sample.question;
    const several = /\b(?:video|frames?)\b/i.test(segments.join(' ')) ? groups.video : groups.multiView;
    (segments.length === 2 ? groups.single : several).push(sample);
  }
  return groups;
}

function captureSystem(
  samples: readonly CaptureSample[],
  sizes: ReadonlyMap<CaptureSample, Size>,
  note: AddNote,
): string | null {
  const texts = samples.flatMap((sample): NumberedText[] =>
    sample.system === null ? [] : [{ text: sample.system, known: knownOf(sizes.get(sample)) }],
  );
  const { same, others } = majority(texts, ({ text }) => skeleton(text));
  if (others > 0)
    note('system', 'differs', `${others} of ${texts.length} system messages say something else.`);
  const system = numberTemplate(
    same.some(({ known }) => 'width' in known) ? same.filter(({ known }) => 'width' in known) : same,
  );
  if (system === null) note('system', 'not-seen', 'A number in it varies that is no side of image 1.');
  if (system?.assumed) note('system', 'assumed', 'Of two sizes the first is taken for the width.');
  return system?.template ?? null;
}

const knownOf = (size: Size | undefined): Record<string, number> =>
  size ? { width: size[0], height: size[1] } : {};
