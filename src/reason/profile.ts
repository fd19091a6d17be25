import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { placeholders, TemplateError } from './template';

/** The version of the JSON form. */
export const PROFILE_FORMAT = 'vilasr.profile/1';

/** A template in which exactly these placeholders may stand, and the required ones must, once. */
function template(allowed: string, required = '') {
  return v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const problem = templateProblem(dataset.value, words(allowed), words(required));
      if (problem !== null) addIssue({ message: problem });
    }),
  );
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function templateProblem(text: string, allowed: string[], required: string[]): string | null {
  const list = (names: string[]) => names.map((name) => `{${name}}`).join(', ') || 'none';
  try {
    const used = placeholders(text);
    const unknown = used.filter((name) => !allowed.includes(name));
    if (unknown.length > 0) return `unknown placeholder ${list(unknown)}; known here: ${list(allowed)}`;
    const missing = required.filter((name) => !used.includes(name));
    if (missing.length > 0) return `placeholder ${list(missing)} is missing`;
    const repeated = required.filter((name) => used.indexOf(name) !== used.lastIndexOf(name));
    if (repeated.length > 0) return `placeholder ${list(repeated)} stands there more than once`;
    return null;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** The message that asks a question about several images. */
const severalSchema = v.strictObject({
  /** One of the images; these, one after another, are `{images}`. Width and height are that image's. */
  image: template('image index width height', 'image'),
  message: template('images count question options instruction', 'images question options instruction'),
});

const profileSchema = v.strictObject({
  format: v.literal(PROFILE_FORMAT),
  /** The system message; width and height are those of image 1. */
  system: template('width height'),
  question: v.strictObject({
    single: template(
      'image index width height question options instruction',
      'image question options instruction',
    ),
    multiView: severalSchema,
    video: severalSchema,
    /** Stands for `{options}` where a question has options, which are put there a line each; else nothing does. */
    options: template('options', 'options'),
    /** Stands for `{instruction}`, by the type of the question. */
    instructions: v.strictObject({
      'multiple-choice': template(''),
      numerical: template(''),
      'free-form': template(''),
    }),
  }),
  drawn: v.strictObject({
    /** What is said of a drawn image, so that the model goes on. */
    next: template('index width height'),
    /** What is said instead before the last allowed turn, so that the model answers. */
    final: template('index width height'),
    /** The message where a turn drew one image; `{message}` is `next` or `final`. */
    one: template('image message', 'image message'),
    /** Where a turn drew several: each image but the last, */
    earlier: template('image index width height', 'image'),
    /** and the last. */
    last: template('image message', 'image message'),
  }),
});

/**
 * All that is said to a model besides the question: the very words a checkpoint was trained with, as data. Every text is a
 * template (see `parseTemplate`) and carries its own line ends, since a message is put together without any.
 */
export type PromptProfile = v.InferOutput<typeof profileSchema>;

/** A profile that cannot be used. `message` names the file and says of each field what is wrong. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** Reads a profile from JSON text; `where` names its source in errors. Throws `ProfileError`. */
export function readProfile(text: string, where: string): PromptProfile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProfileError(`${where} is not JSON: ${why}`);
  }
  const result = v.safeParse(profileSchema, json);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return `  ${path === null ? '' : `${path}: `}${issue.message}`;
  });
  throw new ProfileError(`${where} is not a prompt profile (${PROFILE_FORMAT}):\n${problems.join('\n')}`);
}

/** Of profiles that were asked about: each trace names one. */
const hashes = new WeakMap<PromptProfile, string>();

/** SHA-256 (hexadecimal) of a profile's canonical JSON: keys sorted, no white space. Layout of the file is no matter. */
export function profileHash(profile: PromptProfile): string {
  const known = hashes.get(profile);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(canonicalJson(profile)).digest('hex');
  hashes.set(profile, hash);
  return hash;
}

function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}
