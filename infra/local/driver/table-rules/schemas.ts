import type { TableProperties } from '../engines/create-table.ts';
import type { TableCall } from '../engines/table-front.ts';

/** The names of the key attributes of a table or an index. */
export type KeyNames = { readonly partition: string; readonly sort: string | undefined };

/** What the rules need of the description of a table. */
export type TableSchema = {
  readonly keys: KeyNames;
  readonly indexes: ReadonlyMap<string, KeyNames>;
  /** The type of each key attribute: `S`, `N` or `B`. */
  readonly types: Readonly<Record<string, string>>;
};

/** The keys of a table or an index in the form of `CreateTable`. */
type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[];
type Index = { readonly IndexName: string; readonly KeySchema: KeySchema };
type Definition = { readonly AttributeName: string; readonly AttributeType: string };

/** The schemas of the given tables, and of those that calls create. */
export function createSchemas(known: ReadonlyMap<string, TableProperties>) {
  const schemas = new Map([...known].map(([name, table]) => [name, schemaOf(table)]));
  return {
    of: (table: string): TableSchema | undefined => schemas.get(table),
    learn({ operation, input }: TableCall): void {
      const table = String(input.TableName);
      if (operation === 'CreateTable') {
        schemas.set(table, schemaOf(input));
      } else if (operation === 'DeleteTable') {
        schemas.delete(table);
      }
    },
  };
}

function schemaOf(input: TableProperties | TableCall['input']): TableSchema {
  const indexes = [
    ...((input.GlobalSecondaryIndexes ?? []) as Index[]),
    ...((input.LocalSecondaryIndexes ?? []) as Index[]),
  ];
  const definitions = (input.AttributeDefinitions ?? []) as Definition[];
  return {
    keys: keyNames((input.KeySchema ?? []) as KeySchema),
    indexes: new Map(indexes.map((index) => [index.IndexName, keyNames(index.KeySchema)])),
    types: Object.fromEntries(
      definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
    ),
  };
}

function keyNames(schema: KeySchema): KeyNames {
  const nameOf = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return { partition: nameOf('HASH') ?? '', sort: nameOf('RANGE') };
}

/** Whether the attribute is a key of the table. */
export function isKeyOf({ partition, sort }: KeyNames, attribute: unknown): boolean {
  return attribute === partition || attribute === sort;
}
