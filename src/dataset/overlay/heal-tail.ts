import { isUnfinishedJson } from '../../trace/json-place';
import { EDIT_FORMAT } from './edit-event';
import { readEvent } from './read-event';

/**
 * What follows the last line feed of an overlay: nothing (`whole`), an event that only lacks its line feed (`event`), one
 * that was cut short as it was written (`cut`), or nothing of ours (`foreign`).
 */
export function judgeTail(tail: Buffer): 'whole' | 'event' | 'cut' | 'foreign' {
  if (tail.length === 0) return 'whole';
  // Where the power failed, a file may be longer than what was written of it.
  const text = tail.toString('utf8').replace(/\0+$/, '');
  if ('event' in readEvent(text, 1)) return text.length === tail.toString('utf8').length ? 'event' : 'cut';
  const beginning = `{"format":"${EDIT_FORMAT}"`;
  const isOurs = text.startsWith(beginning) || beginning.startsWith(text);
  return isOurs && (text === '' || isUnfinishedJson(text)) ? 'cut' : 'foreign';
}
