import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/trace/trace';
import { readTrace, writeTrace } from '../../../src/trace/trace-line';
import { sampleTrace } from './sample-trace';

const line = writeTrace(sampleTrace);
const withField = (change: (json: Record<string, unknown>) => unknown): string => {
  const json: Record<string, unknown> = JSON.parse(line);
  change(json);
  return JSON.stringify(json);
};

describe('a line of a trace file', () => {
  it('is read into the trace that wrote it, without a finding', () => {
    const read = readTrace(line);
    expect(read.findings).toEqual([]);
    expect(read.trace).toEqual(sampleTrace);
  });

  it('says which images came of which turn', () => {
    expect(sampleTrace.turns.map(({ images }) => images)).toEqual([[2], [3, 4], []]);
    expect(sampleTrace.answer).toBe('B');
  });

  it('may leave out what follows from the texts', () => {
    const bare = withField((json) => {
      delete json.answer;
      json.turns = sampleTrace.turns.map(({ text, finish, tokens, seconds }) => ({
        text,
        finish,
        tokens,
        seconds,
      }));
    });
    expect(readTrace(bare)).toMatchObject({ trace: sampleTrace, findings: [] });
  });

  it('may begin with a byte order mark, which stays', () => {
    const marked = `\ufeff${line}`;
    const { trace, source } = readTrace(marked);
    expect(trace && writeTrace(trace, source)).toBe(marked);
  });
});

describe('the text of a turn counts', () => {
  it('where a derived field says something else, which is a finding with its place', () => {
    const odd = withField((json) => {
      json.answer = 'C';
      json.turns = sampleTrace.turns.map((turn, i) =>
        i === 1 ? { ...turn, drawings: [], think: 'x' } : turn,
      );
    });
    const { trace, findings } = readTrace(odd);
    expect(trace).toEqual(sampleTrace);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['derived-differs', 'turns[1].think'],
      ['derived-differs', 'turns[1].drawings'],
      ['derived-differs', 'answer'],
    ]);
    expect(findings.map(({ offset }) => odd.slice(offset?.units).slice(0, 3))).toEqual(['"x"', '[],', '"C"']);
  });

  it('and what is wrong in it is a finding of its turn', () => {
    const turn = { text: '<think> a', finish: 'length', tokens: null, seconds: null };
    const { trace, findings } = readTrace(
      withField((json) => {
        json.turns = [turn];
        json.answer = null;
      }),
    );
    expect(trace?.turns[0]?.text).toBe('<think> a');
    expect(findings.map(({ code, turn }) => [code, turn])).toEqual([
      ['no-think', 0],
      ['no-action', 0],
      ['empty-turn', 0],
    ]);
  });
});

describe('a line that is no trace gives no trace but findings', () => {
  it('that say at which byte it stops being JSON', () => {
    const { trace, findings } = readTrace('{"id": "é😀", "question": x}');
    expect(trace).toBeNull();
    expect(findings).toMatchObject([{ code: 'bad-json', offset: { units: 26, bytes: 29 } }]);
  });

  it.each([
    ['', 'bad-json'],
    ['null', 'bad-field'],
    ['[]', 'bad-field'],
    ['[', 'bad-json'],
    ['{"a":1} {"a":2}', 'bad-json'],
    [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'bad-json'],
    ['['.repeat(200_000), 'bad-json'],
    [`"\r${'['.repeat(200_000)}`, 'bad-json'],
  ])('%.20s', (text, code) => {
    const { trace, findings } = readTrace(text);
    expect(trace).toBeNull();
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  it.each<[string, (json: Record<string, unknown>) => unknown]>([
    [
      'format',
      (json) => {
        json.format = 'vilasr.trace/2';
      },
    ],
    [
      'id',
      (json) => {
        delete json.id;
      },
    ],
    [
      'type',
      (json) => {
        json.type = 'multiple choice';
      },
    ],
    [
      'images',
      (json) => {
        json.images = [];
      },
    ],
    [
      'images[0].model.width',
      (json) => {
        json.images = [{ path: 'a', file: null, model: { width: 0, height: 1 } }];
      },
    ],
    [
      'turns[0].text',
      (json) => {
        json.turns = [{ finish: 'stop', tokens: 1, seconds: 1 }];
      },
    ],
    [
      'run.limits.maxTurns',
      (json) => {
        json.run = { ...sampleTrace.run, limits: { ...sampleTrace.run?.limits, maxTurns: 1.5 } };
      },
    ],
  ])('that name the field %s', (path, change) => {
    const { trace, findings } = readTrace(withField(change));
    expect(trace).toBeNull();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'bad-field', severity: 'error', path });
  });
});

describe('what was read is written back', () => {
  const unknownFields = fc.dictionary(
    fc.string({ maxLength: 8 }).map((name) => `x${name}`),
    fc.jsonValue(),
    { maxKeys: 3 },
  );
  const gap = fc.constantFrom('', ' ', '\t', '  ');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...sampleTrace.turns.map((turn) => turn.text)),
  );
  const stored = fc
    .record({
      top: unknownFields,
      turn: unknownFields,
      image: unknownFields,
      run: unknownFields,
      texts: fc.array(text, { maxLength: 4 }),
      gap,
    })
    .map(({ top, turn, image, run, texts, gap }) => {
      const json = {
        ...top,
        ...sampleTrace,
        images: sampleTrace.images.map((one) => ({ ...image, ...one })),
        turns: texts.map((text) => ({ ...turn, text, finish: 'stop', tokens: null, seconds: 0.1 })),
        run: { ...sampleTrace.run, ...run },
      };
      // No line end may come of the gap: a trace is one line.
      return { json, line: JSON.stringify(json, null, gap).replaceAll('\n', gap) };
    });

  it('byte for byte where nothing was changed, also after a change that was taken back', () => {
    fc.assert(
      fc.property(stored, ({ line }) => {
        const { trace, source } = readTrace(line);
        if (!trace) throw new Error('not read');
        expect(writeTrace(trace, source)).toBe(line);
        const edited = { ...trace, question: 'other' };
        expect(writeTrace({ ...edited, question: trace.question }, source)).toBe(line);
      }),
      { numRuns: process.env.VILASR_LONG ? 20_000 : 300, seed: 3 },
    );
  });

  it('with every field that the format does not name where something was changed', () => {
    fc.assert(
      fc.property(stored, ({ line }) => {
        const { trace, source } = readTrace(line);
        if (!trace) throw new Error('not read');
        const edited: Trace = {
          ...trace,
          question: `${trace.question}!`,
          turns: trace.turns.map((turn) => ({ ...turn, seconds: 2 })),
        };
        const before = JSON.parse(line);
        const after = JSON.parse(writeTrace(edited, source));
        expect(after.question).toBe(edited.question);
        const { turns, question, answer, ...rest } = after;
        const { turns: turnsBefore, question: _, answer: __, ...restBefore } = before;
        expect(rest).toEqual(restBefore);
        expect(turns).toMatchObject(turnsBefore.map((turn: object) => ({ ...turn, seconds: 2 })));
      }),
      { numRuns: process.env.VILASR_LONG ? 20_000 : 300, seed: 4 },
    );
  });

  it('also a field with a name that JavaScript gives a meaning', () => {
    const odd = line.replace('{', '{"__proto__":{"a":1},"constructor":2,"toString":null,');
    const { trace, source } = readTrace(odd);
    if (!trace) throw new Error('not read');
    const written = writeTrace({ ...trace, question: 'other' }, source);
    expect(written.startsWith('{"__proto__":{"a":1},"constructor":2,"toString":null,')).toBe(true);
  });

  it('and whatever is done to a line, reading throws nothing and points into the line', () => {
    fc.assert(
      fc.property(
        fc.nat(line.length),
        fc.nat(40),
        fc.string({ unit: 'binary', maxLength: 6 }),
        (at, cut, put) => {
          const broken = line.slice(0, at) + put + line.slice(at + cut);
          const { trace, source, findings } = readTrace(broken);
          if (trace) expect(writeTrace(trace, source)).toBe(broken);
          else expect(findings.length).toBeGreaterThan(0);
          for (const { offset } of findings) {
            if (!offset) continue;
            expect(offset.units).toBeLessThanOrEqual(broken.length);
            expect(offset.bytes).toBe(Buffer.byteLength(broken.slice(0, offset.units)));
          }
        },
      ),
      { numRuns: process.env.VILASR_LONG ? 20_000 : 300, seed: 5 },
    );
  });
});
