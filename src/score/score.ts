import { type ReadTrace, readTurns } from '../trace/derive';
import { isLine } from '../trace/drawing';
import type { Flag } from '../trace/flag';
import type { Literal } from '../trace/literal/literal';
import type { QuestionType } from '../trace/trace';
import { accuracy as exactAccuracy, readNumber } from './accuracy';
import { flagsOf } from './flags';
import { type Reflection, type ReflectionOptions, reflectionOf } from './reflection';
import type { KnownBlocks } from './upstream/joined-blocks';
import { meanRelativeAccuracy } from './upstream/mean-relative-accuracy';
import { type DialogueMessage, type UpstreamReward, upstreamReward } from './upstream/reward';

/** What was asked and what the model said, without its pixels. */
export interface Scored {
  /** The messages as upstream's reward function is given them. */
  readonly messages: readonly DialogueMessage[];
  /** How many images the question has. */
  readonly inputs: number;
  readonly turns: readonly { readonly text: string }[];
  readonly type: QuestionType;
  /** The type as upstream's reward function is told it. */
  readonly upstreamType: string;
  readonly options: readonly string[];
  /** Null where nobody knows the right answer: then there is no accuracy and no reward. */
  readonly gold: string | null;
}

/** The scores of one trace. `docs/scores.md` defines each. */
export interface Score {
  /** The paper's Eq. 3, 0..1. */
  readonly accuracy: number | null;
  /** The paper's format score: 1 if every drawing that is said can be carried out, and the last turn alone answers. */
  readonly format: 0 | 1;
  /** 1 if there is a real revision. */
  readonly reflection: 0 | 1;
  /** The paper's Eq. 2, 0..2: accuracy and format together, and nothing where the accuracy is 0. */
  readonly reward: number | null;
  readonly upstream: UpstreamScore | null;
  readonly behaviour: Behaviour;
  readonly flags: readonly Flag[];
}

export type UpstreamScore = Pick<UpstreamReward, 'accuracy' | 'format' | 'reflection' | 'overall'>;

/** The four behaviours that the paper measures, and what its reflection is made of. */
export interface Behaviour {
  readonly turns: number;
  readonly boxes: number;
  readonly lines: number;
  /** Real ones; see `Revision`. */
  readonly revisions: number;
  readonly fakes: { readonly tiny: number; readonly undone: number; readonly late: number };
  readonly tracking: number;
  /** The paper's Eq. 5. */
  readonly equation5: boolean;
}

/** @param read what the turns say, where the caller has it already. */
export function score(
  scored: Scored,
  options: ReflectionOptions = {},
  read = readTurns(scored.inputs, scored.turns),
): Score {
  const { messages, turns, type, upstreamType, gold } = scored;
  const { parsed, findings, answer } = read;
  const reflection = reflectionOf(read, options);
  let [boxes, lines] = [0, 0];
  for (const { drawings } of parsed) {
    for (const drawing of drawings) {
      if (isLine(drawing)) lines++;
      else boxes++;
    }
  }
  const answers = parsed.map((turn) => turn.answer !== null);
  const onlyLast = answers.every((has, turn) => has === (turn === answers.length - 1));
  const broken = findings.some(({ severity }) => severity === 'error');
  const format = parsed.length > 0 && onlyLast && !broken ? 1 : 0;
  const accuracy = gold === null ? null : paperAccuracy(answer, gold, type);
  const upstream = gold === null ? null : upstreamReward(messages, gold, upstreamType, blocksOf(read));
  return {
    accuracy,
    format,
    reflection: reflection.revisions.some(({ fake }) => fake === null) ? 1 : 0,
    reward: accuracy === null ? null : accuracy > 0 ? accuracy + format : 0,
    upstream:
      upstream === null
        ? null
        : {
            accuracy: upstream.accuracy,
            format: upstream.format,
            reflection: upstream.reflection,
            overall: upstream.overall,
          },
    behaviour: {
      turns: turns.length,
      boxes,
      lines,
      ...behaviourOf(reflection),
    },
    flags: [...flagsOf(read, scored), ...(upstream?.raises == null ? [] : ['upstream-raises' as const])],
  };
}

/** The blocks of turns of which all is as it should be, so that their literals do not depend on where they stand. */
function blocksOf({ turns, parsed }: ReadTrace<{ readonly text: string }>): KnownBlocks {
  const known = new Map<string, Literal>();
  parsed.forEach(({ blocks, literals, findings }, turn) => {
    if (findings.length > 0) return;
    blocks.forEach(({ start, end }, i) => {
      const literal = literals[i];
      if (literal !== undefined) known.set(turns[turn]?.text.slice(start, end) ?? '', literal);
    });
  });
  return known;
}

/** The paper's Eq. 3: mean relative accuracy of a number, exact match of all else. */
function paperAccuracy(answer: string | null, gold: string, type: QuestionType): number {
  const exact = exactAccuracy(answer, gold, type);
  if (type !== 'numerical' || answer === null || exact === 1) return exact;
  const [said, right] = [readNumber(answer.trim()), readNumber(gold.replaceAll(/<\/?answer>/g, '').trim())];
  return said === null || right === null ? 0 : meanRelativeAccuracy(said, right);
}

function behaviourOf({ revisions, tracking, paper }: Reflection) {
  const count = (kind: Reflection['revisions'][number]['fake']) =>
    revisions.filter(({ fake }) => fake === kind).length;
  return {
    revisions: count(null),
    fakes: { tiny: count('tiny'), undone: count('undone'), late: count('late') },
    tracking,
    equation5: paper,
  };
}
