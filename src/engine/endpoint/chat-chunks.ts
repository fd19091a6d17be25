import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import { brokenOff, type EndpointFailure } from './endpoint-failure';
import { oneLine, type ServerWords, wordsOf } from './server-words';

/** Longest event, in characters: a chunk is a few hundred. */
const LONGEST_EVENT = 2 ** 20;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A chunk of a streamed chat completion, as far as it is of use. Thoughts are in the one field or, in vLLM, the other. */
const chunkSchema = v.object({
  choices: v.array(
    v.object({
      delta: v.nullish(
        v.object({
          content: v.nullish(v.string()),
          reasoning_content: v.nullish(v.string()),
          reasoning: v.nullish(v.string()),
        }),
      ),
      finish_reason: v.nullish(v.string()),
    }),
  ),
  usage: v.nullish(v.object({ completion_tokens: v.nullish(count) })),
  error: v.optional(v.unknown()),
});

/** A piece of a reply: more of its texts, why it ends once it does, how many tokens it has if the server says so. */
export interface ChatChunk {
  readonly thought: string;
  readonly text: string;
  readonly finish: string | null;
  readonly tokens: number | null;
}

/** Reads a streamed chat completion, whose bytes come in whatever pieces. */
export class ChunkReader {
  private readonly decoder = new TextDecoder();
  private readonly events: string[] = [];
  private tooLong = false;
  private done = false;
  private readonly parser = createParser({
    onEvent: ({ data }) => this.events.push(data),
    onError: ({ type }) => {
      this.tooLong ||= type === 'max-buffer-size-exceeded';
    },
    maxBufferSize: LONGEST_EVENT,
  });

  /**
   * @param host the server, for messages.
   * @param refusal the failure that an error in the stream stands for.
   */
  constructor(
    private readonly host: string,
    private readonly refusal: (words: ServerWords) => EndpointFailure,
  ) {}

  /** Whether the server has said that it is done: what comes after that is none of the completion. */
  get isDone(): boolean {
    return this.done;
  }

  /** The chunks that are whole with these bytes. Throws `EngineError` `server` for what is no such stream. */
  read(bytes: Uint8Array): Generator<ChatChunk> {
    return this.feed(this.decoder.decode(bytes, { stream: true }));
  }

  /** Those that are whole as nothing more comes: not every server ends its last event with an empty line. Throws likewise. */
  end(): Generator<ChatChunk> {
    return this.feed(`${this.decoder.decode()}\n\n`);
  }

  private *feed(text: string): Generator<ChatChunk> {
    this.parser.feed(text);
    if (this.tooLong) throw brokenOff(`${this.host} sent an event of more than ${LONGEST_EVENT} characters.`);
    for (const data of this.events.splice(0)) {
      this.done ||= data === '[DONE]';
      if (this.done) return;
      yield readChunk(data, this.host, this.refusal);
    }
  }
}

function readChunk(data: string, host: string, refusal: (words: ServerWords) => EndpointFailure): ChatChunk {
  const bad = (what: string) => brokenOff(`${host} sent ${what}: ${oneLine(data, 100) ?? 'nothing'}`);
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    throw bad('what is not JSON');
  }
  const chunk = v.safeParse(chunkSchema, json);
  // Nearly all are chunks and nothing else: the many forms of an error are tried where it may be one.
  if (!chunk.success || chunk.output.error != null) {
    const words = wordsOf(json);
    if (words.reason !== null) throw refusal(words);
  }
  if (!chunk.success) throw bad('no chunk of a chat completion');
  const [choice] = chunk.output.choices;
  const { content, reasoning_content, reasoning } = choice?.delta ?? {};
  return {
    thought: reasoning_content ?? reasoning ?? '',
    text: content ?? '',
    finish: choice?.finish_reason ?? null,
    tokens: chunk.output.usage?.completion_tokens ?? null,
  };
}
