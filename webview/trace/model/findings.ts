import { withDerived } from '../../../src/trace/derive';
import { applyChanges } from '../../../src/trace/edit/change';
import { EditRefused } from '../../../src/trace/edit/edit-refused';
import type { Finding, Severity } from '../../../src/trace/finding';
import type { ViewFinding } from '../../../src/view/trace-view';
import { draftChanges, type TurnDraft } from './draft';
import { openDocument, type TraceDocument } from './trace-document';
import { partsOf, type ShapeId } from './turn-view';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information'];

/** The gravest of findings; null where there are none. */
export function gravest(findings: readonly Pick<ViewFinding, 'severity'>[]): Severity | null {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity)) ?? null;
}

/** What is said of one shape: findings whose place is its JSON, or lies in it. */
export function findingsOf({ turns }: TraceDocument, shape: ShapeId): readonly (Finding | ViewFinding)[] {
  const { turn, drawing } = partsOf(shape);
  const view = turns[turn];
  const place = view?.parsed.located[drawing]?.span;
  if (view === undefined || place === undefined) return [];
  return view.findings.filter(({ span }) => span && place.start <= span.start && span.end <= place.end);
}

/** What would be said of a turn if it were as the draft has it; nothing where the draft cannot be applied. */
export function draftFindings(document: TraceDocument, draft: TurnDraft): readonly (Finding | ViewFinding)[] {
  const trace = withDerived(document.trace);
  try {
    const written = applyChanges(trace, draftChanges(trace, draft));
    const { key, revision } = document;
    const shown = { trace: written, key, revision, findings: [], speaking: null, run: null };
    return openDocument(shown)?.turns[draft.turn]?.findings ?? [];
  } catch (error) {
    if (error instanceof EditRefused) return [];
    throw error;
  }
}
