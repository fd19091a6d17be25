import type { Drawing } from '../../../src/trace/drawing';
import { checkTrace } from '../../../src/trace/edit/checks';
import type { Finding } from '../../../src/trace/finding';
import { inputImages, type LineageImage } from '../../../src/trace/lineage';
import type { ShownTrace, ViewFinding } from '../../../src/view/trace-view';
import { LabelIndex } from './mentions';
import { type HeardTurn, partsOf, readTurn, type ShapeId, type TurnView } from './turn-view';

/** A trace as it is shown, with all that its texts say. A run that goes on grows turn by turn. */
export interface TraceDocument {
  readonly trace: NonNullable<ShownTrace['trace']>;
  /** See `ShownTrace`. */
  readonly key: string;
  /** See `ShownTrace`. */
  readonly revision: number;
  readonly turns: readonly TurnView[];
  /** Inputs first, then those that each turn draws; of a turn that is being said too. */
  readonly images: readonly LineageImage[];
  /** Of the line in the trace file and of the trace as a whole, as far as they are about no turn that there is. */
  readonly findings: readonly (Finding | ViewFinding)[];
  /** The names of all drawings; filled as turns are read, and shared by a document and those that grow from it. */
  readonly ids: WeakMap<Drawing, ShapeId>;
  /** What labels mean, filled and shared likewise. */
  readonly labels: LabelIndex;
}

/** Reads what the host shows; null where the line of the file is no trace. */
export function openDocument(
  shown: Pick<ShownTrace, 'trace' | 'key' | 'revision' | 'findings' | 'speaking' | 'run'>,
): TraceDocument | null {
  const { trace, key, revision, speaking, run } = shown;
  if (trace === null) return null;
  // What goes on may yet come to an answer.
  const isOver = speaking === null && (run === null || run.state === 'ended');
  const findings = [...shown.findings, ...(isOver ? checkTrace(trace) : [])];
  const empty: TraceDocument = {
    trace,
    key,
    revision,
    turns: [],
    images: inputImages(trace.images.length),
    findings: findings.filter(({ turn }) => turn === undefined || turn >= trace.turns.length),
    ids: new WeakMap(),
    labels: new LabelIndex(),
  };
  const byTurn = groupByTurn(findings);
  const turns: TurnView[] = [];
  const images = [...empty.images];
  for (const turn of trace.turns) {
    const read = readAt(empty, turn, turns.length, images);
    turns.push(withFindings(read, byTurn.get(read.number) ?? []));
    images.push(...read.images);
  }
  const document = { ...empty, turns, images };
  return speaking === null ? document : sayTurn(document, unfinished(speaking));
}

/** The document with `text` more of the turn that is being said; a new turn if none is. */
export function hearText(document: TraceDocument, text: string): TraceDocument {
  return sayTurn(document, unfinished((speakingTurn(document)?.text ?? '') + text));
}

/** The document with its last turn, which was being said, over; or with a new turn if none was. */
export function endTurn(document: TraceDocument, turn: HeardTurn): TraceDocument {
  return sayTurn(document, turn);
}

/** The turn that is being said, if one is. */
export function speakingTurn(document: TraceDocument): TurnView | null {
  const last = document.turns.at(-1);
  return last?.finish === null ? last : null;
}

/** Whether the model was shown this image: a message followed the turn that drew it. */
export function wasSeen(document: TraceDocument, image: LineageImage): boolean {
  return image.turn === null || image.turn < document.turns.length - 1;
}

/** What a shape's name stands for; undefined where there is no such shape. */
export function drawingOf({ turns }: TraceDocument, shape: ShapeId): Drawing | undefined {
  const { turn, drawing } = partsOf(shape);
  return turns[turn]?.parsed.drawings[drawing];
}

/** The last turn's answer. */
export function answerOf(document: TraceDocument): string | null {
  return document.turns.at(-1)?.parsed.answer ?? null;
}

const unfinished = (text: string): HeardTurn => ({ text, finish: null, tokens: null, seconds: null });

function sayTurn(document: TraceDocument, heard: HeardTurn): TraceDocument {
  const speaking = speakingTurn(document);
  const turns = speaking === null ? document.turns : document.turns.slice(0, -1);
  const images =
    speaking === null
      ? document.images
      : document.images.slice(0, document.images.length - speaking.images.length);
  const read = readAt(document, heard, turns.length, images);
  return { ...document, turns: [...turns, read], images: [...images, ...read.images] };
}

function readAt(
  { trace, ids }: TraceDocument,
  heard: HeardTurn,
  number: number,
  images: readonly LineageImage[],
): TurnView {
  const maxImages = trace.run?.limits.maxImages ?? Number.POSITIVE_INFINITY;
  return readTurn(heard, { number, images, maxImages }, ids);
}

/** A file's findings about a turn are mostly those that its text gives here too. */
function withFindings(turn: TurnView, findings: readonly (Finding | ViewFinding)[]): TurnView {
  const known = new Set(turn.findings.map(keyOf));
  const others = findings.filter((finding) => !known.has(keyOf(finding)));
  if (others.length === 0) return turn;
  return { ...turn, findings: [...turn.findings, ...others].sort(compareFindings) };
}

/** What is wrong before what is only worth knowing; then as in the text, and last what has no place in it. */
function compareFindings(a: Finding | ViewFinding, b: Finding | ViewFinding): number {
  return Number(isNote(a)) - Number(isNote(b)) || placeOf(a) - placeOf(b);
}

const isNote = ({ severity }: Finding | ViewFinding): boolean => severity === 'information';
const placeOf = ({ span }: Finding | ViewFinding): number => span?.start ?? Number.MAX_SAFE_INTEGER;

function groupByTurn(findings: readonly (Finding | ViewFinding)[]): Map<number, (Finding | ViewFinding)[]> {
  const groups = new Map<number, (Finding | ViewFinding)[]>();
  for (const finding of findings) {
    if (finding.turn === undefined) continue;
    const group = groups.get(finding.turn);
    if (group) group.push(finding);
    else groups.set(finding.turn, [finding]);
  }
  return groups;
}

const keyOf = ({ code, span }: Pick<ViewFinding, 'code'> & { readonly span?: ViewFinding['span'] }): string =>
  `${code} ${span?.start} ${span?.end}`;
