import { errorCode } from './error-code';

/** Why a file operation failed, as the end of a sentence. */
export function systemReason(error: unknown): string {
  const known = REASONS.get(errorCode(error) ?? '');
  return known ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it is not there'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'its path goes through a file'],
  ['EEXIST', 'a file of that name is there'],
  ['EACCES', 'its permissions forbid it'],
  ['EPERM', 'its permissions forbid it'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
]);
