import type { TraceRef } from '../../dataset/overlay/edit-event';
import type { EditSession } from '../../dataset/overlay/edit-session';
import { TraceCounter } from '../../dataset/overlay/trace-counter';
import type { DataItem, DataSource } from '../../dataset/source/data-source';
import type { Trace } from '../../trace/trace';

/** An item as it is written elsewhere: with its edits, if it has any. */
export interface WholeItem {
  readonly item: DataItem;
  /** Null where the item is no trace. */
  readonly trace: Trace | null;
  readonly edited: boolean;
}

/**
 * All items in their order, each read once. `onTouched` is told where an item stands before its edits are asked for. Throws
 * `DataError`.
 */
export async function* wholeItems(
  source: DataSource,
  session: EditSession | null,
  onTouched: (ref: TraceRef, index: number) => void,
): AsyncGenerator<WholeItem> {
  const counter = new TraceCounter();
  for (let index = 0; ; index++) {
    const item = await source.item(index);
    if (item === null) return;
    const ref = counter.next(item.hash);
    if (item.trace === null || !session?.isTouched(ref)) {
      yield { item, trace: item.trace, edited: false };
      continue;
    }
    onTouched(ref, index);
    const { trace, changes } = await session.edited(ref);
    yield { item, trace, edited: changes.length > 0 };
  }
}
