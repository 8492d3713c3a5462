import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { inject } from 'vitest';
import {
  createTable,
  type TableProperties,
} from '../../infra/local/driver/engines/create-table.ts';
import { tableIndexes } from '../../infra/table-indexes.ts';
import { gsi3, gsi4 } from '../../shared/stores/keys/index-keys.ts';
import type {} from './engines.ts';

/** The shape of Baton's table, as its template declares it. */
export const TABLE_PROPERTIES: TableProperties = {
  AttributeDefinitions: [
    ...new Set([
      'pk',
      'sk',
      ...tableIndexes().flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
    ]),
  ].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: tableIndexes().map(({ name, partitionKey, sortKey, holds }) => ({
    IndexName: name,
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    Projection:
      holds === 'all'
        ? { ProjectionType: 'ALL' }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...holds] },
  })),
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

/** A table that is there for one test or one file alone. */
export type FreshTable = { name: string; endpoint: string; streamArn: string };

/**
 * Creates an empty table of Baton's shape on the engine of this run (or on `endpoint`). Tests of
 * the project `engines` share that engine, and with a table each they do not see each other.
 */
export async function freshTable(endpoint = inject('engines').dynamoEndpoint): Promise<FreshTable> {
  const name = `baton-test-${randomUUID()}`;
  const table = await createTable({ endpoint, name, properties: TABLE_PROPERTIES });
  return { name, endpoint, streamArn: table.streamArn ?? '' };
}

/** How long a copy waits while the engine writes. */
const BUSY_TIMEOUT_MS = 60_000;

let file: DatabaseSync | undefined;

/**
 * Copies all rows between two tables of the engine of this run, of which the second is empty, in
 * its file: a hundred rows take 2 ms, and 60 through the API. The copy's stream is empty. Answers
 * false where the engine's file is not known, and copies nothing then.
 */
export function copyRows({ from, to }: { readonly from: FreshTable; readonly to: FreshTable }) {
  const { dynamoFile, dynamoEndpoint } = inject('engines');
  if (dynamoFile === undefined || from.endpoint !== dynamoEndpoint) {
    return false;
  }
  file ??= new DatabaseSync(dynamoFile, { timeout: BUSY_TIMEOUT_MS });
  const parts = ['', ...tableIndexes().map(({ name }) => `::gsi::${name}`)];
  const copies = parts.map(
    (part) => `INSERT INTO "${to.name}${part}" SELECT * FROM "${from.name}${part}";`,
  );
  file.exec(`BEGIN IMMEDIATE; ${copies.join(' ')} COMMIT;`);
  return true;
}

/**
 * Repeats a group's entries in the lists of its table, in the engine's file: the lists then tell of
 * `copies` more groups of higher ids, each seen a second after the one before, which have no rows.
 * 100,000 of them take two seconds, and minutes through the API.
 */
export function repeatInLists(
  table: string,
  { groupId, copies }: { readonly groupId: string; readonly copies: number },
): void {
  const { dynamoFile } = inject('engines');
  file ??= new DatabaseSync(dynamoFile ?? '', { timeout: BUSY_TIMEOUT_MS });
  for (const index of [gsi3.name, gsi4.name]) {
    const entries = `"${table}::gsi::${index}"`;
    file
      .prepare(
        `INSERT INTO ${entries}
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?),
         copies AS (
           SELECT one.*, CAST(? + n AS TEXT) AS id,
             strftime('%Y-%m-%dT%H:%M:%S.000Z', json_extract(item_json, '$.lastSeen.S'), n || ' seconds') AS seen
           FROM ${entries} AS one, numbers WHERE table_pk = 'S:G#' || ?)
         SELECT gsi_pk, 'S:' || seen || '#' || id, 'S:G#' || id, table_sk,
           json_set(item_json, '$.id.S', id, '$.pk.S', 'G#' || id, '$.lastSeen.S', seen,
             '$.gsi1sk.S', seen || '#' || id)
         FROM copies`,
      )
      .run(copies, Number(groupId), groupId);
  }
}
