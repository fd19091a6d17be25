import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const PYTHON = process.env.VILASR_PYTHON ?? 'python3';
/** Node's longest string is shorter than larger files. */
const MOST_PARSED = 500 * 2 ** 20;
const PARSE = `
  const start = performance.now();
  const { length } = JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
  console.log(JSON.stringify({ first: (performance.now() - start) / 1000, length }));
`;

/** Seconds that Python's json, and JSON.parse where it can, take to read a file whole, each in a process of its own. */
export function readWhole(path: string): [peer: string, seconds: number][] {
  const seconds = (command: string, args: readonly string[]): number =>
    v.parse(
      v.object({ first: v.number() }),
      JSON.parse(execFileSync(command, [...args, path], { encoding: 'utf8' })),
    ).first;
  return [
    ["Python's json", seconds(PYTHON, [join(process.cwd(), 'test', 'bench', 'json_peer.py')])],
    ...(statSync(path).size > MOST_PARSED
      ? []
      : [['JSON.parse', seconds(process.execPath, ['-e', PARSE])] as [string, number]]),
  ];
}
