import { useEffect } from 'preact/hooks';
import { useHost } from '../host';
import { useSelect, useStore } from '../store';

/**
 * Asks for the desk of each trace while it is reviewed or compared; again when it has changed, and when the list is another:
 * more of the file may have been read.
 */
export function useDesk(): void {
  const host = useHost();
  const { dispatch } = useStore();
  const wanted = useSelect(({ review, compare, view }) => (review.open || compare.open) && view !== null);
  const document = useSelect((state) => state.document);
  const verdict = useSelect((state) => state.verdict);
  const news = useSelect(({ list }) => list.news);
  useEffect(() => {
    if (!wanted) return;
    let isLatest = true;
    host.desk().then(
      (desk) => isLatest && dispatch({ type: 'review', review: { desk } }),
      () => {},
    );
    return () => {
      isLatest = false;
    };
  }, [host, dispatch, wanted, document, verdict, news]);
}
