import { useEffect, useState } from 'preact/hooks';
import type { LineageImage } from '../../../src/trace/lineage';
import { explain, useHost, type ViewImage } from '../host';

/** An image on its way: null until it is known, or why it cannot be had. */
export interface ImageState {
  readonly image: ViewImage | null;
  readonly failure: string | null;
}

const LOADING: ImageState = { image: null, failure: null };

/**
 * The pixels of an image of `trace`: those of the input at the bottom of its lineage, or those that the model saw. While
 * they are on their way the state is that of no image, but for pixels that were here before: those are there at once.
 */
export function useImage(trace: string, image: LineageImage | null, pixels: 'base' | 'seen'): ImageState {
  const host = useHost();
  // Many images have one base, so that it is asked for by the input's number, and once.
  const number = image === null ? null : pixels === 'base' ? image.root : image.number;
  const key = JSON.stringify([trace, number, pixels]);
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly state: ImageState }>({
    key: '',
    state: LOADING,
  });
  useEffect(() => {
    if (number === null) return;
    let wanted = true;
    const settle = (state: ImageState) => {
      if (wanted) setLoaded({ key, state });
    };
    host.image(trace, number, pixels).then(
      (image) => settle({ image, failure: null }),
      (error) => settle({ image: null, failure: explain(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [host, key]);
  return loaded.key === key ? loaded.state : LOADING;
}
