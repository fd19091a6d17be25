import { DataError } from '../dataset/data-error';
import { EngineError, type EngineErrorKind } from '../engine/engine';
import { ImageError } from '../image/pixel-service';
import { CallError } from '../protocol/call-error';
import { ProfileError } from '../reason/profile';
import { CliError, EXIT, type ExitCode } from './cli-error';

/** Whose fault each failure of an engine is. */
const ENGINE_EXIT: Readonly<Record<EngineErrorKind, ExitCode>> = {
  cancelled: EXIT.notAnswered,
  'bad-request': EXIT.badInput,
  'bad-model': EXIT.badInput,
  'no-space': EXIT.engineFailed,
  'out-of-memory': EXIT.engineFailed,
  killed: EXIT.engineFailed,
  crashed: EXIT.engineFailed,
  hung: EXIT.engineFailed,
  unreachable: EXIT.engineFailed,
  access: EXIT.badInput,
  refused: EXIT.badInput,
  busy: EXIT.engineFailed,
  server: EXIT.engineFailed,
};

/** Any error as the one that commands end with. What nobody expected is reported as a fault of ours, without its stack. */
export function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof EngineError) return new CliError(ENGINE_EXIT[error.kind], error.message);
  // An image is not to blame for how the process that reads it ended.
  if (error instanceof ImageError && error.cause instanceof CallError) {
    return new CliError(
      error.cause.kind === 'cancelled' ? EXIT.notAnswered : EXIT.engineFailed,
      error.message,
    );
  }
  if (error instanceof DataError || error instanceof ImageError || error instanceof ProfileError) {
    return new CliError(EXIT.badInput, error.message);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CliError(EXIT.engineFailed, `Something went wrong that should not have: ${message}`);
}
