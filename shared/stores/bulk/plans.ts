import type { PlannedIssue, Summary } from '../../domain/bulk/forecast.ts';
import type { NotedState } from '../../domain/bulk/noted-state.ts';
import {
  type NamedIssue,
  PLAN_PAGE,
  type Plan,
  type PlannedUpdate,
  type PlanSource,
  planExpiry,
  planKinds,
  planRowsExpiry,
  planStates,
} from '../../domain/bulk/plan.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { doesNotExist, versionIs } from '../conditions.ts';
import { operationKeys } from '../keys/operation-keys.ts';
import { recordEvents } from '../outbox.ts';
import { actor, groupId, organizationId, projectId } from '../row-fields.ts';
import {
  json,
  list,
  mapped,
  nullable,
  number,
  object,
  oneOf,
  read,
  rowReader,
  text,
} from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { actorText, familyVersions, notedState, notedStateItem } from './noted-states.ts';
import { type PlanListPart, rowsInList } from './plan-lists.ts';

export type PlanStore = ReturnType<typeof createPlanStore>;

/** The names of the writes of a plan. */
export type PlanWrite = 'plan' | 'plan in list' | `names ${number}` | `page ${number}`;

/** Named issues that one row holds: at most 270 KB, by names of 128 characters. */
const NAMES_PAGE = 500;

/** Plans, and the issues that they have frozen: 100 in a row. */
export function createPlanStore(table: Table, transact: Transact) {
  return {
    /** A plan; undefined where there is none, also where its time has run out. */
    async byId(id: string, now: string): Promise<Plan | undefined> {
      const item = await table.get(operationKeys.plan(id));
      return item === undefined || isExpired(item, now) ? undefined : planFromItem(item);
    },

    /**
     * A page of an organization's plans, newest first, and the position behind which there are more
     * of them; null at the end. Two round trips, more where the time of many has run out.
     */
    async page(
      of: OrganizationId,
      part: PlanListPart,
      now: string,
    ): Promise<{ readonly plans: readonly Plan[]; readonly end: string | null }> {
      const { rows, end } = await rowsInList(table, of, part, (item) => !isExpired(item, now));
      const ids = rows.map((item) => read(item, 'planId', text));
      const items = await table.batchGet(ids.map((id) => operationKeys.plan(id)));
      const found = new Map(
        items.filter((item) => !isExpired(item, now)).map((item) => [item.pk, planFromItem(item)]),
      );
      return { plans: ids.flatMap((id) => found.get(operationKeys.plan(id).pk) ?? []), end };
    },

    /** The position of a plan in the list. */
    positionOf,

    /**
     * Makes a plan with the issues that it has, at most 1,500, and with the event that a worker
     * goes on by where these are not all. `named` are those that it was asked for. One round trip.
     */
    insert(
      plan: Plan,
      issues: readonly PlannedIssue[],
      {
        named = [],
        events = [],
      }: { readonly named?: readonly NamedIssue[]; readonly events?: readonly EventRecord[] },
    ) {
      return transact<PlanWrite | 'events'>([
        { name: 'plan', put: { Item: planItem(plan), ...doesNotExist } },
        putListed(plan),
        ...putNames(plan, named),
        ...putPages(plan, 0, issues),
        ...recordEvents(events),
      ]);
    },

    /**
     * Writes how far a plan has come, with the issues that were frozen since, at most 1,000, and
     * the event that has another worker go on. Refused where it has changed since it was read.
     */
    save(
      before: Plan,
      after: Plan,
      {
        issues = [],
        events = [],
      }: {
        readonly issues?: readonly PlannedIssue[];
        readonly events?: readonly EventRecord[];
      } = {},
    ) {
      return transact<PlanWrite | 'events'>([
        putPlan(before, after),
        putListed(after),
        ...putPages(after, before.pages, issues),
        ...recordEvents(events),
      ]);
    },

    /** The writes by which a plan is applied: it is not there any more where it has changed. */
    apply(before: Plan, after: Plan, appliedAt: string): Write<'plan' | 'plan in list'>[] {
      return [putPlan(before, after, appliedAt), putListed(after, appliedAt)];
    },

    /** The issues that a plan was asked for by their names. One round trip a MB. */
    async namedOf({ id }: Pick<Plan, 'id'>): Promise<readonly NamedIssue[]> {
      const items = await table.queryAll(rowsOf(id, operationKeys.planNamesPrefix));
      return items.flatMap((item) => read(item, 'named', list(namedIssue)));
    },

    /** The issues of some pages of a plan, in its order. One round trip. */
    async issuesOf({ id }: Pick<Plan, 'id'>, pages: readonly number[]): Promise<PlannedIssue[]> {
      const items = await table.batchGet(pages.map((page) => operationKeys.planPage(id, page)));
      const inOrder = items.toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
      return inOrder.flatMap((item) => read(item, 'issues', list(plannedIssue)));
    },

    /** The issues of a plan, page by page. One round trip for about 30 pages. */
    async *allIssues({ id }: Pick<Plan, 'id'>): AsyncGenerator<readonly PlannedIssue[]> {
      for await (const items of table.queryPages(rowsOf(id, operationKeys.planPagePrefix))) {
        yield items.flatMap((item) => read(item, 'issues', list(plannedIssue)));
      }
    },
  };
}

function rowsOf(id: string, prefix: string) {
  return {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': operationKeys.planPartition(id), ':prefix': prefix },
    ConsistentRead: true,
  };
}

function putPlan(before: Plan, after: Plan, appliedAt?: string): Write<'plan'> {
  const Item = planItem({ ...after, version: before.version + 1 }, appliedAt);
  return { name: 'plan', put: { Item, ...versionIs(before.version) } };
}

function putListed(plan: Plan, appliedAt?: string): Write<'plan in list'> {
  return {
    name: 'plan in list',
    put: {
      Item: {
        ...operationKeys.listedPlan(plan.organizationId, positionOf(plan)),
        entity: 'listedPlan',
        planId: plan.id,
        expiresAt: planExpiry(plan, appliedAt),
      },
    },
  };
}

function putNames(plan: Plan, named: readonly NamedIssue[]): Write<`names ${number}`>[] {
  const rows = Math.ceil(named.length / NAMES_PAGE);
  return Array.from({ length: rows }, (_, row) => {
    const some = named.slice(row * NAMES_PAGE, (row + 1) * NAMES_PAGE);
    const key = operationKeys.planNames(plan.id, row);
    return {
      name: `names ${row}` as const,
      put: { Item: { ...key, entity: 'planNames', named: some, expiresAt: planExpiry(plan) } },
    };
  });
}

function putPages(
  plan: Plan,
  first: number,
  issues: readonly PlannedIssue[],
): Write<`page ${number}`>[] {
  return pagesOf(issues).map((some, index) => putPage(plan, first + index, some));
}

function putPage(
  plan: Plan,
  page: number,
  issues: readonly PlannedIssue[],
): Write<`page ${number}`> {
  const Item = {
    ...operationKeys.planPage(plan.id, page),
    entity: 'planPage',
    issues: issues.map(plannedItem),
    expiresAt: planRowsExpiry(plan),
  };
  return { name: `page ${page}`, put: { Item } };
}

/** Issues in the rows that hold them. */
function pagesOf(issues: readonly PlannedIssue[]): (readonly PlannedIssue[])[] {
  const pages = Math.ceil(issues.length / PLAN_PAGE);
  return Array.from({ length: pages }, (_, page) =>
    issues.slice(page * PLAN_PAGE, (page + 1) * PLAN_PAGE),
  );
}

function positionOf({ createdAt, id }: Pick<Plan, 'createdAt' | 'id'>): string {
  return `${createdAt}#${id}`;
}

/** The table takes its time with rows whose time has run out. */
function isExpired(item: Item, now: string): boolean {
  return read(item, 'expiresAt', number) <= Math.floor(Date.parse(now) / 1_000);
}

/** A plan as the table holds it. */
function planItem(plan: Plan, appliedAt?: string): Item {
  return {
    ...operationKeys.plan(plan.id),
    entity: 'plan',
    ...plan,
    update: JSON.stringify(plan.update),
    source: JSON.stringify(plan.source),
    createdBy: actorText(plan.createdBy),
    expiresAt: planExpiry(plan, appliedAt),
  };
}

const namedIssue = object<NamedIssue>({ groupId: nullable(groupId), names: list(text) });

const planFromItem = rowReader<Plan>({
  id: text,
  organizationId,
  kind: oneOf(planKinds),
  state: oneOf(planStates),
  // Written here alone, from values of these types.
  update: mapped(json, (value) => value as PlannedUpdate),
  source: mapped(json, (value) => value as PlanSource),
  projects: nullable(list(projectId)),
  count: number,
  pages: number,
  summary: object<Summary>({
    assignments: number,
    unassignments: number,
    statusChanges: number,
    deletions: number,
    noChanges: number,
    externalWrites: number,
  }),
  note: nullable(text),
  notFound: list(text),
  createdBy: nullable(actor),
  createdAt: text,
  readyAt: nullable(text),
  operation: nullable(text),
  position: nullable(text),
  fencingToken: number,
  version: number,
});

function plannedItem({ before, after, ...rest }: PlannedIssue) {
  const item = (state: NotedState) => notedStateItem(state);
  return { ...rest, before: item(before), after: item(after) };
}

const plannedIssue = object<PlannedIssue>({
  groupId,
  projectId,
  before: notedState,
  after: notedState,
  versions: familyVersions,
});
