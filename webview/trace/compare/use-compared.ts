import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Candidate, Worth } from '../../../src/view/compare';
import { explain } from '../../shared/explain';
import { useHost } from '../host';
import { candidatesOf, deskFor } from '../model/compare';
import { openDocument, type TraceDocument } from '../model/trace-document';
import { useSelect } from '../store';

/** What is known of a trace that is compared. */
export interface Compared extends Pick<Candidate, 'correct' | 'verdict' | 'edited'> {
  readonly document: TraceDocument;
  /** Null until the host has said it. */
  readonly worth: Worth | null;
}

/** One of the traces that are compared, in the order of the file. */
export interface Column {
  /** Its number in the file, from 0. */
  readonly index: number;
  /** Its number among all answers to the question, from 1. */
  readonly answer: number;
  /** Whether it is the one that is shown, which verdicts are about. */
  readonly shown: boolean;
  /** Null until it is there. */
  readonly compared: Compared | null;
  /** Why it cannot be had; null if nothing keeps it. */
  readonly failure: string | null;
}

type Answer = Pick<Column, 'compared' | 'failure'>;

const WAITING: Answer = { compared: null, failure: null };

/**
 * The traces that are compared with the one that is shown, it among them; none while there is no comparison. Each is asked
 * for anew when the shown one is another, or changed; until then it is what it was before.
 */
export function useCompared(document: TraceDocument): readonly Column[] {
  const host = useHost();
  const open = useSelect(({ compare }) => compare.open);
  const among = useSelect(({ compare }) => compare.among);
  const shown = useSelect(({ view }) => view?.index ?? null);
  const desk = useSelect(({ review }) => review.desk);
  const correct = useSelect((state) => state.correct);
  const verdict = useSelect((state) => state.verdict);
  const edits = useSelect((state) => state.edits);
  const [answers, setAnswers] = useState<ReadonlyMap<number, Answer>>(new Map());
  const own = useMemo((): Compared => {
    const worth = shown === null ? null : deskFor(desk, shown);
    const judged = verdict?.verdict ?? 'pending';
    return { document, correct, verdict: judged, edited: edits?.edited ?? false, worth };
  }, [document, correct, verdict, edits, desk, shown]);
  // One that was shown is there at once when another of them is.
  const before = useRef(new Map<number, Compared>());
  if (open && shown !== null) before.current.set(shown, own);
  const { revision } = document;
  useEffect(() => {
    if (!open || shown === null) {
      before.current.clear();
      return;
    }
    let isLatest = true;
    const others = among.filter((index) => index !== shown);
    setAnswers((known) => {
      const kept = others.map((index): [number, Answer] => {
        const seen = before.current.get(index);
        return [index, seen ? { compared: seen, failure: null } : (known.get(index) ?? WAITING)];
      });
      return new Map(kept);
    });
    before.current = new Map([[shown, own]]);
    const settle = (index: number, answer: Answer) => {
      if (isLatest) setAnswers((known) => new Map(known).set(index, answer));
    };
    for (const index of others) {
      host.candidate(revision, index).then(
        (candidate) => candidate !== null && settle(index, readCandidate(candidate, revision)),
        (error) => settle(index, { compared: null, failure: explain(error) }),
      );
    }
    return () => {
      isLatest = false;
    };
  }, [host, open, among, shown, revision]);

  return useMemo(() => {
    const candidates = candidatesOf(shown, desk) ?? [];
    if (!open || shown === null) return [];
    const numbers = among.includes(shown) ? among : [shown];
    return numbers.map((index): Column => {
      const isShown = index === shown;
      const answer = isShown ? { compared: own, failure: null } : (answers.get(index) ?? WAITING);
      const place = candidates.findIndex((row) => row.index === index);
      return { index, answer: place + 1, shown: isShown, ...answer };
    });
  }, [open, among, shown, own, answers, desk]);
}

function readCandidate(candidate: Candidate, revision: number): Answer {
  const { trace, key, correct, verdict, edited, score, flags } = candidate;
  const document = openDocument({ trace, key, revision, findings: [], speaking: null, run: null });
  if (document === null) return WAITING;
  return { compared: { document, correct, verdict, edited, worth: { score, flags } }, failure: null };
}
