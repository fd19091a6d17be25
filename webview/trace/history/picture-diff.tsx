import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { LineageImage } from '../../../src/trace/lineage';
import type { Trace } from '../../../src/trace/trace';
import type { PastTrace } from '../../../src/view/trace-history';
import { ProgressRing } from '../../shared/toolkit';
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
      {pictures.length === 0 && <p class="quiet">{t('The model was shown no picture that is another now.')}</p>}
      {pictures.map((change, i) => (
        <PicturePair key={i} change={change} detail={detail} />
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

function PicturePair({ change, detail }: { readonly change: PictureChange; readonly detail: Detail }) {
  return (
    <div class="picture-pair" data-testid="picture-pair">
      {(['before', 'after'] as const).map((side) => (
        <Picture key={side} image={change[side]} side={side} detail={detail} />
      ))}
    </div>
  );
}

interface PictureProps {
  readonly image: LineageImage | null;
  readonly side: PastTrace['side'];
  readonly detail: Detail;
}

function Picture({ image, side, detail }: PictureProps) {
  const title = side === 'before' ? t('Before') : t('After');
  return (
    <figure class={`picture-side ${side}`}>
      {image === null ? (
        <p class="no-picture quiet">{side === 'before' ? t('no such image yet') : t('no such image any more')}</p>
      ) : (
        <Pixels image={image} past={{ entry: detail.id, side }} detail={detail} />
      )}
      <figcaption>
        <strong>{title}</strong> {image !== null && describeImage(image)}
      </figcaption>
    </figure>
  );
}

interface PixelsProps {
  readonly image: LineageImage;
  readonly past: PastTrace;
  readonly detail: Detail;
}

function Pixels({ image, past, detail }: PixelsProps) {
  const { image: loaded, failure, onLoadError } = useImage(detail.document, image, 'seen', past);
  if (failure !== null) return <p class="error">{failure}</p>;
  if (loaded === null) return <ProgressRing label={t('Drawing the image')} />;
  const { uri, width, height } = loaded;
  return <img src={uri} width={width} height={height} alt={describeImage(image)} onError={onLoadError} />;
}
