import { deriveTurns } from '../../../trace/derive';
import { TRACE_FORMAT } from '../../../trace/trace';
import { splitChat } from './chat-text';
import { type Codec, type Decoded, type DraftFinding, type Encoded, inTurn, noTrace } from './codec';
import type { ConversationSource } from './conversation-source';
import { type Message, type MessageForm, readMessages } from './messages';
import { readQuestionFields } from './question-fields';
import { isRecord, otherFields } from './record';
import { saidSizes } from './said-sizes';
import { badField } from './schema-findings';
import { upstreamFinish } from './upstream-finish';

/**
 * Rows of upstream's results.jsonl: a row of the question file with `conversations`, `model_output`, `model_id` and
 * `sample_dir`. Its conversations name no image files and show one image a message, whatever there were; so what the
 * drawings give is not compared with them.
 */
export const results: Codec = {
  format: 'results',
  looksFor: 'model_output (or sample_dir) and question',
  matches: (value) =>
    typeof value.question === 'string' && ('model_output' in value || 'sample_dir' in value),
  decode,
};

interface Said {
  readonly messages: readonly Message[];
  readonly form: MessageForm;
}

function decode({ value, fallbackId }: Encoded): Decoded {
  const fields = readQuestionFields(value, fallbackId);
  if ('findings' in fields) return noTrace(fields.findings);
  const { row, images } = fields;
  const record = isRecord(value) ? value : {};
  const said = readSaid(record);
  if ('findings' in said) return { trace: null, images, findings: said.findings };
  const spoken = said.messages.filter(({ role }) => role === 'assistant');
  const derived = deriveTurns(
    images.length,
    spoken.map(({ text }) => ({ text, finish: 'stop' as const, tokens: null, seconds: null })),
  );
  const findings = derived.findings.map((finding) =>
    inTurn(finding, finding.turn ?? 0, spoken[finding.turn ?? 0]?.keys ?? []),
  );
  const system = said.messages.find(({ role }) => role === 'system')?.text ?? null;
  const users = said.messages.filter(({ role }) => role === 'user').map(({ text }) => text);
  const sizes = saidSizes(system, users, derived.images);
  const source: ConversationSource & { readonly gridSize: number | null } = {
    format: 'results',
    system,
    users,
    question: null,
    options: null,
    drawn: [],
    form: { ...said.form, messages: 'conversations' },
    row: otherFields(record, ['conversations', 'model_output', 'question', 'answer', 'options']),
    gridSize: row.gridSize,
  };
  const { text, options, type, gold, kind } = row.question;
  const trace = {
    format: TRACE_FORMAT,
    id: row.id,
    question: text,
    options,
    type,
    gold,
    kind,
    images: row.imagePaths.map((path, i) => ({ path, file: null, model: sizes[i] ?? null })),
    turns: derived.turns,
    answer: derived.answer,
    finish: upstreamFinish(record.finish_reason),
    error: null,
    run: null,
    source,
  } as const;
  return { trace, images, findings };
}

/** What was said: the conversations, or the model's output where these hold nothing of the model. */
function readSaid(
  row: Readonly<Record<string, unknown>>,
): Said | { readonly findings: readonly DraftFinding[] } {
  const form: MessageForm = { role: 'role', text: 'content' };
  const read =
    row.conversations == null ? { messages: [], form } : readMessages(row.conversations, ['conversations']);
  if ('findings' in read || read.messages.some(({ role }) => role === 'assistant')) return read;
  const keys = ['model_output'];
  const output = row.model_output;
  if (typeof output !== 'string') {
    return { findings: [badField(output == null ? [] : keys, 'it holds nothing that the model said')] };
  }
  const split = splitChat(output, keys).filter(({ role }) => role === 'assistant');
  const spoken: readonly Message[] = split.length > 0 ? split : [{ role: 'assistant', text: output, keys }];
  return { messages: [...read.messages, ...spoken], form: read.form };
}
