import type { Provider } from '../../engine';
import { gigabytes, parameterCount } from '../gigabytes';
import type { BenchReport, CardTrial, Figures, ProviderBench } from './bench-report';
import type { At, Pace } from './speed';

/** The report as a Markdown document, to be read as it is and to be pasted where a problem is told. */
export function benchMarkdown(report: BenchReport): string {
  const { card, usual } = report;
  const usually =
    usual === null
      ? []
      : [`Unless asked otherwise, a run computes on the ${NAMES[usual.provider]}: ${usual.why}.`];
  const parts = [
    '# ViLaSR benchmark',
    table(['', ''], facts(report)),
    '## Graphics card',
    ...(card === null ? ['Not tried: the processor alone was asked for.'] : [...usually, ...cardParts(card)]),
    '## Speed',
    ...speedParts(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

const NAMES: Readonly<Record<Provider, string>> = {
  cpu: 'processor',
  webgpu: 'graphics card',
  cuda: 'graphics card by CUDA',
  dml: 'graphics card by DirectML',
  coreml: 'graphics card by CoreML',
};

function facts({ program, machine, runtime, model, card }: BenchReport): Row[] {
  const { system, processor, cores, memory, cards, vulkan } = machine;
  const named = cards.map(({ name, driver }) => (driver === null ? name : `${name}, driver ${driver}`));
  const sizes = `${parameterCount(model.parameters)} parameters, ${model.numbers.join(' and ')}, ${megabytes(model.bytes)}`;
  return [
    ['program', `${program}, onnxruntime ${runtime.version} (${runtime.providers.join(', ')})`],
    ['system', system],
    ['processor', `${processor}, ${cores} ${cores === 1 ? 'core' : 'cores'}`],
    ['memory', `${gigabytes(memory.total)}, of which ${gigabytes(memory.free)} were free`],
    ['graphics cards', named.join('; ') || 'none that the system names'],
    ...(vulkan === null ? [] : [['Vulkan drivers', vulkan.join(', ') || 'none'] as const]),
    ...(card?.taken ? [['taken by WebGPU', card.taken] as const] : []),
    ['model', `${model.name}: ${sizes}, up to ${model.contextLength} tokens`],
  ];
}

function cardParts({ found, failure }: CardTrial): string[] {
  if (found === null) return [`It cannot be used: ${failure}.`];
  // Why not is said where it is not measured, or usually not used.
  if (found.missing !== null) return ['Nothing was compared.'];
  const { milliseconds, products, fused, decomposed, checks } = found;
  const parts: string[] = [];
  if (milliseconds !== null) {
    const { cpu, card } = milliseconds;
    parts.push(
      `Time for the same products of 8-bit weights: ${number(card)} ms, on the processor ${number(cpu)} ms.`,
    );
  }
  const rows = checks.map(({ what, off, most }): Row => {
    const isRight = off !== null && off <= most;
    return [what, off === null ? 'no numbers' : percent(off), percent(most), isRight ? 'right' : '**wrong**'];
  });
  if (rows.length > 0) parts.push(table(['compared with the processor', 'off by', 'at most', ''], rows));
  const findings = [
    ['Products', products],
    ['Fused attention', fused],
    ['Decomposed attention', decomposed],
  ].flatMap(([what, finding]) => (finding ? [`- ${what}: ${finding}`] : []));
  if (findings.length > 0) parts.push(`What was wrong first:\n\n${findings.join('\n')}`);
  return parts;
}

function speedParts({ providers, usual }: BenchReport): string[] {
  const shown = providers.filter(({ state }) => state !== 'skipped');
  const head = ['', ...shown.map(({ provider }) => NAMES[provider])];
  const row = (name: string, cell: (figures: Figures, one: ProviderBench) => string | null): Row | null => {
    const cells = shown.map((one) => cell(one.figures, one));
    return cells.every((one) => one === null) ? null : [name, ...cells.map((one) => one ?? '-')];
  };
  const expected = shown.find(({ provider }) => provider === 'cpu')?.figures.reply ?? null;
  const rows = [
    row('weights', (_, { weights }) => weights),
    row('attention', (_, { attention }) => attention),
    row('import', ({ import: seconds }) => (seconds === null ? null : `${number(seconds)} s`)),
    row('opened in', ({ open }) => (open === null ? null : `${number(open)} s`)),
    row('reading a short prompt', ({ prefill }) => prefill && read(prefill)),
    row('reading a long one', ({ longPrefill }) => longPrefill && read(longPrefill)),
    row('saying, after the short one', ({ decode }) => decode && said(decode)),
    row('saying, after the long one', ({ longDecode }) => longDecode && said(longDecode)),
    row(
      'saying several replies together',
      ({ together }) => together && `${rate(together)} in ${together.count} replies`,
    ),
    row('encoding a picture', ({ image }) => {
      if (image === null) return null;
      return `${number(image.seconds * 1000)} ms (${image.width} x ${image.height}, ${image.tokens} tokens to read)`;
    }),
    row('most memory of the process', ({ memory }) => (memory === null ? null : megabytes(memory))),
    row('the likeliest reply', ({ reply }, { provider }) =>
      provider === 'cpu' || reply === null || expected === null ? null : sameReply(reply, expected),
    ),
  ].filter((one) => one !== null);
  const notes = providers.flatMap(({ provider, state, why }) => {
    if (state === 'measured') return [];
    const reason = why === null || why === usual?.why ? '' : `: ${why.replace(/\.$/, '')}`;
    const what = state === 'failed' ? 'failed, or was given up' : 'was not measured';
    return [`The ${NAMES[provider]} ${what}${reason}.`];
  });
  return [...(shown.length > 0 ? [table(head, rows)] : []), ...notes];
}

/** Whether two greedy replies are alike; near ties may part them even where all is computed right. */
function sameReply(reply: readonly number[], expected: readonly number[]): string {
  const first = reply.findIndex((id, i) => id !== expected[i]);
  if (first < 0 && reply.length === expected.length) return `the processor's, ${reply.length} tokens`;
  const from = (first < 0 ? Math.min(reply.length, expected.length) : first) + 1;
  return `another than the processor's, from token ${from} on`;
}

const read = (pace: Pace): string => `${rate(pace)} (${pace.tokens} tokens)`;
const said = (pace: At): string =>
  `${rate(pace)}, ${number((1000 * pace.seconds) / pace.tokens)} ms each (after ${pace.after})`;
const rate = ({ tokens, seconds }: Pace): string => `${number(tokens / seconds)} tokens/s`;

/** Three digits. */
const number = (value: number): string => `${Number(value.toPrecision(3))}`;
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
const megabytes = (bytes: number): string => (bytes < 1e9 ? `${number(bytes / 1e6)} MB` : gigabytes(bytes));

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
