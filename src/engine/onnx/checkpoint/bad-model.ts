import { errorCode } from '../../../shared/error-code';
import { EngineError } from '../../engine';

/** A checkpoint that cannot be run: `path` is the file at fault, `what` goes on after it ("is cut short …"). */
export function badModel(path: string, what: string): EngineError {
  return new EngineError('bad-model', `${path} ${what}.`);
}

/** Turns the error of a file operation on `path` into words; an `EngineError` passes unchanged. */
export function explainRead(error: unknown, path: string): EngineError {
  if (error instanceof EngineError) return error;
  switch (errorCode(error)) {
    case 'ENOENT':
      return badModel(path, 'is missing');
    case 'EACCES':
    case 'EPERM':
      return badModel(path, 'may not be read: its permissions forbid it');
    case 'EISDIR':
      return badModel(path, 'is a folder where a file should be');
    default:
      return badModel(path, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
