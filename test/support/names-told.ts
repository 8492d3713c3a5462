import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unpackEvents } from '../../shared/domain/event-record.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** A transaction as it travels. */
type Transaction = {
  readonly TransactItems: readonly {
    readonly Put?: { readonly Item: Attributes };
    readonly Update?: {
      readonly Key: Attributes;
      readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
    };
    readonly Delete?: { readonly Key: Attributes };
  }[];
};

type Written = {
  readonly kind: 'put' | 'update' | 'delete';
  readonly pk: string;
  readonly sk: string;
  readonly attributes: readonly string[];
  readonly item: Attributes;
};

/** The rows by which a name of rules or CODEOWNERS leads to somebody. */
const naming: readonly [string, (row: Written) => boolean][] = [
  // Who leaves was somebody to a project through their teams only, whose rows go with them.
  ['a member', ({ kind, pk, sk }) => /^O#/.test(pk) && /^MEMBER#/.test(sk) && kind === 'put'],
  ['a team’s member', ({ pk, sk }) => /^T#/.test(pk) && /^MEMBER#/.test(sk)],
  ['a team’s slug', ({ pk, sk }) => /^O#/.test(pk) && /^TEAMSLUG#/.test(sk)],
  ['an account', ({ pk, sk }) => /^O#/.test(pk) && /^EXTERNALACTOR#/.test(sk)],
  ['a project’s team', ({ pk, sk }) => /^P#/.test(pk) && /^A#TEAM#/.test(sk)],
  ['an address', ({ pk, sk }) => /^LOGIN#/.test(pk) && /^1#/.test(sk)],
  [
    'whether an account is active',
    ({ kind, pk, sk, attributes }) =>
      kind === 'update' && /^U#/.test(pk) && sk === 'A#USER' && attributes.includes('isActive'),
  ],
];

/** What is only now made: no name can have led anywhere in it before. */
const making: readonly ((row: Written) => boolean)[] = [
  ({ kind, pk, sk }) => kind === 'put' && /^O#/.test(pk) && sk === 'A#ORG',
  ({ kind, pk, sk }) => kind === 'put' && /^U#/.test(pk) && sk === 'A#USER',
  ({ kind, pk, sk }) => kind === 'put' && /^T#/.test(pk) && sk === 'A#TEAM',
  ({ kind, pk, sk }) => kind === 'put' && /^P#/.test(pk) && sk === 'A#PROJECT',
];

/** The events from which the cache learns that names may stand for others. */
const telling = new Set([
  'ownership.changed',
  'ownership.names_changed',
  'project.team_added',
  'project.team_removed',
  'team.deleted',
  'team.member_left',
]);

/**
 * What a transaction changes of names without an event that makes the rules stale which the caches
 * hold; null where it tells, or changes nothing of the kind. Every client of a test's table asks.
 */
export function untoldName(transaction: Transaction): string | null {
  const written = transaction.TransactItems.flatMap(writtenBy);
  if (making.some((isMade) => written.some(isMade)) || written.some(tells)) {
    return null;
  }
  const changed = naming.find(([, isNaming]) => written.some(isNaming));
  return changed?.[0] ?? null;
}

function writtenBy({ Put, Update, Delete }: Transaction['TransactItems'][number]): Written[] {
  if (Put !== undefined) {
    return [rowOf('put', Put.Item, [])];
  }
  if (Update !== undefined) {
    return [rowOf('update', Update.Key, Object.values(Update.ExpressionAttributeNames ?? {}))];
  }
  return Delete === undefined ? [] : [rowOf('delete', Delete.Key, [])];
}

function rowOf(kind: Written['kind'], item: Attributes, attributes: readonly string[]): Written {
  return { kind, pk: item.pk?.S ?? '', sk: item.sk?.S ?? '', attributes, item };
}

function tells({ pk, item }: Written): boolean {
  if (!/^OUTBOX#/.test(pk)) {
    return false;
  }
  const events = unpackEvents({ events: item.events?.S }) ?? [];
  return events.some(({ type }) => telling.has(type));
}
