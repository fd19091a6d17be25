import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { Drawing } from '../../../src/trace/drawing';
import type { LineageImage } from '../../../src/trace/lineage';
import type { Trace } from '../../../src/trace/trace';
import type { PastTrace } from '../../../src/view/trace-history';
import { ProgressRing } from '../../shared/toolkit';
import { boundsOf, outlineOf } from '../model/geometry';
import { describeImage } from '../model/words';
import { useImage } from '../stage/use-image';
import { type DrawingChange, type PictureChange, pictureChanges } from './picture-changes';
import type { Detail } from './use-history';

interface PictureDiffProps {
  readonly traces: { readonly before: Trace; readonly after: Trace };
  readonly detail: Detail;
}

/** What changed in what is drawn, in words, and every image that looks otherwise now, before and after. */
export function PictureDiff({ traces, detail }: PictureDiffProps) {
  const { drawings, pictures } = useMemo(
    () => pictureChanges(traces.before, traces.after, detail.changes),
    [traces, detail.changes],
  );
  if (drawings.length === 0 && pictures.length === 0) {
    return <p class="quiet">{t('The pictures are the same.')}</p>;
  }
  return (
    <>
      <ul class="drawing-changes" aria-label={t('Shapes')}>
        {drawings.map((change, i) => (
          <DrawingRow key={i} change={change} />
        ))}
      </ul>
      {pictures.length === 0 && (
        <p class="quiet">{t('The model was shown no picture that is another now.')}</p>
      )}
      {pictures.map((change, i) => (
        <PicturePair key={i} change={change} drawings={drawings} detail={detail} />
      ))}
    </>
  );
}

function DrawingRow({ change: { kind, turn, text } }: { readonly change: DrawingChange }) {
  const where = t('Turn {0}: ', turn + 1);
  if (kind === 'changed') {
    return (
      <li>
        {where}
        {text}
      </li>
    );
  }
  return (
    <li>
      {where}
      {kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>}
    </li>
  );
}

interface PicturePairProps {
  readonly change: PictureChange;
  readonly drawings: readonly DrawingChange[];
  readonly detail: Detail;
}

function PicturePair({ change, drawings, detail }: PicturePairProps) {
  return (
    <div class="picture-pair" data-testid="picture-pair">
      {(['before', 'after'] as const).map((side) => (
        <Picture
          key={side}
          image={change[side]}
          side={side}
          changed={drawings.flatMap((one) => one.drawings[side] ?? [])}
          detail={detail}
        />
      ))}
    </div>
  );
}

interface PictureProps {
  readonly image: LineageImage | null;
  readonly side: PastTrace['side'];
  /** The drawings that stand out. */
  readonly changed: readonly Drawing[];
  readonly detail: Detail;
}

function Picture({ image, side, changed, detail }: PictureProps) {
  return (
    <figure class="picture-side">
      <figcaption>
        <strong>{side === 'before' ? t('Before') : t('After')}</strong> {image !== null && nameOf(image)}
      </figcaption>
      {image === null ? (
        <p class="no-picture quiet">
          {side === 'before' ? t('no such image yet') : t('no such image any more')}
        </p>
      ) : (
        <Pixels image={image} past={{ entry: detail.id, side }} changed={changed} detail={detail} />
      )}
    </figure>
  );
}

const nameOf = ({ number, turn }: LineageImage): string =>
  turn === null ? t('Image {0}: input', number) : t('Image {0}, turn {1}', number, turn + 1);

interface PixelsProps {
  readonly image: LineageImage;
  readonly past: PastTrace;
  readonly changed: readonly Drawing[];
  readonly detail: Detail;
}

function Pixels({ image, past, changed, detail }: PixelsProps) {
  const { image: loaded, failure, onLoadError } = useImage(detail.document, image, 'seen', past);
  if (failure !== null) return <p class="error">{failure}</p>;
  if (loaded === null) return <ProgressRing label={t('Drawing the image')} />;
  const { uri, width, height } = loaded;
  const listed: readonly Drawing[] = [...image.canvas.boxes, ...image.canvas.lines];
  return (
    <div class="picture-frame">
      <img src={uri} width={width} height={height} alt={describeImage(image)} onError={onLoadError} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {changed
          .filter((drawing) => listed.includes(drawing))
          .map((drawing, i) => (
            <Highlight key={i} drawing={drawing} size={Math.max(width, height)} />
          ))}
      </svg>
    </div>
  );
}

/** Two frames, one in the other, around what changed, so that it is seen on any ground. */
function Highlight({ drawing, size }: { readonly drawing: Drawing; readonly size: number }) {
  const outline = outlineOf(drawing);
  if (outline === null) return null;
  const { left, top, right, bottom } = boundsOf(outline);
  const room = size / 40;
  const place = {
    ...{ x: left - room, y: top - room },
    ...{ width: right - left + 2 * room, height: bottom - top + 2 * room },
  };
  return (
    <>
      <rect class="highlight-ground" {...place} />
      <rect class="highlight" {...place} />
    </>
  );
}
