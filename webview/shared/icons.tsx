/** Small pictures for buttons, 16 by 16, in the colour of the text around them. */
const PATHS = {
  stop: 'M4 4h8v8H4z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  restart: 'M12.5 8a4.5 4.5 0 1 1-1.4-3.2M12.5 2.5v3h-3',
  save: 'M3 3h8l2 2v8H3zM5.5 3v3.5h4V3M5.5 13V9.5h5V13',
  export: 'M8 10V2.5M5 5l3-3 3 3M3 9v4h10V9',
  previous: 'M10 3 5 8l5 5',
  next: 'M6 3l5 5-5 5',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3',
  all: 'M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M6 6h4v4H6z',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  label: 'M2.5 3.5h6l5 4.5-5 4.5h-6zM5.5 8h.01',
  ghost: 'M3.5 13.5V7a4.5 4.5 0 0 1 9 0v6.5l-1.5-1.3-1.5 1.3L8 12.2l-1.5 1.3L5 12.2zM6.2 7h.01M9.8 7h.01',
  follow: 'M8 3v8M4.5 8 8 11.5 11.5 8M3.5 13.5h9',
  error: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  warning: 'M8 2.2 14.3 13.5H1.7zM8 6.5v3.2M8 11.6h.01',
  information: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.2v3.6M8 5h.01',
  right: 'M3 8.5 6.3 12 13 4.5',
  wrong: 'M4 4l8 8M12 4l-8 8',
  close: 'M4 4l8 8M12 4l-8 8',
  pending: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2z',
  box: 'M2.5 3.5h11v9h-11z',
  line: 'M3 13 13 3M13 3H9.5M13 3v3.5',
  newBox: 'M9 3.5H2.5v9h11V8M12.5 1.5v5M10 4h5',
  newLine: 'M4.2 11.8 9.5 6.5M2 13a1.2 1.2 0 1 0 2.4 0A1.2 1.2 0 1 0 2 13M12.5 1.5v5M10 4h5',
  edit: 'M3 13l.6-2.8L11 2.8l2.2 2.2-7.4 7.4L3 13M9.6 4.2l2.2 2.2',
  more: 'M3 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M7.5 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M12 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0',
  trash: 'M3 4.5h10M6.5 4.5v-2h3v2M4.2 4.5l.6 9h6.4l.6-9M6.7 7v4M9.3 7v4',
  history: 'M3 8a5 5 0 1 0 1.6-3.7L3 5.8M3 3v2.8h2.8M8 5.2v3l2 1.3',
  compare: 'M2.5 3h4.5v10H2.5zM9 3h4.5v10H9zM4 6h1.5M4 8.5h1.5M10.5 6h1.5M10.5 8.5h1.5',
  review: 'M2.5 4l1.2 1.2L6 2.8M8 4h5.5M2.5 9l1.2 1.2L6 7.8M8 9h5.5M3 13h10.5',
  keys: 'M2 4h12v8H2zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M11.8 6.5h.01M5 9.5h6',
  mark: 'M4 14V2.5h8L9.8 5.7 12 9H4',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing to a screen reader: what it is on has a name. */
export function Icon({ name, slot }: { readonly name: IconName; readonly slot?: 'start' }) {
  return (
    <svg
      class="icon"
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill={name === 'stop' ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.3"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      {...(slot && { slot })}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
