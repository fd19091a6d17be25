/** What a field holds as far as it is known: nothing so far, a simple value, a list of one type, or an object by its keys. */
type FieldType =
  | 'unknown'
  | 'string'
  | 'number'
  | 'boolean'
  | { readonly list: FieldType }
  | { readonly fields: ReadonlyMap<string, FieldType> };

/** Whole numbers from here on are no 64-bit integers. */
const MOST = 2 ** 63;

/**
 * Keeps the fields of rows to one type each, that of the first row that has it: where a field is a number in one row and a
 * text in another, the loader of a trainer (pyarrow) reads none of the rows. Null fits everywhere.
 */
export class RowFields {
  private readonly types = new Map<string, FieldType>();

  /** The fields of the next row that fit those before, and the names of the others. */
  take(row: Readonly<Record<string, unknown>>): {
    readonly fitting: Readonly<Record<string, unknown>>;
    readonly others: readonly string[];
  } {
    const fitting: [string, unknown][] = [];
    const others: string[] = [];
    for (const [name, value] of Object.entries(row)) {
      const type = joined(this.types.get(name) ?? 'unknown', typeOf(value));
      if (type === null) others.push(name);
      else {
        this.types.set(name, type);
        fitting.push([name, value]);
      }
    }
    return { fitting: Object.fromEntries(fitting), others };
  }
}

/** Null where a value has no one type. */
function typeOf(value: unknown): FieldType | null {
  if (value === null || value === undefined) return 'unknown';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) >= MOST ? null : 'number';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) {
    const list = value.reduce<FieldType | null>((type, one) => joined(type, typeOf(one)), 'unknown');
    return list === null ? null : { list };
  }
  const fields = new Map<string, FieldType>();
  for (const [name, one] of Object.entries(value)) {
    const type = typeOf(one);
    if (type === null) return null;
    fields.set(name, type);
  }
  return { fields };
}

/** The type of what has either; null where there is none. */
function joined(a: FieldType | null, b: FieldType | null): FieldType | null {
  if (a === null || b === null) return null;
  if (a === 'unknown') return b;
  if (b === 'unknown' || a === b) return a;
  if (typeof a === 'string' || typeof b === 'string') return null;
  if ('list' in a) {
    const list = 'list' in b ? joined(a.list, b.list) : null;
    return list === null ? null : { list };
  }
  if ('list' in b) return null;
  const fields = new Map(a.fields);
  for (const [name, type] of b.fields) {
    const both = joined(fields.get(name) ?? 'unknown', type);
    if (both === null) return null;
    fields.set(name, both);
  }
  return { fields };
}
