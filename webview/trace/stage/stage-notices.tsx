import { t } from '@vscode/l10n';
import type { Finding } from '../../../src/trace/finding';
import type { ViewFinding } from '../../../src/view/trace-view';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { LocateImages } from '../bar/locate-images';
import { countShapes } from '../model/counts';
import { formatCount } from '../model/numbers';
import { useSelect, useStore } from '../store';
import type { StageShapes } from './scene';

interface StageNoticesProps {
  readonly shapes: StageShapes;
  /** The label of the shape that is held, and what was found of it; null where none is. */
  readonly held: { readonly label: string; readonly findings: readonly (Finding | ViewFinding)[] } | null;
  /** Why the image cannot be shown, or null. */
  readonly failure: string | null;
  /** Whether what the model saw was asked for, but it was not shown this image. */
  readonly unseen: boolean;
}

/** What the stage cannot show, in words. */
export function StageNotices({ shapes, held, failure, unseen }: StageNoticesProps) {
  const { dispatch } = useStore();
  const { drawn, leftOut, farOut, reachingOut } = shapes;
  // The line below the header has said it already, if that is what the run failed of.
  const isSaid = useSelect(({ document }) => failure !== null && document?.trace.error === failure);
  return (
    <div class="stage-notices" role="status" data-testid="stage-notices">
      {failure !== null && (
        <p class="error">
          {isSaid ? t('This image cannot be shown.') : t('This image cannot be shown: {0}', failure)}
          <LocateImages />
        </p>
      )}
      {unseen && <p>{t('The model was not shown this image. These are the shapes drawn for it.')}</p>}
      {held?.findings.map(({ severity, message }, i) => (
        <p key={i} class={severity} data-testid="shape-finding">
          <Icon name={severity} />
          {t('{0}: {1}', held.label, message)}
        </p>
      ))}
      {leftOut > 0 && (
        <p>
          {t(
            '{0} of {1} are drawn. The list has them all.',
            formatCount(drawn.length),
            countShapes(drawn.length + leftOut),
          )}
        </p>
      )}
      {farOut > 0 && (
        <p>
          {farOut === 1
            ? t('1 shape lies too far out to be drawn.')
            : t('{0} shapes lie too far out to be drawn.', formatCount(farOut))}
        </p>
      )}
      {reachingOut > 0 && (
        <p>
          {reachingOut === 1
            ? t('1 shape reaches out of the image.')
            : t('{0} shapes reach out of the image.', formatCount(reachingOut))}
          <Button look="secondary" onClick={() => dispatch({ type: 'zoom', to: 'all' })} testId="zoom-all">
            {t('Show All')}
          </Button>
        </p>
      )}
    </div>
  );
}
