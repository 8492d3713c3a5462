/**
 * What lists of issues ask for before they read an issue: `IndexedGroup` of the domain, as the
 * table spells it, at most 20 attributes. Counters are not among them: an event would rewrite the
 * lists.
 */
const LIST_ATTRIBUTES = [
  'id',
  'organizationId',
  'projectId',
  'groupId',
  'shortId',
  'title',
  'culprit',
  'level',
  'type',
  'status',
  'substatus',
  'priority',
  'inInbox',
  'firstSeen',
  'lastSeen',
  'environments',
  'newestRelease',
  'listedTimesSeen',
  'listedUserCount',
];

/** An index of the table: the attributes that its entries are found by, and what else they hold. */
export type TableIndex = {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** The attributes of an entry beside its keys; all where it says so. */
  readonly holds: 'all' | readonly string[];
};

/** The indexes of the table; `shared/stores/keys.ts` says which queries each one answers. */
const INDEXES: readonly TableIndex[] = [
  { name: 'gsi2', partitionKey: 'gsi2pk', sortKey: 'gsi2sk', holds: 'all' },
  { name: 'gsi3', partitionKey: 'gsi1pk', sortKey: 'gsi1sk', holds: LIST_ATTRIBUTES },
  { name: 'gsi4', partitionKey: 'gsi4pk', sortKey: 'gsi1sk', holds: LIST_ATTRIBUTES },
];

/** Indexes that nothing asks any more; a stage that was deployed with them still has them. */
const FORMER_INDEXES: readonly TableIndex[] = [
  { name: 'gsi1', partitionKey: 'gsi1pk', sortKey: 'gsi1sk', holds: 'all' },
];

/**
 * The indexes of these names, or those that the table needs. A stage names them while it moves from
 * former indexes to these: DynamoDB makes or removes one in each deployment.
 */
export function tableIndexes(names: readonly string[] | null = null): readonly TableIndex[] {
  if (names === null) {
    return INDEXES;
  }
  const all = [...FORMER_INDEXES, ...INDEXES];
  const unknown = names.filter((name) => !all.some((index) => index.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no index ${unknown.join(', ')} of the table; there are ${all.map(({ name }) => name).join(', ')}.`,
    );
  }
  return all.filter(({ name }) => names.includes(name));
}
