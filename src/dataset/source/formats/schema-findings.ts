import type * as v from 'valibot';
import { rowFinding } from '../../json-rows';
import type { DraftFinding, Keys } from './codec';

/** What a schema says is wrong with the value at `keys` of an item. */
export function schemaFindings(issues: readonly v.BaseIssue<unknown>[], keys: Keys = []): DraftFinding[] {
  return issues.map((issue) => {
    const way = (issue.path ?? []).flatMap(({ key }) =>
      typeof key === 'string' || typeof key === 'number' ? [key] : [],
    );
    return badField([...keys, ...way], rowFinding(0, issue).message);
  });
}

/** A field that is not what it should be; `message` says what it is, as in `it is no list`. */
export function badField(keys: Keys, message: string): DraftFinding {
  const what = keys.length === 0 ? 'The item' : formatKeys(keys);
  return { code: 'bad-field', severity: 'error', message: `${what}: ${message}.`, keys };
}

/** The way to a value as people write it, as in `conversations[2].content`. */
export function formatKeys(keys: Keys): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** The way that `formatKeys` wrote. */
export function parseKeys(path: string): Keys {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) =>
    index === undefined ? name : Number(index),
  );
}
