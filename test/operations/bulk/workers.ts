import { expect } from 'vitest';
import type { Operation } from '../../../shared/domain/bulk/operation.ts';
import { issueOutcomes, totalOf } from '../../../shared/domain/bulk/outcome.ts';
import { buildPlan } from '../../../shared/operations/bulk/plans/build-plan.ts';
import { workOnOperation } from '../../../shared/operations/bulk/work-on-operation.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { recordedEvents } from '../../support/consistency.ts';
import { surroundings, withStoredRules } from '../../support/operations.ts';
import type { TestWorld } from '../../support/world.ts';

/** What a worker of operations has, over these stores and without a pace. */
export function workerDeps(stores: Stores) {
  return withStoredRules({ ...stores, ...surroundings(), shareAmong: () => {} });
}

/** How long a worker goes on: as long as it likes, unless a test says otherwise. */
export const patient = { hasTime: () => true, isWithinSlice: () => true, pauseMs: 0 };

const wallClock = () => new Date().toISOString();

/** Has a worker hear every event for it that it was not told before, until there is no other. */
export async function workOnAll(
  { stores }: Pick<TestWorld, 'stores'>,
  { heard = new Set<string>(), time = patient, clock = wallClock } = {},
): Promise<void> {
  for (;;) {
    const events = (await recordedEvents(stores.table)).filter(
      ({ type, detail }) =>
        /^(operation|plan)\.work_requested$/.test(type) && !heard.has(detail.eventId),
    );
    if (events.length === 0) {
      return;
    }
    for (const { detail } of events) {
      heard.add(detail.eventId);
      const asked = detail.data as { operationId: string; fencingToken: number };
      if ('planId' in detail.data) {
        const { planId, fencingToken } = detail.data as { planId: string; fencingToken: number };
        await buildPlan(workerDeps(stores), { planId, fencingToken, ...time, requestId: 'work' });
        continue;
      }
      await workOnOperation(
        { ...workerDeps(stores), clock },
        { ...asked, ...time, requestId: 'work' },
      );
    }
  }
}

/** An operation as it is, its outcomes by issue. What it counts has to be what is recorded. */
export async function resultOf({ stores }: Pick<TestWorld, 'stores'>, id: string) {
  const now = new Date().toISOString();
  const operation = (await stores.operations.byId(id, now)) ?? expect.fail(`There is no ${id}.`);
  const outcomes = await allOutcomes(stores, operation);
  const counted = Object.fromEntries(
    issueOutcomes.map((kind) => [kind, outcomes.filter(({ outcome }) => outcome === kind).length]),
  );
  if (operation.finishedAt !== null) {
    expect(operation.counts).toEqual(counted);
    expect(totalOf(operation.counts)).toBe(outcomes.length);
  }
  const byIssue = new Map(outcomes.map(({ groupId, ...outcome }) => [groupId, outcome]));
  expect(byIssue.size).toBe(outcomes.length);
  return { operation, byIssue };
}

async function allOutcomes({ outcomes }: Stores, operation: Operation) {
  const found = [];
  let from: string | null = null;
  do {
    const part = { outcome: null, limit: 100, ...(from === null ? {} : { from }) };
    const page: Awaited<ReturnType<typeof outcomes.page>> = await outcomes.page(operation, part);
    found.push(...page.outcomes);
    from = page.end;
  } while (from !== null);
  return found;
}
