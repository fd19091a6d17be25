import { type Score, score } from '../../../score/score';
import { scoredTrace } from '../../../score/scored-trace';
import type { EditedItem } from '../edited-items';
import type { Columns, ParquetImage } from '../parquet/column';
import type { ParquetRow } from '../parquet/parquet-file';
import type { Sample } from '../sample';

const SCORES = { accuracy: 'float64', format: 'float64', reflection: 'float64' } as const;

/** The columns of the data set, one row a trace. */
export const COLUMNS: Columns = {
  id: 'string',
  question: 'string',
  options: { list: 'string' },
  type: 'string',
  kind: 'string',
  gold: 'string',
  answer: 'string',
  conversations: { list: { fields: { role: 'string', content: 'string' } } },
  images: { list: 'image' },
  /** How many of the images are those of the question; they come first. */
  inputs: 'int32',
  scores: {
    fields: { ...SCORES, reward: 'float64', upstream: { fields: { ...SCORES, overall: 'float64' } } },
  },
  verdict: {
    fields: { verdict: 'string', who: 'string', at: 'string', reason: 'string', comment: 'string' },
  },
  edited: 'bool',
  source: 'string',
};

/** What each column means, for the card. */
export const MEANINGS: Readonly<Record<string, string>> = {
  id: 'name of the trace',
  question: 'what was asked',
  options: 'the choices; empty where there are none, or where the question holds them',
  type: '`multiple-choice`, `numerical` or `free-form`',
  kind: 'what the images of the question are to one another: `single`, `multi-view` or `video`',
  gold: 'the right answer; null if unknown',
  answer: 'what the trace answers; null if it does not',
  conversations: 'the messages (`system`, `user`, `assistant`), with `<image>` where an image stands',
  images: 'those of the question, then those that were drawn, in the order of the `<image>`',
  inputs: 'how many of the images are those of the question',
  scores: 'accuracy, format, reflection and reward as the paper has them; `upstream`: as its code has them',
  verdict: 'what a person said of the trace, who, when and why; null if nobody did',
  edited: 'whether a person changed the trace',
  source: 'where the question comes from, as JSON; null if unknown',
};

/** @param images all of the sample, in their order. */
export function rowOf(
  { trace, edited, verdict }: EditedItem,
  { messages }: Sample,
  images: readonly ParquetImage[],
): ParquetRow {
  const { id, question, options, type, kind, gold, answer, source } = trace;
  return {
    ...{ id, question, options, type, kind, gold, answer },
    conversations: messages,
    images,
    inputs: trace.images.length,
    scores: scoresOf(score(scoredTrace(trace))),
    verdict:
      verdict === null
        ? null
        : {
            verdict: verdict.verdict,
            who: verdict.said.who,
            at: verdict.said.at,
            reason: verdict.said.reason ?? null,
            comment: verdict.said.comment ?? null,
          },
    edited,
    source: source === null ? null : JSON.stringify(source),
  };
}

const scoresOf = ({ accuracy, format, reflection, reward, upstream }: Score) => {
  return { accuracy, format, reflection, reward, upstream };
};
