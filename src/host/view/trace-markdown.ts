import { type Drawing, isLine } from '../../trace/drawing';
import { parseTurn } from '../../trace/parse-turn';
import type { Trace, Turn } from '../../trace/trace';

/** A trace for people to read: the question, what was thought, drawn and answered turn by turn, and what spoke. */
export function traceMarkdown(trace: Trace): string {
  const { question, options, images, turns, answer, gold, finish, error, run } = trace;
  const parts = [
    `# ${oneLine(question)}`,
    ...(options.length > 0 ? [options.map((option) => `- ${oneLine(option)}`).join('\n')] : []),
    images.map(({ path }, i) => `${i + 1}. ${code(path)}`).join('\n'),
    ...turns.flatMap(turnParts),
    '## Outcome',
    [
      `- Answer: ${answer === null ? 'none' : oneLine(answer)}`,
      ...(gold === null ? [] : [`- Right answer: ${oneLine(gold)}`]),
      ...(finish === null ? [] : [`- Ended: ${finish}`]),
      ...(error === null ? [] : [`- Error: ${oneLine(error)}`]),
      ...(run === null
        ? []
        : [`- Model: ${oneLine(run.model)} (${oneLine(run.provider)}), ${run.seconds} s`]),
    ].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function turnParts({ text }: Turn, number: number): string[] {
  const { think, action, drawings, answer } = parseTurn(text);
  const title = `## Turn ${number + 1}${action === null ? '' : `: ${action}`}`;
  // What holds to no form is shown as it was said.
  if (think === null && drawings.length === 0 && answer === null) return [title, fenced(text)];
  return [
    title,
    ...(think === null || think === '' ? [] : [quoted(think)]),
    ...(drawings.length === 0 ? [] : [drawingTable(drawings)]),
    ...(answer === null ? [] : [`**${oneLine(answer)}**`]),
  ];
}

function drawingTable(drawings: readonly Drawing[]): string {
  const rows = drawings.map((drawing) => {
    const numbers = isLine(drawing)
      ? `(${drawing.start_point_2d.join(', ')}) to (${drawing.end_point_2d.join(', ')})`
      : `(${drawing.bbox_2d.join(', ')})`;
    return `| ${drawing.index} | ${isLine(drawing) ? 'line' : 'box'} | ${oneLine(drawing.label)} | ${numbers} |`;
  });
  return ['| image | drawing | label | model-space pixels |', '|---|---|---|---|', ...rows].join('\n');
}

/** Text as text: nothing in it is markup, and it stays on its line. */
function oneLine(text: string): string {
  return escapeMarkdown(text.replace(/\s+/g, ' ').trim());
}

function quoted(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${escapeMarkdown(line.trim())}`.trimEnd())
    .join('\n');
}

const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]()<>#+\-.!|~&]/g, (char, at: number) =>
    // These mean something at the start of a line only.
    '#+-.!()'.includes(char) && !/^\s*\d*$/.test(text.slice(0, at)) ? char : `\\${char}`,
  );

/** A code span, or a fenced block, whose fence is longer than any within it. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const fence = longerThan(line, 1);
  return `${fence}${line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line}${fence}`;
}

function fenced(text: string): string {
  const fence = longerThan(text, 3);
  return `${fence}text\n${text}\n${fence}`;
}

function longerThan(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}
