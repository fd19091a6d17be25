import type { LineageImage } from '../../../src/trace/lineage';
import { Icon, type IconName } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { stepImage, toggleSeen } from '../commands';
import type { AppState } from '../model/state';
import type { TraceDocument } from '../model/trace-document';
import { baseName, counted } from '../model/words';
import { viewportOf, type ZoomTarget } from '../model/zoom';
import { useSelect, useStore } from '../store';

const ZOOMS: readonly { readonly to: ZoomTarget; readonly icon: IconName; readonly label: string }[] = [
  { to: 'out', icon: 'minus', label: 'Zoom Out' },
  { to: 'in', icon: 'plus', label: 'Zoom In' },
  { to: 'fit', icon: 'fit', label: 'Zoom to Fit' },
];

const percent = (state: AppState) => Math.round(viewportOf(state).scale * 100);

interface StageBarProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
}

/** Which image is on the stage and how it is shown. */
export function StageBar({ document, image }: StageBarProps) {
  const count = document.images.length;
  const store = useStore();
  const { dispatch } = store;
  const options = useSelect((state) => state.options);
  const zoomed = useSelect(percent);
  const icon = (
    name: IconName,
    label: string,
    onClick: () => void,
    more: { pressed?: boolean; disabled?: boolean; testId?: string } = {},
  ) => (
    <Button look="icon" label={label} onClick={onClick} {...more}>
      <Icon name={name} />
    </Button>
  );
  return (
    <div class="bar stage-bar" role="toolbar" aria-label="Stage">
      <span class="group">
        {icon('previous', 'Previous Image', () => stepImage(store, -1), { disabled: image.number <= 1 })}
        <span class="image-name" data-testid="image-name">
          <strong>Image {image.number}</strong>
          <span class="quiet"> of {count}</span>
        </span>
        {icon('next', 'Next Image', () => stepImage(store, 1), { disabled: image.number >= count })}
        <span class="quiet image-origin">{originOf(image, document)}</span>
      </span>
      <span class="group">
        {icon('eye', 'What the Model Saw', () => toggleSeen(store), {
          pressed: options.pixels === 'seen',
          testId: 'toggle-seen',
        })}
        {icon('label', 'Labels', () => dispatch({ type: 'options', options: { labels: !options.labels } }), {
          pressed: options.labels,
          testId: 'toggle-labels',
        })}
        {icon('ghost', 'Ghosts', () => dispatch({ type: 'options', options: { ghosts: !options.ghosts } }), {
          pressed: options.ghosts,
          testId: 'toggle-ghosts',
        })}
      </span>
      <span class="group">
        {ZOOMS.slice(0, 1).map(({ to, icon: name, label }) =>
          icon(name, label, () => dispatch({ type: 'zoom', to })),
        )}
        <Button
          look="icon"
          label={`${zoomed} %, Zoom to 100 %`}
          onClick={() => dispatch({ type: 'zoom', to: 'actual' })}
          testId="zoom"
        >
          <span class="percent">{zoomed} %</span>
        </Button>
        {ZOOMS.slice(1).map(({ to, icon: name, label }) =>
          icon(name, label, () => dispatch({ type: 'zoom', to })),
        )}
      </span>
    </div>
  );
}

function originOf({ number, base, turn, drawn }: LineageImage, { trace }: TraceDocument): string {
  return base === null || turn === null
    ? `input ${baseName(trace.images[number - 1]?.path ?? '')}`
    : `image ${base} + ${counted(drawn.length, 'shape')}, turn ${turn + 1}`;
}
