import {
  hasEnded,
  OPERATION_LIFE_SECONDS,
  type Operation,
  type OperationState,
  operationKinds,
  operationStates,
} from '../../domain/bulk/operation.ts';
import type { OutcomeCounts } from '../../domain/bulk/outcome.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, ProjectId } from '../../domain/ids.ts';
import { anyOf, attributeIs, attributeIsNotAbove, doesNotExist, versionIs } from '../conditions.ts';
import { operationKeys } from '../keys/operation-keys.ts';
import { recordEvents } from '../outbox.ts';
import { checkProjectIsActive } from '../projects/project-changes.ts';
import { actor, organizationId, projectId } from '../row-fields.ts';
import { flag, nullable, number, object, oneOf, read, rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { actorText } from './noted-states.ts';

/** The list of all operations of an organization, beside those of single states. */
const ALL = 'all';

/** The page of a list of operations; `from` is where the one before it ended. */
export type OperationListPart = {
  readonly state: OperationState | null;
  readonly from?: string;
  readonly backwards?: boolean;
  readonly limit: number;
};

export type OperationStore = ReturnType<typeof createOperationStore>;

/**
 * The records of operations over many issues. Each is in the lists of its organization, and
 * among those under way until it has ended; all of that changes in one transaction.
 */
export function createOperationStore(table: Table, transact: Transact) {
  return {
    /** An operation; undefined where there is none, also where its time has run out. */
    async byId(id: string, now: string): Promise<Operation | undefined> {
      const item = await table.get(operationKeys.operation(id));
      return item === undefined || isExpired(item, now) ? undefined : operationFromItem(item);
    },

    /**
     * A page of an organization's operations, newest first, each with its position in the list. Two
     * round trips.
     */
    async page(
      organizationId: OrganizationId,
      { state, from, backwards = false, limit }: OperationListPart,
      now: string,
    ): Promise<{ readonly operations: readonly Operation[]; readonly more: boolean }> {
      const page = await table.queryPage({
        KeyConditionExpression:
          from === undefined ? 'pk = :pk' : `pk = :pk AND sk ${backwards ? '>' : '<'} :from`,
        ExpressionAttributeValues: {
          ':pk': operationKeys.listPartition(organizationId, state ?? ALL),
          ...(from === undefined ? {} : { ':from': from }),
        },
        ScanIndexForward: backwards,
        Limit: limit + 1,
        ConsistentRead: true,
      });
      const listed = page.items.slice(0, limit);
      const ids = listed.map((item) => read(item, 'operationId', text));
      const items = await table.batchGet(ids.map((id) => operationKeys.operation(id)));
      const found = new Map(
        items
          .filter((item) => !isExpired(item, now))
          .map((item) => [item.pk, operationFromItem(item)]),
      );
      const operations = ids.flatMap((id) => found.get(operationKeys.operation(id).pk) ?? []);
      return { operations, more: page.items.length > limit };
    },

    /** The position of an operation in the lists. */
    positionOf,

    /** How many operations of the stage have not ended. One round trip. */
    underWay(): Promise<number> {
      return table.count(
        {
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': operationKeys.underWayPartition },
        },
        1,
      );
    },

    /** Which operation works on a project and lets no other one do so; null for none. */
    async ofProject(projectId: ProjectId): Promise<string | null> {
      const item = await table.get(operationKeys.ofProject(projectId));
      return item === undefined ? null : read(item, 'operationId', text);
    },

    /**
     * Accepts an operation, with the event that a worker begins it by. One about a project is
     * refused by `project` where that is being deleted, and by `only one` where another operation
     * works on it; by `plan` where the plan that it applies has changed.
     */
    accept(
      operation: Operation,
      event: EventRecord,
      beside: readonly Write<'plan' | 'plan in list'>[] = [],
    ) {
      const { projectId, createdAt } = operation;
      return transact([
        ...beside,
        { name: 'operation', put: { Item: operationItem(operation), ...doesNotExist } },
        putListed(operation, ALL),
        putListed(operation, operation.state),
        { name: 'under way', put: { Item: underWayItem(operation) } },
        ...(projectId === null
          ? []
          : [
              checkProjectIsActive(projectId),
              {
                name: 'only one' as const,
                put: {
                  Item: onlyOneItem(operation, projectId),
                  ...anyOf(doesNotExist, attributeIsNotAbove('expiresAt', secondsOf(createdAt))),
                },
              },
            ]),
        ...recordEvents([event]),
      ]);
    },

    /** Begins an operation that no worker hears of: the request that asks for it does it. */
    begin(operation: Operation) {
      return transact([
        { name: 'operation', put: { Item: operationItem(operation), ...doesNotExist } },
        putListed(operation, ALL),
        putListed(operation, operation.state),
      ]);
    },

    /**
     * Writes what became of an operation, and the event that has another worker continue. Refused
     * where the record has changed since it was read.
     */
    save(before: Operation, after: Operation, events: readonly EventRecord[] = []) {
      const item = operationItem({ ...after, version: before.version + 1 });
      const isMoved = before.state !== after.state;
      return transact([
        { name: 'operation', put: { Item: item, ...versionIs(before.version) } },
        ...(isMoved ? [dropListed(before), putListed(after, after.state)] : []),
        ...(hasEnded(after) && !hasEnded(before) ? releases(after) : []),
        ...recordEvents(events),
      ]);
    },
  };
}

type ListWrite = 'listing' | 'listing before';

function putListed(operation: Operation, state: string): Write<ListWrite> {
  const { id, organizationId } = operation;
  return {
    name: 'listing',
    put: {
      Item: {
        ...operationKeys.listed(organizationId, state, positionOf(operation)),
        entity: 'listedOperation',
        operationId: id,
        expiresAt: expiryOf(operation),
      },
    },
  };
}

function dropListed(operation: Operation): Write<ListWrite> {
  const { organizationId, state } = operation;
  const Key = operationKeys.listed(organizationId, state, positionOf(operation));
  return { name: 'listing before', delete: { Key } };
}

/** What an operation gives free when it ends. Its project may be gone, with all of its rows. */
function releases({ id, projectId }: Operation): Write<'under way' | 'only one'>[] {
  return [
    { name: 'under way', delete: { Key: operationKeys.underWay(id) } },
    ...(projectId === null
      ? []
      : [
          {
            name: 'only one' as const,
            delete: {
              Key: operationKeys.ofProject(projectId),
              ...anyOf(doesNotExist, attributeIs('operationId', id)),
            },
          },
        ]),
  ];
}

function underWayItem(operation: Operation): Item {
  const { id, organizationId } = operation;
  return {
    ...operationKeys.underWay(id),
    entity: 'operationUnderWay',
    operationId: id,
    organizationId,
    expiresAt: expiryOf(operation),
  };
}

function onlyOneItem(operation: Operation, projectId: ProjectId): Item {
  return {
    ...operationKeys.ofProject(projectId),
    entity: 'projectOperation',
    operationId: operation.id,
    organizationId: operation.organizationId,
    projectId,
    expiresAt: expiryOf(operation),
  };
}

function positionOf({ createdAt, id }: Pick<Operation, 'createdAt' | 'id'>): string {
  return `${createdAt}#${id}`;
}

/** When the rows of an operation go, in unix seconds. */
function expiryOf({ createdAt }: Pick<Operation, 'createdAt'>): number {
  return secondsOf(createdAt) + OPERATION_LIFE_SECONDS;
}

function secondsOf(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}

/** The table takes its time with rows whose time has run out. */
function isExpired(item: Item, now: string): boolean {
  return read(item, 'expiresAt', number) <= secondsOf(now);
}

/** An operation as the table holds it. */
function operationItem(operation: Operation): Item {
  return {
    ...operationKeys.operation(operation.id),
    entity: 'operation',
    ...operation,
    createdBy: actorText(operation.createdBy),
    expiresAt: expiryOf(operation),
  };
}

const operationFromItem = rowReader<Operation>({
  id: text,
  organizationId,
  kind: oneOf(operationKinds),
  state: oneOf(operationStates),
  dryRun: flag,
  projectId: nullable(projectId),
  plan: nullable(text),
  note: nullable(text),
  requested: nullable(number),
  counts: object<OutcomeCounts>({
    applied: number,
    unchanged: number,
    drifted: number,
    skipped: number,
    failed: number,
  }),
  createdBy: nullable(actor),
  createdAt: text,
  startedAt: nullable(text),
  finishedAt: nullable(text),
  position: nullable(text),
  fencingToken: number,
  version: number,
});
