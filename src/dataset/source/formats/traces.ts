import { readTrace } from '../../../trace/trace-line';
import type { Codec, Decoded, Encoded } from './codec';
import { parseKeys } from './schema-findings';

/** Lines of `*.traces.jsonl`; a JSON array of them is read too. */
export const traces: Codec = {
  format: 'traces',
  looksFor: 'format "vilasr.trace/1"',
  matches: ({ format }) => typeof format === 'string' && format.startsWith('vilasr.trace/'),
  decode,
};

function decode({ raw }: Encoded): Decoded {
  const { trace, findings } = readTrace(raw);
  return {
    trace,
    images: (trace?.images ?? []).map(({ path }, i) => ({ path, keys: ['images', i, 'path'], drawn: false })),
    findings: findings.map(({ path, offset, ...finding }) => ({
      ...finding,
      keys:
        path !== undefined
          ? parseKeys(path)
          : finding.turn === undefined
            ? []
            : ['turns', finding.turn, 'text'],
      ...(offset && { place: offset }),
    })),
  };
}
