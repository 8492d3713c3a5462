import { OPERATION_LIFE_SECONDS, type Operation } from '../../domain/bulk/operation.ts';
import {
  countsOf,
  type IssueOutcome,
  issueOutcomes,
  type OutcomeCounts,
  outcomeReasons,
  type RecordedOutcome,
  sumOf,
} from '../../domain/bulk/outcome.ts';
import type { GroupId } from '../../domain/ids.ts';
import { commitWithRetry } from '../../retry.ts';
import { doesNotExist } from '../conditions.ts';
import { OUTCOME_SHARDS, operationKeys } from '../keys/operation-keys.ts';
import { shardOf } from '../keys.ts';
import { groupId, projectId } from '../row-fields.ts';
import { nullable, oneOf, optional, rowReader } from '../rows.ts';
import type { Item, QueryPage, Table } from '../table.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';
import { familyVersions, notedState, notedStateItem } from './noted-states.ts';

/** The operation that outcomes belong to. */
type OutcomesOf = Pick<Operation, 'id' | 'createdAt'>;

/** A page of outcomes: of one kind, or all; `from` is the position of the last one before it. */
export type OutcomePart = {
  readonly outcome: IssueOutcome | null;
  readonly from?: string;
  readonly backwards?: boolean;
  readonly limit: number;
};

/** Some outcomes, the position of the first of them, and that of the next page. */
export type OutcomePage = {
  readonly outcomes: readonly RecordedOutcome[];
  readonly start: string | null;
  readonly end: string | null;
};

/** Reads of 1 MB, about 4,000 outcomes each, that one page may take. */
const MOST_READS = 12;

export type OutcomeStore = ReturnType<typeof createOutcomeStore>;

/** What became of the issues of operations: each is recorded once. */
export function createOutcomeStore(table: Table, transact: Transact) {
  /** A Query of one shard; without a kind, of no more rows than are wanted. */
  function readShard(
    { id }: OutcomesOf,
    { shard, after }: Position,
    { outcome, backwards = false, limit }: OutcomePart,
  ): Promise<QueryPage> {
    const pk = operationKeys.outcomePartition(id, shard);
    return table.queryPage({
      KeyConditionExpression: keysBehind(after, backwards),
      ...(outcome === null ? { Limit: limit } : { FilterExpression: '#outcome = :outcome' }),
      ...(outcome !== null && { ExpressionAttributeNames: { '#outcome': 'outcome' } }),
      ExpressionAttributeValues: {
        ':pk': pk,
        ...(after === undefined ? {} : { ':after': after }),
        ...(outcome === null ? {} : { ':outcome': outcome }),
      },
      ScanIndexForward: !backwards,
      ConsistentRead: true,
    });
  }

  /** Records some outcomes that fit into one transaction; answers those that were not yet. */
  async function recordSome(
    operation: OutcomesOf,
    outcomes: readonly RecordedOutcome[],
  ): Promise<readonly RecordedOutcome[]> {
    let left = outcomes;
    while (left.length > 0) {
      const writes = left.map((one) => ({
        name: `outcome of ${one.groupId}` as const,
        put: { Item: outcomeItem(operation, one), ...doesNotExist },
      }));
      const done = await commitWithRetry(() => transact<`outcome of ${string}`>(writes));
      if (done.committed) {
        break;
      }
      const refused = new Set<string>(done.refused);
      left = left.filter(({ groupId: id }) => !refused.has(`outcome of ${id}`));
    }
    return left;
  }

  return {
    /** The write that records what became of an issue; refused where that is recorded. */
    record(operation: OutcomesOf, outcome: RecordedOutcome): Write<'outcome'> {
      return { name: 'outcome', put: { Item: outcomeItem(operation, outcome), ...doesNotExist } };
    },

    /** Records what became of issues that are not written themselves, and were not recorded yet. */
    async recordAll(
      operation: OutcomesOf,
      outcomes: readonly RecordedOutcome[],
    ): Promise<RecordedOutcome[]> {
      const recorded: RecordedOutcome[] = [];
      for (let start = 0; start < outcomes.length; start += TRANSACTION_LIMIT) {
        const some = outcomes.slice(start, start + TRANSACTION_LIMIT);
        recorded.push(...(await recordSome(operation, some)));
      }
      return recorded;
    },

    /** Those of these issues whose outcome is recorded. One round trip for 100. */
    async recordedAmong({ id }: OutcomesOf, groupIds: readonly GroupId[]): Promise<Set<GroupId>> {
      const items = await table.batchGet(groupIds.map((one) => operationKeys.outcome(id, one)));
      return new Set(items.map((item) => item.sk));
    },

    /** How many issues became what. One round trip a MB; a page of it is in memory. */
    async count(operation: OutcomesOf): Promise<OutcomeCounts> {
      const counts: OutcomeCounts[] = [];
      for (let shard = 0; shard < OUTCOME_SHARDS; shard++) {
        for await (const items of table.queryPages({
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': operationKeys.outcomePartition(operation.id, shard) },
          ProjectionExpression: 'pk, sk, #outcome',
          ExpressionAttributeNames: { '#outcome': 'outcome' },
          ConsistentRead: true,
        })) {
          counts.push(countsOf(items.map((item) => kindFromItem(item))));
        }
      }
      return sumOf(counts);
    },

    /**
     * A page of outcomes, shard by shard. Of one kind it may hold fewer than were asked for, and
     * none, while there are others behind it: `end` is where the next page begins, null at the end,
     * and `start` the position of the first outcome.
     */
    async page(operation: OutcomesOf, part: OutcomePart): Promise<OutcomePage> {
      const found: Item[] = [];
      let at: Position | null = startOf(part);
      for (let reads = 0; at !== null && reads < MOST_READS; reads++) {
        const limit = part.limit + 1 - found.length;
        const page = await readShard(operation, at, { ...part, limit });
        found.push(...page.items);
        at = found.length > part.limit ? null : positionAfter(at, page, part);
      }
      return pageOf(found.map(outcomeFromItem), part.limit, at);
    },
  };
}

/** What was found, without what is too much; `rest` is where the walk has come to. */
function pageOf(
  found: readonly RecordedOutcome[],
  limit: number,
  rest: Position | null,
): OutcomePage {
  const outcomes = found.slice(0, limit);
  const [first, last] = [outcomes.at(0), outcomes.at(-1)];
  const behind = rest === null ? null : `${rest.shard}/${rest.after ?? ''}`;
  const isFull = found.length > limit && last !== undefined;
  return {
    outcomes,
    start: first === undefined ? null : positionOfOutcome(first),
    end: isFull ? positionOfOutcome(last) : behind,
  };
}

/** Where a walk of outcomes is: in which shard, and behind which of its outcomes. */
type Position = { readonly shard: number; readonly after: string | undefined };

/** Where a walk goes on behind what was read; null at the end of the last shard. */
function positionAfter(
  { shard }: Position,
  { next }: QueryPage,
  { backwards = false }: Pick<OutcomePart, 'backwards'>,
): Position | null {
  if (next !== undefined) {
    return { shard, after: String(next.sk) };
  }
  const following = backwards ? shard - 1 : shard + 1;
  return following >= 0 && following < OUTCOME_SHARDS
    ? { shard: following, after: undefined }
    : null;
}

/** The position of an outcome among those of its operation. */
function positionOfOutcome({ groupId: id }: Pick<RecordedOutcome, 'groupId'>): string {
  return `${shardOf(id, OUTCOME_SHARDS)}/${id}`;
}

function keysBehind(after: string | undefined, backwards: boolean): string {
  return after === undefined ? 'pk = :pk' : `pk = :pk AND sk ${backwards ? '<' : '>'} :after`;
}

/** A position that was not written here is taken for the beginning. */
function startOf({ from, backwards = false }: OutcomePart): Position {
  const [, shard, after] = /^([0-3])\/([\x21-\x7e]{0,200})$/.exec(from ?? '') ?? [];
  if (shard === undefined) {
    return { shard: backwards ? OUTCOME_SHARDS - 1 : 0, after: undefined };
  }
  return { shard: Number(shard), after: after === '' ? undefined : after };
}

function outcomeItem({ id, createdAt }: OutcomesOf, outcome: RecordedOutcome): Item {
  return {
    ...operationKeys.outcome(id, outcome.groupId),
    entity: 'outcome',
    ...outcome,
    before: outcome.before && notedStateItem(outcome.before),
    after: outcome.after && notedStateItem(outcome.after),
    expiresAt: Math.floor(Date.parse(createdAt) / 1_000) + OPERATION_LIFE_SECONDS,
  };
}

const outcomeFromItem = rowReader<RecordedOutcome>({
  groupId,
  projectId,
  outcome: oneOf(issueOutcomes),
  reason: nullable(oneOf(outcomeReasons)),
  before: nullable(notedState),
  after: nullable(notedState),
  versions: optional(familyVersions),
});

const kindFromItem = rowReader<Pick<RecordedOutcome, 'outcome'>>({ outcome: oneOf(issueOutcomes) });
