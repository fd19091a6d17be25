import type { Trace } from '../../trace/trace';
import { endedLineage, limitsOf } from '../view/shown';
import type { Subject } from '../view/trace-images';
import type { DataDocument } from './data-document';

/** A trace of a file, as those know it who make images of it. */
export const subjectOf = (trace: Trace, document: Pick<DataDocument, 'locate'>): Subject => ({
  trace,
  lineage: endedLineage(trace),
  limits: limitsOf(trace),
  locate: (path) => document.locate(path),
});
