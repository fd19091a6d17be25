import * as v from 'valibot';

/** Longest reason that is passed on, in characters. */
const LONGEST = 600;

/** What servers put their reason into: OpenAI's form, vLLM's old one, that of transformers, FastAPI's, a bare text. */
const wordsSchema = v.union([
  v.pipe(
    v.object({
      error: v.object({ message: v.string(), code: v.nullish(v.union([v.number(), v.string()])) }),
    }),
    v.transform(({ error }) => ({ reason: error.message, code: error.code ?? null })),
  ),
  v.pipe(
    v.object({ error: v.string() }),
    v.transform(({ error }) => ({ reason: error, code: null })),
  ),
  v.pipe(
    v.object({ message: v.string(), code: v.nullish(v.union([v.number(), v.string()])) }),
    v.transform(({ message, code }) => ({ reason: message, code: code ?? null })),
  ),
  v.pipe(
    v.object({ detail: v.string() }),
    v.transform(({ detail }) => ({ reason: detail, code: null })),
  ),
  v.pipe(
    v.object({ detail: v.array(v.object({ msg: v.string(), loc: v.array(v.unknown()) })) }),
    v.transform(({ detail }) => ({
      reason: detail.map(({ msg, loc }) => `${loc.join('.')}: ${msg}`).join('; '),
      code: null,
    })),
  ),
]);

/** Why a server refuses, in its own words, and the code it gives: a status, or a name. Both null where it says none. */
export interface ServerWords {
  readonly reason: string | null;
  readonly code: number | string | null;
}

/** The words of an error that a server sent as JSON. */
export function wordsOf(value: unknown): ServerWords {
  const parsed = v.safeParse(wordsSchema, value);
  if (!parsed.success) return { reason: null, code: null };
  return { reason: oneLine(parsed.output.reason), code: parsed.output.code };
}

/** The words of an answer that is an error: JSON or plain text. A page in HTML has none. */
export function wordsOfBody(body: string): ServerWords {
  try {
    return wordsOf(JSON.parse(body));
  } catch {
    return { reason: /^\s*</.test(body) ? null : oneLine(body), code: null };
  }
}

/** Part of a text that came from a server, on one line; null if nothing is left. */
export function oneLine(text: string, longest = LONGEST): string | null {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  if (line === '') return null;
  return line.length > longest ? `${line.slice(0, longest)} …` : line;
}
