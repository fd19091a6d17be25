export { systemReason } from '../shared/system-reason';

/** A data file that cannot be read or written as asked. `message` is for people: which file, where in it, what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
