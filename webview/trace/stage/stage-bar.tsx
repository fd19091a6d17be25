import { t } from '@vscode/l10n';
import type { LineageImage } from '../../../src/trace/lineage';
import { IconButton } from '../../shared/icon-button';
import { Button } from '../../shared/toolkit';
import { stepImage, toggleSeen } from '../commands';
import { StageTools } from '../edit/stage-tools';
import { formatCount } from '../model/numbers';
import type { AppState, StageOptions } from '../model/state';
import type { TraceDocument } from '../model/trace-document';
import { originOf } from '../model/words';
import { viewportOf, type ZoomTarget } from '../model/zoom';
import { useSelect, useStore } from '../store';

const percent = (state: AppState) => Math.round(viewportOf(state).scale * 100);

interface StageBarProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
}

/** Which image is on the stage and how it is shown. */
export function StageBar({ document, image }: StageBarProps) {
  const count = document.images.length;
  const store = useStore();
  const { pixels, labels, ghosts } = useSelect((state) => state.options);
  const zoomed = useSelect(percent);
  const origin = originOf(image, document);
  const zoom = (to: ZoomTarget) => () => store.dispatch({ type: 'zoom', to });
  const set = (options: Partial<StageOptions>) => () => store.dispatch({ type: 'options', options });
  return (
    <div class="bar stage-bar" role="toolbar" aria-label={t('Stage')}>
      <span class="group">
        <IconButton
          icon="previous"
          label={t('Previous Image')}
          disabled={image.number <= 1}
          onClick={() => stepImage(store, -1)}
        />
        <span class="image-name" data-testid="image-name">
          <strong>{t('Image {0}', image.number)}</strong>
          <span class="quiet"> {t('of {0}', formatCount(count))}</span>
        </span>
        <IconButton
          icon="next"
          label={t('Next Image')}
          disabled={image.number >= count}
          onClick={() => stepImage(store, 1)}
        />
        <span class="quiet image-origin">{image.base === null ? origin : t('image {0}', origin)}</span>
      </span>
      <StageTools document={document} image={image} />
      <span class="group">
        <IconButton
          icon="eye"
          label={t('What the Model Saw')}
          pressed={pixels === 'seen'}
          onClick={() => toggleSeen(store)}
          testId="toggle-seen"
        />
        <IconButton
          icon="label"
          label={t('Labels')}
          pressed={labels}
          onClick={set({ labels: !labels })}
          testId="toggle-labels"
        />
        <IconButton
          icon="ghost"
          label={t('Ghosts')}
          pressed={ghosts}
          onClick={set({ ghosts: !ghosts })}
          testId="toggle-ghosts"
        />
      </span>
      <span class="group">
        <IconButton icon="minus" label={t('Zoom Out')} onClick={zoom('out')} />
        <Button look="icon" label={t('{0} %, Zoom to 100 %', zoomed)} onClick={zoom('actual')} testId="zoom">
          <span class="percent">{zoomed} %</span>
        </Button>
        <IconButton icon="plus" label={t('Zoom In')} onClick={zoom('in')} />
        <IconButton icon="fit" label={t('Zoom to Fit')} onClick={zoom('fit')} />
      </span>
    </div>
  );
}
