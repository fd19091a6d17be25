import type { Computing } from '../engine';

/** On the processor, because of `why`. */
export const onCpu = (why: string): Computing => ({ provider: 'cpu', attention: 'shared-cache', why });

/** What went wrong, in a line: without the place in onnxruntime's code, and without what a process wrote before it crashed. */
export const firstLine = (message: string): string =>
  (message.split(/; its last words:|\n/, 1)[0] ?? '')
    .replace(/\S*onnxruntime_src\S*:\d+ .* was false\. /, '')
    .slice(0, 200);
