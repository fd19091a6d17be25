import { CELL, type Cell } from '../src/synth/grid';
import { barEnds } from '../src/synth/scene-picture';
import type { World } from '../src/synth/world';
import type { Size } from '../src/trace/geometry';
import { COLUMN, type Look, ROW, type Span, TEXT } from './lesson';

/** A text of the conversation, and where it begins there. */
export interface Passage {
  readonly text: string;
  readonly start: number;
}

/** The number of a cell among the visual tokens of a picture of `width` pixels, row by row. */
export const cellNumber = (width: number, { column, row }: Cell): number => row * (width / CELL) + column;

/**
 * What turn `i` of a world is to be read off: cells of the images before it, words of the question, and numbers told of in
 * this turn or, where it concludes, in `drew`, the newest turn before it that drew. Ranges are offsets in the turn's text.
 */
export function looksOf(
  world: World,
  i: number,
  turn: Passage,
  asked: Passage,
  drew: Passage | null,
): Look[] {
  const { text } = turn;
  if (world.layout.family === 'maze') {
    return [...mazeCells(world, text, i), ...copiedMoves(text, asked)];
  }
  const noun = /How many (\w+ )??(\w+)s are/d.exec(asked.text)?.indices?.[2]?.[0] ?? 0;
  return [
    ...sceneCells(world, text),
    ...countLooks(turn, world.image, asked.start + noun),
    ...copiedNames(text, asked),
    ...drawnNumbers(turn),
    ...(drew === null ? [] : concludedNumbers(turn, asked, drew)),
  ];
}

/** The cell that the turn stands on, in the newest image. */
function mazeCells(world: World, text: string, image: number): Look[] {
  return found(text, /At \((\d+), (\d+)\).*(?= <\/think>)/dg).flatMap(({ words, spans: [whole, x] }) => {
    if (whole === undefined || x === undefined) return [];
    const cell = cellAt(Number(words[1]), Number(words[2]));
    return [[x[0], whole[1], image, cellNumber(world.image.width, cell)]];
  });
}

/** Moves are copied by their number; that the path ends is read off the end of the moves. */
function copiedMoves(text: string, asked: Passage): Look[] {
  const looks = found(text, / Step (\d): (up|down|left|right)/dg).flatMap(({ words, spans }): Look[] => {
    const [whole, number, move] = spans;
    if (whole === undefined || number === undefined || move === undefined) return [];
    const source = asked.start + asked.text.lastIndexOf(` ${words[1]} `) + 1;
    return [
      [whole[0], number[1], TEXT, source],
      [move[0] - 1, move[1], TEXT, source + 2],
    ];
  });
  const end = / The path ends/.exec(text);
  const lastMove = asked.text.search(/\.(?!.*\d (up|down|left|right))/s);
  if (end !== null) looks.push([end.index, end.index + end[0].length, TEXT, asked.start + lastMove]);
  return looks;
}

/** A shape as a turn tells of it: `red circle (42, 70) 20 px`. */
interface Sight {
  readonly cell: Cell;
  readonly x: Span;
  readonly y: Span;
  readonly width: Span;
}

/** The shapes that a text tells of, in order. */
function sightsIn(text: string): Sight[] {
  return found(text, /\((\d+), (\d+)\) (\d+) px/dg).flatMap(({ words, spans: [, x, y, width] }) => {
    if (x === undefined || y === undefined || width === undefined) return [];
    return [{ cell: cellAt(Number(words[1]), Number(words[2])), x, y, width }];
  });
}

/** Shapes are read off their cells of the first picture, which is `size`, from their place on. */
function sightLooks(text: string, size: Size): Look[] {
  return sightsIn(text).map(({ x, width, cell }) => [
    x[0],
    width[1] + ' px'.length,
    0,
    cellNumber(size.width, cell),
  ]);
}

/**
 * Where shapes are counted row by row, the next one of a row is found as what the question names, in this row, after this
 * column; where there is none, the look goes to what follows the picture. `noun` is the end of the name, in the
 * conversation.
 */
export function countLooks({ text, start }: Passage, size: Size, noun: number): Look[] {
  const looks: Look[] = [];
  const nothing = (size.width / CELL) * (size.height / CELL);
  for (const {
    spans: [whole, row],
  } of found(text, /Row (\d+): [^.]*\./dg)) {
    if (whole === undefined || row === undefined) continue;
    let [from, column] = [row[1] + 1, row[1]];
    const search = (to: number, cell: number): void => {
      looks.push([from, to, 0, cell], [from, to, TEXT, noun]);
      looks.push([from, to, COLUMN, start + column], [from, to, ROW, start + row[1]]);
    };
    for (const { x, y, width, cell } of sightsIn(text)) {
      if (x[0] < from || x[0] > whole[1]) continue;
      search(y[1], cellNumber(size.width, cell));
      looks.push([y[1], width[1] + ' px'.length, 0, cellNumber(size.width, cell)]);
      [from, column] = [width[1] + ' px'.length, x[1]];
    }
    search(whole[1], nothing);
  }
  return looks;
}

/** The scale bar's length in pixels, where a text tells it. */
const barIn = (text: string): Span | undefined => found(text, /bar, (\d+) px/dg)[0]?.spans[1];

/** Shapes and the scale bar's end are read off the first picture, where they are told of and where they are drawn. */
function sceneCells(world: World, text: string): Look[] {
  const look = ([from, to]: Span, cell: Cell): Look => [from, to, 0, cellNumber(world.image.width, cell)];
  const looks = sightLooks(text, world.image);
  const bar = barIn(text);
  if (bar !== undefined && world.layout.family === 'scene' && world.layout.scene.bar !== null) {
    looks.push(look(bar, cellAt(...barEnds(world.layout.scene.bar).end)));
  }
  for (const { words, spans } of jsonNumbers(text)) {
    const [a = 0, b = 0, c = a, d = b] = words.slice(1).filter(Boolean).map(Number);
    const [whole, first] = spans;
    if (whole !== undefined && first !== undefined) {
      looks.push(look([first[0], whole[1]], cellAt((a + c) / 2, (b + d) / 2)));
    }
  }
  return looks;
}

/** Points and boxes of the action's JSON. */
const jsonNumbers = (text: string): Found[] => found(text, /_2d": \[(\d+), (\d+)(?:, (\d+), (\d+))?/dg);

const NAMES =
  /\b(red|green|blue|orange|purple|black) (circle|square|triangle|shape)|\b(circle|square|triangle)\b/g;

/** Names are copied from the question, word by word. */
function copiedNames(text: string, asked: Passage): Look[] {
  return [...text.matchAll(NAMES)].flatMap((match): Look[] => {
    const source = asked.text.indexOf(match[0]);
    if (source < 0) return [];
    return [...match[0].matchAll(/\w+/g)].map(({ index, 0: word }) => {
      const from = match.index + index;
      return [
        from - (text[from - 1] === ' ' ? 1 : 0),
        from + word.length,
        TEXT,
        asked.start + source + index,
      ];
    });
  });
}

/**
 * What is drawn was told of in the same turn. Points are copied digit by digit; a box's edges are reckoned from the centre,
 * which is known whole at the character after it.
 */
function drawnNumbers({ text, start }: Passage): Look[] {
  const sights = sightsIn(text);
  const drawn = jsonNumbers(text);
  if (drawn[0]?.words[3] !== undefined) {
    return drawn.flatMap(({ spans }, box) => {
      const sight = sights[box];
      if (sight === undefined) return [];
      return spans
        .slice(1)
        .map(([from, to], i): Look => [from, to, TEXT, start + (i % 2 ? sight.y : sight.x)[1]]);
    });
  }
  // Points come in pairs: from the first shape that is told of to each of the others.
  return drawn.slice(barIn(text) === undefined ? 0 : 2).flatMap(({ spans: [, x, y] }, point) => {
    const sight = sights[point % 2 ? (point + 1) / 2 : 0];
    return [...digits(x, sight?.x, start), ...digits(y, sight?.y, start)];
  });
}

/** The numbers that a conclusion compares or subtracts, in the order in which it does. */
function concludedNumbers(turn: Passage, asked: Passage, { text: said, start }: Passage): Look[] {
  const { text } = turn;
  const sights = sightsIn(said);
  const [a, b] = sights;
  const looks: Look[] = [];
  const copy = (span: Span | undefined, source: Span | undefined, from = start): void => {
    looks.push(...digits(span, source, from));
  };
  for (const { spans, words } of found(text, /(x|y) (\d+) against (\d+)/dg)) {
    const side = words[1] === 'x' ? 'x' : 'y';
    copy(spans[2], a?.[side]);
    copy(spans[3], b?.[side]);
  }
  for (const { spans } of found(text, /(\d+) px against (\d+) px/dg)) {
    copy(spans[1], a?.width);
    copy(spans[2], b?.width);
  }
  for (const { spans } of found(text, /(\d+) px is (\d+) unit/dg)) {
    copy(spans[1], barIn(said));
    copy(spans[2], found(asked.text, /bar is (\d+)/dg)[0]?.spans[1], asked.start);
  }
  looks.push(...comparedLengths(turn));
  found(text, /(\d+) to (\d+) is/dg).forEach(({ spans }, i) => {
    const side = i % 2 ? 'y' : 'x';
    copy(spans[1], a?.[side]);
    copy(spans[2], sights[1 + Math.floor(i / 2)]?.[side]);
  });
  return looks;
}

/** Of lengths that are measured one after another, the shortest so far is set against each new one: `84 against 56: shorter, B.` */
function comparedLengths({ text, start }: Passage): Look[] {
  const lengths = found(text, /([A-C]) [^:]*: (\d+)\./dg).map(({ spans: [, letter, length] }) => ({
    letter,
    length,
  }));
  let [best] = lengths;
  return found(text, /(\d+) against (\d+): (shorter|longer), ([A-C])/dg).flatMap(({ words, spans }, i) => {
    const now = lengths[i + 1];
    const looks = [...digits(spans[1], best?.length, start), ...digits(spans[2], now?.length, start)];
    if (words[3] === 'shorter') best = now;
    return [...looks, ...digits(spans[4], best?.letter, start)];
  });
}

/** A number copied digit by digit from the one at `source`, as far as both reach. */
function digits(span: Span | undefined, source: Span | undefined, start: number): Look[] {
  if (span === undefined || source === undefined) return [];
  const length = Math.min(span[1] - span[0], source[1] - source[0]);
  return Array.from({ length }, (_, i) => [span[0] + i, span[0] + i + 1, TEXT, start + source[0] + i]);
}

interface Found {
  readonly words: readonly (string | undefined)[];
  readonly spans: readonly Span[];
}

/** All matches, with the span of the whole and of each group that takes part. */
function found(text: string, pattern: RegExp): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({
    words: [...match],
    spans: [...(match.indices ?? [])],
  }));
}

const cellAt = (x: number, y: number): Cell => ({ column: Math.floor(x / CELL), row: Math.floor(y / CELL) });
