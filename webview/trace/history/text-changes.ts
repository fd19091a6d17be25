import { t } from '@vscode/l10n';
import type { Change } from '../../../src/trace/edit/change';
import { turnOrigins } from '../../../src/trace/edit/turn-origins';
import type { InputImage, Trace } from '../../../src/trace/trace';
import { type TextPiece, wordPieces } from '../model/text-pieces';

/** What happened to one part of a trace that people read: a field, or a turn. */
export interface TextChange {
  /** What part it is. */
  readonly title: string;
  /** What happened to it as a whole, in words; null where its words say it. */
  readonly note: string | null;
  readonly pieces: readonly TextPiece[];
}

/** What the changes did to the words of a trace, part by part; parts that are as they were are left out. */
export function textChanges(before: Trace, after: Trace, changes: readonly Change[]): TextChange[] {
  return [...fieldChanges(before, after), ...turnChanges(before, after, changes)];
}

function fieldChanges(before: Trace, after: Trace): TextChange[] {
  const fields: readonly (readonly [title: string, read: (trace: Trace) => string])[] = [
    [t('Question'), ({ question }) => question],
    [t('Options'), ({ options }) => options.join('\n')],
    [t('Right Answer'), ({ gold }) => gold ?? ''],
    [t('Type of Question'), ({ type }) => type],
    [t('Kind of Images'), ({ kind }) => kind],
    [t('Images'), ({ images }) => images.map(nameOf).join('\n')],
  ];
  return fields.flatMap(([title, read]) => {
    const [was, is] = [read(before), read(after)];
    return was === is ? [] : [{ title, note: null, pieces: wordPieces(was, is) }];
  });
}

const nameOf = ({ path, model }: InputImage): string =>
  model === null ? path : `${path} (${model.width} × ${model.height})`;

/** Turns in the order that they have after the changes, and each that is gone where it was. */
function turnChanges(before: Trace, after: Trace, changes: readonly Change[]): TextChange[] {
  const origins = turnOrigins(before.turns.length, changes);
  const gone = before.turns.flatMap(({ text }, was) => (origins.includes(was) ? [] : [{ was, text }]));
  const rows = after.turns.map(({ text }, is) => {
    const was = origins[is] ?? null;
    return { was, is, place: was ?? lastOrigin(origins, is), text };
  });
  return [
    ...rows.flatMap(({ was, is, place, text }) => {
      const change = was === null ? newTurn(is, text) : keptTurn(was, is, before, text, origins);
      return change === null ? [] : [{ place, change }];
    }),
    ...gone.map(({ was, text }) => ({ place: was, change: goneTurn(was, text) })),
  ]
    .sort((a, b) => a.place - b.place)
    .map(({ change }) => change);
}

/** A new turn stands where the turn before it stood. */
const lastOrigin = (origins: readonly (number | null)[], is: number): number =>
  origins.slice(0, is).findLast((origin) => origin !== null) ?? -1;

const newTurn = (is: number, text: string): TextChange => ({
  title: t('Turn {0}', is + 1),
  note: t('new'),
  pieces: [{ kind: 'added', text }],
});

const goneTurn = (was: number, text: string): TextChange => ({
  title: t('Turn {0}', was + 1),
  note: t('removed'),
  pieces: [{ kind: 'removed', text }],
});

function keptTurn(
  was: number,
  is: number,
  before: Trace,
  text: string,
  origins: readonly (number | null)[],
): TextChange | null {
  const earlier = before.turns[was]?.text ?? '';
  const moved = isMoved(origins, is);
  if (earlier === text && !moved) return null;
  return {
    title: t('Turn {0}', is + 1),
    note: moved ? t('moved: it was turn {0}', was + 1) : was === is ? null : t('it was turn {0}', was + 1),
    pieces: earlier === text ? [] : wordPieces(earlier, text),
  };
}

/** Whether a turn stands before one that it came after. */
function isMoved(origins: readonly (number | null)[], is: number): boolean {
  const was = origins[is];
  return was != null && origins.slice(0, is).some((origin) => origin !== null && origin > was);
}
