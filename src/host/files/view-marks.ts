import { traceCascade } from '../../trace/edit/cascade';
import type { Change } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { ViewMark } from '../../view/trace-view';

/** What may be wrong of a trace because of changes of `original`, for its view. */
export const viewMarks = (original: Trace, changes: readonly Change[], trace: Trace): ViewMark[] =>
  traceCascade(original, changes, trace).marks.map(({ about: _, ...mark }) => mark);
