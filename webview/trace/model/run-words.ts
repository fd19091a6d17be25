import { t } from '@vscode/l10n';
import * as v from 'valibot';
import type { Immutable } from '../../../src/protocol/contract';
import type { Run, Trace, TraceFinish, TurnFinish } from '../../../src/trace/trace';
import type { RunState } from '../../../src/view/trace-view';
import { formatCount } from './numbers';

/** Where a run stands, in words. */
export function describeRun(run: RunState): string {
  switch (run.state) {
    case 'queued':
      if (run.ahead === 0) return t('Waiting: next in the queue');
      return run.ahead === 1
        ? t('Waiting: 1 run ahead in the queue')
        : t('Waiting: {0} runs ahead in the queue', formatCount(run.ahead));
    case 'opening':
      return run.message;
    case 'running':
      return t('Running');
    case 'ended':
      return t('Run ended');
  }
}

/** Why a turn ends where it ends; empty if the model was done. */
export function describeFinish(finish: TurnFinish): string {
  switch (finish) {
    case 'stop':
      return '';
    case 'length':
      return t('out of tokens');
    case 'cancelled':
      return t('stopped');
    case 'failed':
      return t('failed');
  }
}

/** Why a trace ends without an answer; empty if it has one, or if nobody knows. */
export function describeEnd(finish: TraceFinish | null, answer: string | null): string {
  switch (finish) {
    case null:
      return '';
    case 'stop':
      return answer === null ? t('The last turn that was allowed gives no answer.') : '';
    case 'length':
      return t('The last turn ran out of tokens.');
    case 'ToolError':
      return t('The last turn neither draws nor answers.');
    case 'ToolGenError':
      return t('A drawing of the last turn cannot be carried out.');
    case 'IndexError':
      return t('The last turn draws on an image that does not exist.');
    case 'TooManyImages':
      return t('The last turn draws, but the limit of images is reached.');
    case 'cancelled':
      return t('The run was stopped.');
    case 'failed':
      return t('The run failed.');
  }
}

/** What spoke: `ViLaSR-7B · cpu · int8 · seed 7`. */
export function describeModel({ model, provider, weights, sampling }: Immutable<Run>): string {
  const seed = sampling.temperature === 0 ? t('greedy') : t('seed {0}', sampling.seed);
  return [model, provider, weights ?? '', seed].filter((part) => part !== '').join(' · ');
}

const originSchema = v.object({ continuedFrom: v.object({ trace: v.string(), turn: v.number() }) });

/** Which trace a run went on from; empty for one that began at the beginning. */
export function describeOrigin(source: Trace['source']): string {
  const origin = v.safeParse(originSchema, source);
  if (!origin.success) return '';
  const { trace, turn } = origin.output.continuedFrom;
  return t('Continued from {0} after turn {1}', trace, turn);
}
