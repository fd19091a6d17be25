import { t } from '@vscode/l10n';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { LineageImage } from '../../../src/trace/lineage';
import type { PastTrace } from '../../../src/view/trace-history';
import type { ImagePixels } from '../../../src/view/trace-view';
import { explain } from '../../shared/explain';
import { useHost, type ViewImage } from '../host';
import type { TraceDocument } from '../model/trace-document';

/** An image on its way: null until it is known, or why it cannot be had. */
export interface ImageState {
  readonly image: ViewImage | null;
  readonly failure: string | null;
}

/** An image, and what to call when its pixels could not be loaded after all. */
export interface UsedImage extends ImageState {
  readonly onLoadError: () => void;
}

const LOADING: ImageState = { image: null, failure: null };

/**
 * The pixels of an image: those of the input at the bottom of its lineage, or those that the model saw. While they are on
 * their way the state is that of no image; or, where the trace is the same and was only edited, what was there before the
 * edit, so that nothing flickers. The host keeps but so many pictures; one that is gone by the time it is loaded is asked
 * for once more. `past` says of which trace of the history the image is, if not of the one that is shown.
 */
export function useImage(
  { revision, key: traceKey }: Pick<TraceDocument, 'revision' | 'key'>,
  image: LineageImage,
  pixels: ImagePixels,
  past?: PastTrace,
): UsedImage {
  const host = useHost();
  // Many images have one base, so that it is asked for by the input's number, and once.
  const number = pixels === 'base' ? image.root : image.number;
  const key = JSON.stringify([revision, number, pixels, past]);
  const name = JSON.stringify([traceKey, number, pixels, past]);
  const [loaded, setLoaded] = useState({ key: '', name: '', attempt: 0, state: LOADING });
  const [again, setAgain] = useState({ key: '', attempt: 0 });
  const attempt = again.key === key ? again.attempt : 0;
  // Asked for before the frame is painted, which need not wait for it.
  useLayoutEffect(() => {
    let wanted = true;
    const settle = (state: ImageState) => {
      if (wanted) setLoaded({ key, name, attempt, state });
    };
    host.image(revision, number, pixels, past).then(
      (image) => settle({ image, failure: null }),
      (error) => settle({ image: null, failure: explain(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [host, key, attempt]);
  const onLoadError = () => {
    host.forgetImage(revision, number, pixels, past);
    if (attempt === 0) setAgain({ key, attempt: 1 });
    else
      setLoaded({
        key,
        name,
        attempt,
        state: { image: null, failure: t('Its pixels could not be loaded.') },
      });
  };
  const isCurrent = loaded.key === key ? loaded.attempt === attempt : loaded.name === name;
  const current = isCurrent ? loaded.state : LOADING;
  return { ...current, onLoadError };
}
