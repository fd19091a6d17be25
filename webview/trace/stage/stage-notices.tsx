import { Button } from '../../shared/toolkit';
import { counted, formatCount } from '../model/words';
import { useStore } from '../store';
import type { StageShapes } from './scene';

interface StageNoticesProps {
  readonly shapes: StageShapes;
  /** Why the image cannot be shown, or null. */
  readonly failure: string | null;
  /** Whether what the model saw was asked for, but it was not shown this image. */
  readonly unseen: boolean;
}

/** What the stage cannot show, in words. */
export function StageNotices({ shapes, failure, unseen }: StageNoticesProps) {
  const { dispatch } = useStore();
  const { drawn, leftOut, farOut, reachingOut } = shapes;
  const all = drawn.length + leftOut;
  return (
    <div class="stage-notices" role="status" data-testid="stage-notices">
      {failure !== null && <p class="error">This image cannot be shown: {failure}</p>}
      {unseen && <p>The model was not shown this image. These are the shapes drawn for it.</p>}
      {leftOut > 0 && (
        <p>
          {formatCount(drawn.length)} of {counted(all, 'shape')} are drawn. The list has them all.
        </p>
      )}
      {farOut > 0 && <p>{counted(farOut, 'shape lies', 'shapes lie')} too far out to be drawn.</p>}
      {reachingOut > 0 && (
        <p>
          {counted(reachingOut, 'shape reaches', 'shapes reach')} out of the image.
          <Button look="secondary" onClick={() => dispatch({ type: 'zoom', to: 'all' })} testId="zoom-all">
            Show All
          </Button>
        </p>
      )}
    </div>
  );
}
