import type { EditEvent } from './edit-event';
import { readEvent } from './read-event';

/** Unsaved events that were kept, line by line. */
export interface ReadBackup {
  readonly events: readonly EditEvent[];
  /** Why the other lines are none, for people: one for each. */
  readonly unreadable: readonly string[];
}

/** Reads what `EditSession.backup` gave. `line` is the number, from 1, of its first line where it is kept. Throws nothing. */
export function readBackup(text: string, line = 1): ReadBackup {
  const events: EditEvent[] = [];
  const unreadable: string[] = [];
  for (const [i, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue;
    const read = readEvent(content, line + i);
    if (!('event' in read)) unreadable.push(read.finding.message);
    // Verdicts are on disk as soon as they are said.
    else if (read.event.type === 'edit') events.push(read.event);
    else unreadable.push(`Line ${line + i} is no edit.`);
  }
  return { events, unreadable };
}
