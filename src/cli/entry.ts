#!/usr/bin/env node
import { EXIT } from './cli-error';
import { COMMANDS } from './commands';
import { main } from './main';

/** Ctrl-C cancels and lets the command keep what it has; pressed again it ends the program at once. */
const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (cancel.signal.aborted) process.exit(EXIT.notAnswered);
    cancel.abort();
  });
}

// Who reads our output may stop reading, as `head` does: then there is no use in going on, but what there is is kept.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => cancel.abort());
}

void main(
  process.argv.slice(2),
  {
    stdout: process.stdout,
    stderr: process.stderr,
    columns: process.stderr.isTTY ? process.stderr.columns || 80 : null,
    workingFolder: process.cwd(),
    env: process.env,
    signal: cancel.signal,
  },
  COMMANDS,
).then((exitCode) => {
  process.exitCode = exitCode;
});
