import type { ComponentChildren } from 'preact';
import { VirtualList } from './virtual-list';

interface ListboxProps {
  readonly id: string;
  readonly label: string;
  readonly class?: string;
  readonly count: number;
  /** About how long an option is in CSS pixels. */
  readonly estimate: number;
  readonly horizontal?: boolean;
  readonly selected: number | null;
  readonly onSelect: (index: number) => void;
  /** The Escape key; without it, it does nothing. */
  readonly onCancel?: () => void;
  /** The Delete and the Backspace key; without it, they do nothing. */
  readonly onDelete?: () => void;
  /** What a screen reader says of an option. */
  readonly nameOf: (index: number) => string;
  readonly renderOption: (index: number) => ComponentChildren;
}

const PAGE = 10;

/** A list of any length to choose one from: by a click, or with arrows, Page Up, Page Down, Home and End. */
export function Listbox(props: ListboxProps) {
  const {
    id,
    count,
    selected,
    onSelect,
    onCancel,
    onDelete,
    horizontal = false,
    nameOf,
    renderOption,
  } = props;
  const optionId = (index: number) => `${id}-${index}`;
  const onKeyDown = (event: KeyboardEvent) => {
    // With another key held it is a command's.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = target(event.key, selected, count);
    if (to !== null) onSelect(to);
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
      current={selected}
      onKeyDown={onKeyDown}
      {...(selected !== null && { activeId: optionId(selected) })}
      renderItem={(index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys.
        <div
          id={optionId(index)}
          role="option"
          class={`option ${index === selected ? 'selected' : ''}`}
          aria-label={nameOf(index)}
          aria-selected={index === selected}
          aria-posinset={index + 1}
          aria-setsize={count}
          onClick={() => onSelect(index)}
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
