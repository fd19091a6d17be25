import type { Command } from './command';

/** Help for `vilasr` as a whole. */
export function mainHelp(commands: readonly Command[]): string {
  const lines = columns(commands.map(({ name, summary }) => [name, summary]));
  return `Usage: vilasr COMMAND [options]

A vision-language model looks at images, draws on them, looks again, and answers.

Commands:
${lines}

vilasr COMMAND --help says more of each. vilasr --version prints the version.

Exit codes: 0 answered, or done; 1 not answered, or cancelled; 2 bad input; 3 the engine failed.
`;
}

/** Help for one command. */
export function commandHelp({ name, usage, summary, options, notes, examples }: Command): string {
  const rows = Object.entries(options).map(([option, { value, short, help }]): [string, string] => {
    const names = short === undefined ? `--${option}` : `-${short}, --${option}`;
    return [value === undefined ? names : `${names} ${value}`, help];
  });
  const sections = [
    `Usage: vilasr ${name} ${usage}`,
    summary,
    ...(rows.length > 0 ? [`Options (defaults in parentheses):\n${columns(rows)}`] : []),
    ...(notes === undefined ? [] : [notes.trim()]),
    `Examples:\n${examples.map((example) => `  vilasr ${name} ${example}`).join('\n')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Two columns; a text of several lines keeps to its own. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .map(([left, right]) => `  ${left.padEnd(width)}${right.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
    .join('\n');
}
