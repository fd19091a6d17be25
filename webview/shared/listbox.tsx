import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { VirtualList } from './virtual-list';

/** How several options are selected. */
export interface Several {
  readonly isSelected: (index: number) => boolean;
  /** One more, or one less: a click with Ctrl (Cmd), or Ctrl+Space. */
  readonly onToggle: (index: number) => void;
  /** All from the one that was selected first: a click with Shift, or Shift and a key that moves. */
  readonly onRange: (index: number) => void;
  /** Ctrl+A (Cmd+A). */
  readonly onAll: () => void;
}

interface ListboxProps {
  readonly id: string;
  readonly label: string;
  readonly class?: string;
  readonly count: number;
  /** About how long an option is in CSS pixels. */
  readonly estimate: number;
  readonly horizontal?: boolean;
  /** The option that is selected; of several, the one that was selected last. */
  readonly selected: number | null;
  /** For a list of which several can be selected. */
  readonly several?: Several | undefined;
  readonly onSelect: (index: number) => void;
  /** The pointer is over an option, or over none any more. */
  readonly onPoint?: (index: number | null) => void;
  /** The Enter key; without it, it does nothing. */
  readonly onOpen?: (index: number) => void;
  /** The Escape key; without it, it does nothing. */
  readonly onCancel?: () => void;
  /** The Delete and the Backspace key; without it, they do nothing. */
  readonly onDelete?: () => void;
  /** What a screen reader says of an option. */
  readonly nameOf: (index: number) => string;
  readonly renderOption: (index: number) => ComponentChildren;
}

const PAGE = 10;

/**
 * A list of any length to choose one from: by a click, or with arrows, Page Up, Page Down, Home and End; or several, where it
 * has `several`. Then with Ctrl keys move on without selecting.
 */
export function Listbox(props: ListboxProps) {
  const {
    id,
    count,
    selected,
    several,
    onSelect,
    onPoint,
    onOpen,
    onCancel,
    onDelete,
    horizontal = false,
    nameOf,
    renderOption,
  } = props;
  const isSelected = several?.isSelected ?? ((index) => index === selected);
  const optionId = (index: number) => `${id}-${index}`;
  /** Where keys lead on from, if that is not the one that was selected last. */
  const [cursor, setCursor] = useState<number | null>(null);
  const active = several && cursor !== null && cursor < count ? cursor : selected;
  const onMore = (event: KeyboardEvent, { onToggle, onAll }: Several) => {
    const to = target(event.key, active, count);
    if (to !== null) setCursor(to);
    else if (event.key === ' ' && active !== null) {
      setCursor(active);
      onToggle(active);
    } else if (event.key.toLowerCase() === 'a' && !event.shiftKey) {
      onAll();
      // VS Code would go on to select all text of the view.
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  const select = (index: number, event: MouseEvent | KeyboardEvent) => {
    setCursor(null);
    if (several && event.shiftKey) several.onRange(index);
    else if (several && (event.ctrlKey || event.metaKey)) several.onToggle(index);
    else onSelect(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (several && !event.altKey && (event.ctrlKey || event.metaKey)) onMore(event, several);
    // With another key held it is a command's.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = target(event.key, active, count);
    if (to !== null) select(to, event);
    else if (event.key === 'Enter' && onOpen && active !== null) onOpen(active);
    else if (event.key === 'Escape' && onCancel) onCancel();
    else if ((event.key === 'Delete' || event.key === 'Backspace') && onDelete) onDelete();
    else return;
    event.preventDefault();
  };
  return (
    <VirtualList
      id={id}
      label={props.label}
      role="listbox"
      class={`listbox ${props.class ?? ''}`}
      testId={id}
      count={count}
      estimate={props.estimate}
      horizontal={horizontal}
      current={active}
      several={several !== undefined}
      onBlur={several && (() => setCursor(null))}
      onKeyDown={onKeyDown}
      {...(active !== null && { activeId: optionId(active) })}
      renderItem={(index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys.
        <div
          id={optionId(index)}
          role="option"
          class={`option ${isSelected(index) ? 'selected' : ''} ${several && index === active ? 'active' : ''}`}
          aria-label={nameOf(index)}
          aria-selected={isSelected(index)}
          aria-posinset={index + 1}
          aria-setsize={count}
          onPointerEnter={onPoint && (() => onPoint(index))}
          onPointerLeave={onPoint && (() => onPoint(null))}
          onClick={(event) => select(index, event)}
        >
          {renderOption(index)}
        </div>
      )}
    />
  );
}

/** Where a key leads from the selected option; null if it is none of the list's. */
function target(key: string, selected: number | null, count: number): number | null {
  const last = count - 1;
  const step = (by: number) =>
    Math.min(Math.max(selected === null ? (by > 0 ? 0 : last) : selected + by, 0), last);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return step(1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return step(-1);
    case 'PageDown':
      return step(PAGE);
    case 'PageUp':
      return step(-PAGE);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
