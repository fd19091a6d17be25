import { findNames, nameOf } from '../../../src/trace/names';
import type { Span } from '../../../src/trace/python-text';
import { partsOf, type ShapeId, shapeId, type TurnView } from './turn-view';

/** Words of a turn that name a shape by its label. */
export interface Mention {
  readonly span: Span;
  readonly shape: ShapeId;
}

/** Which shape a name means, if any; a name is the words of a label in lower case with one space between them. */
export type Names = (name: string) => ShapeId | undefined;

/** What labels mean in the turns of one trace. It reads each turn that is over once, as it comes. */
export class LabelIndex {
  private readonly shapes = new Map<string, ShapeId[]>();
  private turnsRead = 0;

  /** What names mean in `turn`: what the turn itself draws, or else what was drawn last before it. */
  namesIn(turn: TurnView, turns: readonly TurnView[]): Names {
    this.readEnded(turns);
    const own = new Map<string, ShapeId>();
    eachName(turn, (name, shape) => own.set(name, shape));
    return (name) => own.get(name) ?? this.before(name, turn.number);
  }

  private readEnded(turns: readonly TurnView[]): void {
    for (let turn = turns[this.turnsRead]; turn && turn.finish !== null; turn = turns[++this.turnsRead]) {
      eachName(turn, (name, shape) => {
        const shapes = this.shapes.get(name);
        if (shapes) shapes.push(shape);
        else this.shapes.set(name, [shape]);
      });
    }
  }

  private before(name: string, turn: number): ShapeId | undefined {
    return this.shapes.get(name)?.findLast((shape) => partsOf(shape).turn < turn);
  }
}

function eachName({ number, parsed }: TurnView, take: (name: string, shape: ShapeId) => void): void {
  for (const [i, { label }] of parsed.drawings.entries()) {
    const name = nameOf(label);
    if (name !== '') take(name, shapeId(number, i));
  }
}

/** Where `text` names shapes within `spans`: at each place the longest name that stands there. */
export function findMentions(text: string, spans: readonly Span[], names: Names): Mention[] {
  return findNames(text, spans, names).map(({ span, named }) => ({ span, shape: named }));
}
