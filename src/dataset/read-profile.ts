import { resolve } from 'node:path';
import { defaultProfile } from '../reason/default-profile';
import { type PromptProfile, readProfile } from '../reason/profile';
import { teacherProfile } from '../reason/teacher-profile';
import { readTextFile } from './read-text';

/** The name of the profile that tells a general model how to work. */
export const TEACHER = 'teacher';

/** Profiles that have a name instead of a file. */
const BUILT_IN: Readonly<Record<string, PromptProfile>> = {
  default: defaultProfile,
  [TEACHER]: teacherProfile,
};

/** The names of the built-in profiles. */
export const BUILT_IN_PROFILES: readonly string[] = Object.keys(BUILT_IN);

/**
 * The built-in profile of that name, else the one in that file, whose path may start from `folder`. A file of such a name is
 * meant by `./teacher`. Throws `DataError` where it cannot be read, and `ProfileError` where it is none.
 */
export async function findProfile(nameOrPath: string, folder = ''): Promise<PromptProfile> {
  if (Object.hasOwn(BUILT_IN, nameOrPath)) return BUILT_IN[nameOrPath] ?? defaultProfile;
  const path = resolve(folder, nameOrPath);
  return readProfile(await readTextFile(path, 'The profile'), path);
}
