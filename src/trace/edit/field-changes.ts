import type { Trace } from '../trace';
import type { Change } from './change';

/** A field of the trace itself that can be changed. */
export type EditableField = 'question' | 'options' | 'gold' | 'type' | 'kind' | 'images';

/** Gives a field of the trace itself another value; nothing if it has that one. */
export function setField<Name extends EditableField>(
  trace: Trace,
  field: Name,
  value: Trace[Name],
): Change[] {
  if (JSON.stringify(trace[field]) === JSON.stringify(value)) return [];
  return [changeOf(field, trace, { ...trace, [field]: value })];
}

/** Says for each field by itself what TypeScript cannot see for all at once. */
function changeOf(field: EditableField, before: Trace, after: Trace): Change {
  const type = 'field';
  switch (field) {
    case 'question':
      return { type, field, before: before.question, after: after.question };
    case 'options':
      return { type, field, before: before.options, after: after.options };
    case 'gold':
      return { type, field, before: before.gold, after: after.gold };
    case 'type':
      return { type, field, before: before.type, after: after.type };
    case 'kind':
      return { type, field, before: before.kind, after: after.kind };
    case 'images':
      return { type, field, before: before.images, after: after.images };
  }
}
