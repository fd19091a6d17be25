import type { SchemaElement } from 'hyparquet';

/** What a column of a parquet file holds. All of it may be null. */
export type ColumnType =
  | 'string'
  | 'bool'
  | 'int32'
  | 'float64'
  /** A picture that is part of the file: its bytes, and the name of the file that it was. */
  | 'image'
  | { readonly list: ColumnType }
  | { readonly fields: Columns };

/** Columns by their names, in their order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A value of type `image`. */
export interface ParquetImage {
  readonly bytes: Uint8Array;
  readonly path: string;
}

/** The schema of a parquet file with these columns. Lists have the three levels that the format asks for. */
export function parquetSchema(columns: Columns): SchemaElement[] {
  return [
    { name: 'schema', num_children: Object.keys(columns).length },
    ...Object.entries(columns).flatMap(([name, type]) => elements(name, type)),
  ];
}

const IMAGE_BYTES: SchemaElement = { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' };

function elements(name: string, type: ColumnType): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  if (type === 'string') return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
  if (type === 'bool') return [{ ...optional, type: 'BOOLEAN' }];
  if (type === 'int32') return [{ ...optional, type: 'INT32' }];
  if (type === 'float64') return [{ ...optional, type: 'DOUBLE' }];
  if (type === 'image') return [{ ...optional, num_children: 2 }, IMAGE_BYTES, ...elements('path', 'string')];
  if ('list' in type) {
    const repeated = { name: 'list', repetition_type: 'REPEATED', num_children: 1 } as const;
    return [
      { ...optional, num_children: 1, converted_type: 'LIST' },
      repeated,
      ...elements('element', type.list),
    ];
  }
  const fields = Object.entries(type.fields);
  return [
    { ...optional, num_children: fields.length },
    ...fields.flatMap(([field, of]) => elements(field, of)),
  ];
}

/** Columns as the library `datasets` has them in the metadata of a parquet file, by which it knows the pictures. */
export function featuresOf(columns: Columns): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, featureOf(type)]));
}

function featureOf(type: ColumnType): unknown {
  if (type === 'image') return { _type: 'Image' };
  if (typeof type === 'string') return { dtype: type, _type: 'Value' };
  // Every version of the library reads a list in this form; the newer `List` only those from 4 on.
  return 'list' in type ? [featureOf(type.list)] : featuresOf(type.fields);
}

/** The same in YAML, as the head of a data set's card has them; `indent` spaces before each line. */
export function yamlFeatures(columns: Columns, indent: number): string[] {
  const space = ' '.repeat(indent);
  return Object.entries(columns).flatMap(([name, type]) => [
    `${space}- name: ${name}`,
    ...yamlType(type, indent + 2),
  ]);
}

function yamlType(type: ColumnType, indent: number): string[] {
  const space = ' '.repeat(indent);
  if (typeof type === 'string') return [`${space}dtype: ${type}`];
  if ('fields' in type) return [`${space}struct:`, ...yamlFeatures(type.fields, indent)];
  if (typeof type.list === 'string') return [`${space}list: ${type.list}`];
  if ('list' in type.list) return [`${space}list:`, ...yamlType(type.list, indent + 2)];
  return [`${space}list:`, ...yamlFeatures(type.list.fields, indent)];
}
