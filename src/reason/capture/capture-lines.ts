import { escapeTemplate } from '../template';
import { majority } from './majority';
import type { AddNote } from './notes';
import { numberTemplate, skeleton } from './number-template';
import type { CaptureSample, Size } from './rows';

/** How messages about several images speak of each image, and what they say after the last one. */
export interface ImageLines {
  /** Template of the line of one image. */
  readonly image: string;
  /** Template of what stands before the first image. */
  readonly before: string;
  /** The samples that speak so, what each says after its images, and the size of its image 1 where it says it. */
  readonly rows: readonly {
    readonly sample: CaptureSample;
    readonly rest: string;
    readonly size: Size | null;
  }[];
}

/** Reads the lines of the images; the last one, which the question follows, must be like the others. */
export function captureLines(
  samples: readonly CaptureSample[],
  field: string,
  note: AddNote,
): ImageLines | null {
  const lines = samples.flatMap((sample) =>
    sample.question.segments.slice(1, -1).map((text, i) => ({ text, known: { index: i + 1 }, sample })),
  );
  const { same } = majority(lines, ({ text }) => skeleton(text));
  const [first] = same;
  const template = numberTemplate(same);
  if (!first || !template) {
    if (samples.length > 0)
      note(`${field}.image`, 'not-seen', 'A number in it varies that is no index and no side.');
    return null;
  }
  if (template.assumed) note(`${field}.image`, 'assumed', 'Of two sizes the first is taken for the width.');
  const like = new RegExp(`^${first.text.split(/\d+/).map(escapeRegExp).join('\\d+')}`);
  const befores = majority(samples, ({ question }) => question.segments[0] ?? '');
  const sizes = new Map<CaptureSample, Size | null>();
  same.forEach(({ sample, known }, i) => {
    if (known.index === 1) sizes.set(sample, template.sizes[i] ?? null);
  });
  const rows = befores.same.flatMap((sample) => {
    const last = sample.question.segments.at(-1) ?? '';
    const line = like.exec(last)?.[0];
    const size = sizes.get(sample);
    return line === undefined || size === undefined ? [] : [{ sample, rest: last.slice(line.length), size }];
  });
  if (rows.length < samples.length) {
    note(
      field,
      'differs',
      `${samples.length - rows.length} of ${samples.length} questions about several images begin otherwise.`,
    );
  }
  const before = escapeTemplate(befores.same[0]?.question.segments[0] ?? '');
  return { image: `{image}${template.template}`, before, rows };
}

const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
