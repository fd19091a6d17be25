import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

interface VirtualListProps {
  readonly id?: string;
  readonly label: string;
  readonly count: number;
  /** About how long an item is in CSS pixels, before it was measured. */
  readonly estimate: number;
  readonly horizontal?: boolean;
  /** The item that must be in sight; it is scrolled to when it becomes another one. */
  readonly current: number | null;
  /** Whether the end stays in sight as the last item grows, if it was in sight. */
  readonly followEnd?: boolean;
  readonly role: 'feed' | 'listbox';
  /** For a list that takes keys: what to do with them, and the id of the option that is active. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly activeId?: string;
  readonly onBlur?: (() => void) | undefined;
  /** Of a list to choose several from. */
  readonly several?: boolean;
  readonly class?: string;
  readonly testId?: string;
  readonly renderItem: (index: number) => ComponentChildren;
}

/** So near to the end counts as at the end, in CSS pixels. */
const AT_END = 40;

/**
 * A list of which only what is in sight is on the page, whatever its length. Items may be of any size. Each is to say its
 * own place to a screen reader, by `aria-posinset` and `aria-setsize`.
 */
export function VirtualList(props: VirtualListProps) {
  const {
    label,
    count,
    estimate,
    horizontal = false,
    current,
    followEnd = false,
    role,
    testId,
    onKeyDown,
    activeId,
    onBlur,
    several = false,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [, renderAgain] = useReducer<number, void>((n) => n + 1, 0);
  const held = useRef<Virtualizer<HTMLDivElement, HTMLElement> | null>(null);
  const options: VirtualizerOptions<HTMLDivElement, HTMLElement> = {
    count,
    horizontal,
    overscan: 4,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => renderAgain(),
  };
  held.current ??= new Virtualizer(options);
  const virtualizer = held.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());

  useLayoutEffect(() => {
    if (current !== null && current < count) virtualizer.scrollToIndex(current, { align: 'auto' });
  }, [virtualizer, current, count === 0]);

  const wasAtEnd = useRef(true);
  const total = virtualizer.getTotalSize();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (followEnd && wasAtEnd.current && element) element.scrollTop = element.scrollHeight;
  }, [followEnd, total]);

  const extent = `${total}px`;
  return (
    <div
      ref={scroller}
      class={`virtual-list ${horizontal ? 'horizontal' : ''} ${props.class ?? ''}`}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        wasAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END;
      }}
      {...(testId !== undefined && { 'data-testid': testId })}
    >
      <div
        {...{ role, 'aria-label': label }}
        class="virtual-extent"
        style={horizontal ? { width: extent } : { height: extent }}
        {...(props.id !== undefined && { id: props.id })}
        {...(onKeyDown && { tabIndex: 0, onKeyDown, onBlur, 'aria-activedescendant': activeId })}
        {...(several && { 'aria-multiselectable': true })}
      >
        {virtualizer.getVirtualItems().map(({ index, start, key }) => (
          <div
            key={key}
            role="presentation"
            class="virtual-item"
            data-index={index}
            ref={virtualizer.measureElement}
            style={{ transform: horizontal ? `translateX(${start}px)` : `translateY(${start}px)` }}
          >
            {props.renderItem(index)}
          </div>
        ))}
      </div>
    </div>
  );
}
