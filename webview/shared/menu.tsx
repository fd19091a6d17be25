import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icons';
import { Button } from './toolkit';

export interface MenuItem {
  readonly label: string;
  /** For one that is on or off: whether it is on. */
  readonly checked?: boolean;
  readonly onChoose: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean;
  readonly testId?: string;
  /** Whether the button shows its picture alone. */
  readonly compact?: boolean;
  /** Whether something in it is chosen. */
  readonly pressed?: boolean;
}

/** A button that opens a list of things to do. Arrows, Home and End move in it; Escape closes it. */
export function Menu({
  label,
  icon,
  items,
  disabled = false,
  testId,
  compact = false,
  pressed = false,
}: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (open) itemAt(list.current, 0)?.focus();
  }, [open]);

  const close = (focusButton: boolean) => {
    setOpen(false);
    if (focusButton) button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const focused = [...(list.current?.children ?? [])].indexOf(event.target as Element);
    const to = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) itemAt(list.current, to)?.focus();
    else if (event.key === 'Escape') close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the items within.
    <div
      class="menu"
      onKeyDown={open ? onKeyDown : undefined}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOpen(false);
      }}
    >
      <Button
        expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
        elementRef={button}
        {...(testId !== undefined && { testId })}
        {...(pressed && { pressed })}
        {...(compact && { look: 'icon' as const, label })}
      >
        {compact ? (
          <Icon name={icon} />
        ) : (
          <>
            <Icon name={icon} slot="start" />
            {label}
            <Icon name="down" />
          </>
        )}
      </Button>
      {open && (
        <div class="menu-list" role="menu" aria-label={label} ref={list} id={id}>
          {items.map((item) => (
            <button
              type="button"
              {...(item.checked === undefined
                ? { role: 'menuitem' as const }
                : { role: 'menuitemcheckbox' as const, 'aria-checked': item.checked })}
              tabIndex={-1}
              key={item.label}
              onClick={() => {
                close(true);
                item.onChoose();
              }}
            >
              {item.checked !== undefined && (
                <span class="check">{item.checked && <Icon name="right" />}</span>
              )}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The item at a place that may lie beyond either end, which is then the one at the other end. */
function itemAt(list: HTMLElement | null, index: number): HTMLElement | null {
  const items = list?.children ?? [];
  const item = items[(index + items.length) % items.length];
  return item instanceof HTMLElement ? item : null;
}
