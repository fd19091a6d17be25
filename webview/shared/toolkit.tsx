import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { type ComponentChildren, h, type Ref } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * The controls of the toolkit, in the only file that knows it: its maker keeps it no longer, and another set of controls
 * would take its place here. Each is a custom element with a shadow root, styled by sheets that a page's policy allows.
 */
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());

export interface ButtonProps {
  /** What it does, for a screen reader and as a tooltip; needed where it shows but an icon. */
  readonly label?: string;
  readonly look?: 'primary' | 'secondary' | 'icon';
  /** For a button that stays in: whether it is. */
  readonly pressed?: boolean;
  /** For a button that opens a menu: whether it is open. */
  readonly expanded?: boolean;
  readonly disabled?: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly testId?: string;
  readonly elementRef?: Ref<HTMLElement>;
  readonly children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const {
    label,
    look = 'secondary',
    pressed,
    expanded,
    disabled = false,
    onClick,
    testId,
    elementRef,
  } = props;
  return h(
    'vscode-button',
    {
      appearance: look,
      ref: elementRef ?? null,
      disabled,
      onClick: (event: MouseEvent) => {
        if (!disabled) onClick(event);
      },
      ...(label !== undefined && { 'aria-label': label, title: label }),
      ...(pressed !== undefined && { 'aria-pressed': String(pressed) }),
      ...(expanded !== undefined && { 'aria-haspopup': 'menu', 'aria-expanded': String(expanded) }),
      ...(testId !== undefined && { 'data-testid': testId }),
    },
    props.children,
  );
}

/** Something goes on that says not how long it takes. */
export function ProgressRing({ label }: { readonly label: string }) {
  const ring = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // As it comes onto the page the toolkit makes it an alert by the name of "Loading", which would interrupt all else.
    ring.current?.setAttribute('role', 'progressbar');
    ring.current?.setAttribute('aria-label', label);
    ring.current?.removeAttribute('aria-live');
  }, [label]);
  return h('vscode-progress-ring', { ref: ring });
}
