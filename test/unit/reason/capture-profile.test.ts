import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureProfile } from '../../../src/reason/capture-profile';
import { defaultProfile } from '../../../src/reason/default-profile';
import { PROFILE_FORMAT, ProfileError, type PromptProfile, readProfile } from '../../../src/reason/profile';
import { renderDrawn, renderQuestion, renderSystem } from '../../../src/reason/render-prompt';
import { QUESTION_TYPES, TRACE_KINDS } from '../../../src/trace/trace';
import { type RowPlan, sharegptRow, written } from './sharegpt-row';

/** Invented words in the structure of ViLaSR's data sets. */
const spoken: PromptProfile = {
  format: PROFILE_FORMAT,
  system:
    '### Rules:\nUse 2 tools. [{{"index": i}}]\nThe far corner is ({width}, {height}).\n   * Look twice.',
  question: {
    single: '{image}\n### Asked:\n{question}{options}\nThere is image 1.{instruction}\n\nStart now:\n',
    multiView: {
      image: '{image}View {index} (w: {width}, h: {height}).\n',
      message: '{images}\n### Asked:\n{question}{options}{instruction}\n\nStart now:\n',
    },
    video: {
      image: '{image}There is picture {index} (w: {width}, h: {height}).\n',
      message:
        '{images}\n### Asked:\nThese frames go from 1 to {count}: 1, 2, 3, ..., {count}.\n\nFind out:\n{question}{options}{instruction}\n\nStart now:\n',
    },
    options: '\n{options}',
    instructions: {
      'multiple-choice': '\nName a letter.',
      numerical: '\nName a number (42 or 3.14).',
      'free-form': '',
    },
  },
  drawn: {
    next: 'There is image {index} (w: {width}, h: {height}). Carry on:',
    final: 'There is image {index} (w: {width}, h: {height}). Stop and answer:',
    one: '{image}\n{message}\n',
    earlier: '{image}There is image {index} (w: {width}, h: {height}).\n',
    last: '{image}{message}\n\n',
  },
};

const side = (seed: number) => 28 * (5 + ((seed * 7) % 30));
const nouns = ['door', 'lamp', 'chair', 'cup', 'shelf', 'plant', 'mirror', 'box', 'rug', 'clock', 'vase'];

/** A row about things that differ from seed to seed. */
function plan(
  seed: number,
  change: {
    readonly kind?: RowPlan['question']['kind'];
    readonly type?: RowPlan['question']['type'];
    readonly forced?: boolean;
    readonly draws?: readonly number[];
  } = {},
): RowPlan {
  const { kind = 'single', type = 'multiple-choice', forced = false, draws = [1, 1] } = change;
  const thing = (offset: number) => nouns[(seed + offset) % nouns.length] ?? '';
  const size = { width: side(seed), height: side(seed + 3) };
  return {
    question: {
      text: `${thing(0)} or ${thing(1)}: how far is the ${thing(2)} from the ${thing(3)}?`,
      options: type === 'multiple-choice' ? [`A. ${seed} steps`, `B. behind the ${thing(4)}`] : [],
      type,
      kind,
    },
    sizes: Array.from({ length: kind === 'single' ? 1 : kind === 'video' ? 16 : 2 + (seed % 3) }, () => size),
    draws,
    forced,
  };
}

const seeds = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('the words of a data set', () => {
  it('are captured whole where its rows show them all: the profile is the one they were written with', () => {
    const rows = seeds(8)
      .flatMap((seed) =>
        TRACE_KINDS.flatMap((kind) =>
          QUESTION_TYPES.map((type) =>
            sharegptRow(spoken, plan(seed, { kind, type, draws: [1, 2, 1, 3], forced: seed % 2 === 0 })),
          ),
        ),
      )
      .concat(seeds(3).map((seed) => sharegptRow(spoken, plan(seed, { draws: [1], forced: true }))));
    const { profile, notes } = captureProfile(rows, defaultProfile);
    expect(profile).toEqual(spoken);
    expect(notes.filter(({ kind }) => kind !== 'assumed')).toEqual([]);
  });

  it('are taken from the base profile where no row shows them, which is said', () => {
    const rows = seeds(8).flatMap((seed) => [
      sharegptRow(spoken, plan(seed)),
      sharegptRow(spoken, plan(seed, { type: 'free-form' })),
    ]);
    const { profile, notes } = captureProfile(rows, defaultProfile);
    expect(profile.question.single).toBe(spoken.question.single);
    expect(profile.question.video).toEqual(defaultProfile.question.video);
    expect(profile.drawn).toEqual({
      ...spoken.drawn,
      final: defaultProfile.drawn.final,
      earlier: defaultProfile.drawn.earlier,
      last: defaultProfile.drawn.last,
    });
    const missing = notes.filter(({ kind }) => kind === 'not-seen').map(({ field }) => field);
    expect(missing.sort()).toEqual([
      'drawn.earlier',
      'drawn.final',
      'drawn.last',
      'question.instructions.numerical',
      'question.multiView',
      'question.video',
    ]);
  });

  it('count as most rows have them, and how many differ is said', () => {
    const other = { ...spoken, system: 'Something else ({width}, {height}).' };
    const rows = seeds(9).map((seed) => sharegptRow(seed % 4 === 3 ? other : spoken, plan(seed)));
    const { profile, notes } = captureProfile(rows, defaultProfile);
    expect(profile.system).toBe(spoken.system);
    expect(notes).toContainEqual({
      field: 'system',
      kind: 'differs',
      message: '2 of 9 system messages say something else.',
    });
  });

  it('are known but for the instruction where one type of question alone is seen, which is said', () => {
    const rows = seeds(8).map((seed) => sharegptRow(spoken, plan(seed)));
    const { profile, notes } = captureProfile(rows, defaultProfile);
    expect(profile.question.single).toBe(spoken.question.single);
    expect(profile.question.instructions['multiple-choice']).toBe('\nName a letter.');
    expect(notes.map(({ field, kind }) => [field, kind])).toContainEqual([
      'question.instructions.multiple-choice',
      'assumed',
    ]);
  });

  it('cannot be told from the questions where there are too few', () => {
    const { profile, notes } = captureProfile([sharegptRow(spoken, plan(1))], defaultProfile);
    expect(profile.system).toBe(spoken.system);
    expect(profile.question.single).toBe(defaultProfile.question.single);
    expect(notes.map(({ field, kind }) => [field, kind])).toContainEqual(['question.single', 'not-seen']);
  });

  it('are refused where no row has them', () => {
    const empty = { conversations: [{ role: 'user', content: 'No image here.' }] };
    expect(() => captureProfile([empty], defaultProfile)).toThrow(ProfileError);
  });
});

describe('whatever the words', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdehilmnorstuw'), minLength: 3, maxLength: 9 });
  const words = fc.array(word, { minLength: 2, maxLength: 6 }).map((all) => all.join(' '));
  const sentence = fc
    .tuple(words, fc.constantFrom('.', ':', ' {{"key": [i]}}.', '}}'))
    .map((both) => both.join(''));
  const lines = (minLength: number, maxLength: number) => fc.array(sentence, { minLength, maxLength });
  const sized = sentence.map((text) => `${text} ({width} by {height})`);
  const joined = (all: readonly string[]) => all.map((line) => `\n${line}`).join('');
  const around = fc
    .record({ head: lines(1, 3), lead: lines(0, 2), tail: lines(1, 2) })
    .map(({ head, lead, tail }) => ({
      head: `${head.join('\n')}\n`,
      rest: `{question}{options}${joined(lead)}{instruction}\n${joined(tail)}\n`,
    }));
  const drawnWords = fc.tuple(sentence, sized).map(([a, b]) => `image {index}: ${b} ${a}`);
  const anyProfile: fc.Arbitrary<PromptProfile> = fc
    .record({
      system: fc.tuple(lines(1, 3), sized, lines(0, 2)).map(([a, b, c]) => [...a, b, ...c].join('\n')),
      single: around,
      multiView: around,
      video: around,
      view: sized,
      frame: sized,
      instructions: fc.uniqueArray(sentence, { minLength: 3, maxLength: 3 }),
      silent: fc.nat(3),
      next: drawnWords,
      final: drawnWords,
      earlier: sized,
      gap: fc.constantFrom('', '\n', ' '),
    })
    .map((p) => {
      const [a, b, c] = p.instructions.map((line, i) => (i === p.silent ? '' : `\n${line}`));
      return {
        format: PROFILE_FORMAT,
        system: p.system,
        question: {
          single: `{image}\n${p.single.head}${p.single.rest}`,
          multiView: {
            image: `{image}${p.gap}${p.view} {index}\n`,
            message: `{images}${p.multiView.head}${p.multiView.rest}`,
          },
          video: {
            image: `{image}${p.frame} {index}\n`,
            message: `{images}{count} frames\n${p.video.head}${p.video.rest}`,
          },
          options: '\n{options}',
          instructions: { 'multiple-choice': a ?? '', numerical: b ?? '', 'free-form': c ?? '' },
        },
        drawn: {
          next: p.next,
          final: p.final,
          one: `{image}${p.gap}{message}\n`,
          earlier: `{image}${p.earlier} no {index}\n`,
          last: `{image}{message}\n${p.gap}`,
        },
      };
    });
  const anyPlan = fc
    .record({
      text: fc.tuple(words, fc.nat(999), words).map((all) => all.join(' ')),
      second: fc.option(words),
      options: fc.uniqueArray(words, { minLength: 2, maxLength: 4 }),
      size: fc.record({ width: fc.integer({ min: 2, max: 60 }), height: fc.integer({ min: 2, max: 60 }) }),
      images: fc.integer({ min: 2, max: 12 }),
      draws: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
      forced: fc.boolean(),
    })
    .map((one) => (kind: RowPlan['question']['kind'], type: RowPlan['question']['type']): RowPlan => {
      const options = type === 'multiple-choice' ? one.options.map((text, i) => `${'ABCD'[i]}. ${text}`) : [];
      const text = one.second === null ? one.text : `${one.text}\n${one.second}`;
      const size = { width: one.size.width * 28, height: one.size.height * 28 };
      const sizes = Array.from({ length: kind === 'single' ? 1 : one.images }, () => size);
      return { question: { text, options, type, kind }, sizes, draws: one.draws, forced: one.forced };
    });

  it('a captured profile says to any question and drawing what the one its rows were written with says', () => {
    fc.assert(
      fc.property(
        anyProfile,
        fc.array(anyPlan, { minLength: 60, maxLength: 60 }),
        anyPlan,
        (profile, plans, fresh) => {
          const rows = plans.map((of, i) =>
            sharegptRow(
              profile,
              of(TRACE_KINDS[i % 3] ?? 'single', QUESTION_TYPES[Math.floor(i / 3) % 3] ?? 'numerical'),
            ),
          );
          const captured = captureProfile(rows, defaultProfile).profile;
          for (const kind of TRACE_KINDS) {
            for (const type of QUESTION_TYPES) {
              const { question, sizes } = fresh(kind, type);
              expect(written(renderQuestion(captured, question, sizes))).toBe(
                written(renderQuestion(profile, question, sizes)),
              );
              expect(renderSystem(captured, sizes[0] ?? { width: 0, height: 0 })).toBe(
                renderSystem(profile, sizes[0] ?? { width: 0, height: 0 }),
              );
            }
          }
          const size = { width: 280, height: 560 };
          for (const final of [true, false]) {
            expect(written(renderDrawn(captured, [{ number: 9, size }], final))).toBe(
              written(renderDrawn(profile, [{ number: 9, size }], final)),
            );
            const three = [
              { number: 9, size },
              { number: 10, size },
              { number: 11, size },
            ] as const;
            expect(written(renderDrawn(captured, three, final))).toBe(
              written(renderDrawn(profile, three, final)),
            );
          }
        },
      ),
      { numRuns: process.env.VILASR_LONG ? 500 : 60, seed: 11 },
    );
  });

  it('rows of any texts give a profile or are refused', () => {
    const piece = fc.constantFrom(
      '<image>',
      '\n',
      ' ',
      '616',
      '448',
      '1',
      '2',
      '16',
      '{',
      '}',
      '{image}',
      'video',
      'A. x',
      ': ',
      'word',
      '',
    );
    const content = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    const message = fc.record({ role: fc.constantFrom('system', 'user', 'user', 'assistant'), content });
    const row = fc.record({ conversations: fc.array(message, { maxLength: 7 }) });
    const prefixed = fc.tuple(content, fc.array(row, { maxLength: 12 })).map(([system, rows]) =>
      rows.map(({ conversations }) => ({
        conversations: [{ role: 'system', content: system }, ...conversations],
      })),
    );
    fc.assert(
      fc.property(prefixed, (rows) => {
        try {
          const { profile, notes } = captureProfile(rows, defaultProfile);
          expect(readProfile(JSON.stringify(profile), 'captured')).toEqual(profile);
          expect(notes.every(({ field, message }) => field !== '' && message !== '')).toBe(true);
        } catch (error) {
          if (!(error instanceof ProfileError)) throw error;
          expect(error.message).toMatch(/^No row/);
        }
      }),
      { numRuns: process.env.VILASR_LONG ? 20_000 : 1_000, seed: 12 },
    );
  });
});
