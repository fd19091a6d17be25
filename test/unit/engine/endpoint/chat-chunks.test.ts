import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChatChunk, ChunkReader } from '../../../../src/engine/endpoint/chat-chunks';
import { EndpointFailure } from '../../../../src/engine/endpoint/endpoint-failure';

const refusal = ({ reason }: { readonly reason: string | null }) =>
  new EndpointFailure('refused', reason ?? 'nothing');

function read(pieces: readonly Uint8Array[]): ChatChunk[] {
  const reader = new ChunkReader('server', refusal);
  const chunks = pieces.flatMap((piece) => [...reader.read(piece)]);
  return [...chunks, ...reader.end()];
}

/** Bytes cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.slice(at[i], end));
}

const places = fc.array(fc.nat(), { maxLength: 12 });
const lineEnds = fc.constantFrom('\n', '\r\n', '\r');

describe('a stream', () => {
  it('gives the same texts, however its bytes are cut and its lines end', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 6 }),
        lineEnds,
        places,
        (texts, end, cuts) => {
          const events = texts.map((content) => {
            const data = JSON.stringify({ choices: [{ delta: { content } }] });
            return `: a comment${end}data: ${data}${end}${end}`;
          });
          const bytes = Buffer.from(`${events.join('')}data: [DONE]${end}${end}never read`);
          expect(read(cut(bytes, cuts)).map(({ text }) => text)).toEqual(texts);
        },
      ),
      { seed: 11 },
    ));

  it('of anything at all is read, or refused as the fault of the server', () => {
    const text = fc.oneof(
      fc.constantFrom(
        'data:',
        'data: ',
        '\n',
        '\n\n',
        '[DONE]',
        'event: error',
        ':',
        '"choices":',
        'null',
        '[{}]',
      ),
      fc.json(),
      fc.string(),
    );
    const garbage = fc.array(
      fc.oneof(
        text.map((some) => new Uint8Array(Buffer.from(some))),
        fc.uint8Array({ maxLength: 20 }),
      ),
    );
    return fc.assert(
      fc.property(garbage, (pieces) => {
        try {
          read(pieces);
        } catch (error) {
          expect(error).toBeInstanceOf(EndpointFailure);
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('with an event that never ends is given up before it fills the memory', () => {
    const piece = Buffer.from('data: '.padEnd(100_000, 'x'));
    expect(() => read(Array.from({ length: 12 }, () => piece))).toThrow(
      'server sent an event of more than 1048576 characters.',
    );
  });
});
