import type { InputImage } from '../trace';
import type { Change } from './change';
import { Queues } from './queues';

/**
 * Which of the input images before the changes each one after them is, by its number; null for one that came new. At each
 * change those that are equal are the same, at the same place before any other, and else in their order; of the rest those at
 * the same place, as where one was replaced. One that was removed and comes back is the same too.
 */
export function inputOrigins(before: readonly InputImage[], changes: readonly Change[]): (number | null)[] {
  let origins = before.map((_, i): number | null => i + 1);
  let removed: { readonly json: string; readonly origin: number | null }[] = [];
  for (const change of changes) {
    if (change.type !== 'field' || change.field !== 'images') continue;
    const [olds, news] = [change.before, change.after].map((images) =>
      images.map((one) => JSON.stringify(one)),
    );
    if (olds === undefined || news === undefined) continue;
    const places = samePlaces(olds, news);
    const taken = new Set(places);
    const back = new Queues(removed, ({ json }) => json);
    const now = news.map((json, i) => {
      const place = places[i];
      const one = place == null ? back.take(json) : undefined;
      if (one !== undefined) removed = removed.filter((other) => other !== one);
      return place == null ? (one?.origin ?? null) : (origins[place] ?? null);
    });
    olds.forEach((json, i) => {
      if (!taken.has(i)) removed.push({ json, origin: origins[i] ?? null });
    });
    origins = now;
  }
  return origins;
}

/** For each of `news` the place that it has among `olds`; null if it is none of them. */
function samePlaces(olds: readonly string[], news: readonly string[]): (number | null)[] {
  const stays = new Set(news.flatMap((json, i) => (olds[i] === json ? [i] : [])));
  const others = olds.flatMap((json, place) => (stays.has(place) ? [] : [{ json, place }]));
  const waiting = new Queues(others, ({ json }) => json);
  const equal = news.map((json, i) => (stays.has(i) ? i : (waiting.take(json)?.place ?? null)));
  const taken = new Set(equal);
  return equal.map((place, i) => place ?? (i < olds.length && !taken.has(i) ? i : null));
}
