import { describe, expect, it, vi } from 'vitest';
import type { TableFault } from '../../../infra/local/driver/table-rules/faults.ts';
import { conflict, DomainError } from '../../../shared/domain/errors.ts';
import { ENV } from '../../../shared/env.ts';
import { cascadeIssue } from '../../../shared/operations/cascades/cascade-issue.ts';
import { deleteIssues } from '../../../shared/operations/issues/delete-issues.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { send } from '../../http/gateway-event.ts';
import { expectOneStory, readGroupState, recordedEvents } from '../../support/consistency.ts';
import { faulty } from '../../support/faulty-table.ts';
import { enterFunctionEnvironment } from '../../support/function-environment.ts';
import {
  assignedTo,
  emptyOwnerCaches,
  surroundings,
  updateDeps,
} from '../../support/operations.ts';
import { groupOf, ownersDeps, ownersWorld, record, seen } from '../../support/owners.ts';
import { randomOf } from '../../support/random.ts';
import { worldOnFreshTable } from '../../support/world.ts';

const { random } = randomOf('under-faults');
const membersOf = (actor: string) => (actor === 'team:21' ? ['user:11', 'user:12'] : [actor]);
const initiator = { actingUserId: '11', requestId: 'request' };

/** Some faults of each kind, which end: a caller that comes again gets through. */
function someFaults(): TableFault[] {
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  return (['throttle', 'cancel', 'conflict', 'unprocessed'] as const).map((kind) => ({
    kind,
    calls: upTo(4),
    every: upTo(3),
  }));
}

/** Does it again, as callers and queues do, while it is refused for what passes. */
async function insistently(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      const passes =
        error instanceof DomainError && ['conflict', 'table.throttled'].includes(error.code);
      if (!passes || attempt === 30) {
        throw error;
      }
    }
  }
}

function requireNoConflict(conflicting: readonly string[]): void {
  if (conflicting.length > 0) {
    throw conflict(`${conflicting} changed at the same time.`);
  }
}

describe.each([1, 2, 3])('under throttling, unprocessed keys and conflicts, round %i', () => {
  it('assignments of one issue and of many are whole', async () => {
    const world = await worldOnFreshTable();
    const subject = await faulty(world);
    for (const groupIds of [['101'], ['101', '102']]) {
      const to = groupIds.length === 1 ? 'user:12' : 'user:11';
      subject.faults.set(someFaults());
      await insistently(async () => {
        const outcome = await updateGroups(updateDeps(subject.stores), {
          organizationId: '1',
          groupIds,
          projects: null,
          update: assignedTo(to),
          initiator,
        });
        requireNoConflict(outcome.conflicting);
      });
      for (const groupId of groupIds) {
        const state = await readGroupState(world.stores.table, groupId);
        expectOneStory(state, membersOf);
        expect(state.assignment?.assignee).toBe(to);
      }
    }
  });

  it('a deletion removes all of the issue, and says so once', async () => {
    const world = await worldOnFreshTable();
    const subject = await faulty(world);
    subject.faults.set(someFaults());
    const deps = { ...subject.stores, ...surroundings(), ownerCaches: emptyOwnerCaches };
    const scope = { organizationId: '1', groupIds: ['101'], projects: null };
    await insistently(async () => {
      const outcome = await deleteIssues(deps, { ...scope, initiator });
      requireNoConflict(outcome.conflicting);
    });
    subject.faults.set(someFaults());
    await insistently(() =>
      cascadeIssue(deps, { groupId: '101', requestId: 'worker', hasTime: () => true }),
    );
    const left = await world.stores.table.queryAll({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': groupKeys.partition('101') },
    });
    expect(left.filter(({ entity }) => entity !== 'tombstone')).toEqual([]);
    const events = await recordedEvents(world.stores.table);
    expect(events.filter(({ type }) => type === 'issue.deletion_requested')).toHaveLength(1);
  });

  it('each event is counted once', async () => {
    const world = await ownersWorld();
    const subject = await faulty(world);
    const deps = { ...ownersDeps(subject.stores), ownerCaches: world.deps.ownerCaches };
    const events = Array.from({ length: 12 }, () => seen());
    subject.faults.set(someFaults());
    let left = events.length;
    for (let delivery = 1; left > 0; delivery++) {
      expect(delivery).toBeLessThan(30);
      left = await record(deps, ...events);
    }
    const { group } = await groupOf(world.stores, world.shop);
    expect(group.timesSeen).toBe(events.length);
  });
});

it.each([
  ['throttled', 'throttle', 503, '1'],
  ['beside other transactions without end', 'conflict', 409, undefined],
] as const)('a request %s is told to come again', async (_, kind, statusCode, retryAfter) => {
  const world = await worldOnFreshTable();
  const subject = await faulty(world);
  enterFunctionEnvironment({ ...world, endpoint: subject.endpoint });
  process.env[ENV.rateLimits] = 'off';
  vi.resetModules();
  const { handler } = await import('../../../functions/group-update/handler.ts');
  subject.faults.set([{ kind, calls: 1_000 }]);
  const answer = await send(handler, {
    method: 'PUT',
    resource: '/0/issues/{issue}',
    path: { issue: '101' },
    body: JSON.stringify({ assignedTo: 'user:12' }),
  });
  expect(answer).toMatchObject({ statusCode });
  expect(answer.headers?.['Retry-After']).toBe(retryAfter);
  expect((await readGroupState(world.stores.table, '101')).events).toEqual([]);
});
