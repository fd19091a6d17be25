import { t } from '@vscode/l10n';
import type { Flag } from '../../../src/trace/flag';
import { Icon } from '../../shared/icons';
import type { Desk } from '../model/review';

/** What the trace is worth by the paper's reward, and what that does not see. */
export function ScoreLine({ score, flags }: Pick<Desk, 'score' | 'flags'>) {
  if (score === null && flags.length === 0) return null;
  return (
    <p class="bar score-line" data-testid="scores">
      {score !== null && (
        <>
          <span>
            {t('Reward')} <strong>{short(score.reward)}</strong>
          </span>
          <span class="quiet">
            {t(
              'accuracy {0} · format {1} · reflection {2}',
              short(score.accuracy),
              short(score.format),
              short(score.reflection),
            )}
          </span>
        </>
      )}
      {flags.map((flag) => (
        <span key={flag} class="flag">
          <Icon name="warning" /> {flagName(flag)}
        </span>
      ))}
    </p>
  );
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** What is wrong where there is such a flag; `docs/scores.md` says more. */
function flagName(flag: Flag): string {
  const names: Readonly<Record<Flag, string>> = {
    'answered-without-drawing': t('answered without drawing'),
    'duplicate-drawing': t('the same drawing twice'),
    'unsupported-answer': t('no drawing supports the answer'),
    'answer-in-wrong-turn': t('an answer before the last turn'),
    'degenerate-loop': t('goes round in a circle'),
    'number-from-index': t('upstream would take the number from a drawing'),
    'same-trace': t('like another trace'),
    'upstream-raises': t('upstream’s reward breaks on it'),
  };
  return names[flag];
}
