import type { Column } from './use-compared';

/** How the drawings of a trace are told from those of others: by the kind of stroke, and by a colour besides. */
export type Stroke = 'solid' | 'dashed' | 'dotted' | 'dash-dotted';

const OTHERS: readonly Stroke[] = ['dashed', 'dotted', 'dash-dotted'];

/** The one that is shown is drawn as ever; the others each in a way of their own. */
export function strokeOf(columns: readonly Column[], { index, shown }: Column): Stroke {
  if (shown) return 'solid';
  const others = columns.filter((column) => !column.shown);
  return OTHERS[others.findIndex((column) => column.index === index)] ?? 'dashed';
}
