import { beforeAll, expect, it } from 'vitest';
import { findSuccessors } from '../../../../shared/operations/ownership/holders/find-successors.ts';
import { createTable } from '../../../../shared/stores/table.ts';
import { wireStores } from '../../../../shared/wiring.ts';
import { countingClient } from '../../../bench/measure/counting-client.ts';
import { NOW } from '../../../support/builders.ts';
import { surroundings, withStoredRules } from '../../../support/operations.ts';
import { eventIn } from '../../../support/owners.ts';
import { type TestWorld, worldOnFreshTable } from '../../../support/world.ts';

const ISSUES = Array.from({ length: 25 }, (_, index) => String(10_000 + index));
const bob = { type: 'user', id: '12' } as const;

/** Every other issue is of a file that no rule names; of every fifth no event is kept. */
const isNamed = (index: number) => index % 2 !== 0;
const hasEvent = (index: number) => index % 5 !== 0;

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    groups: ISSUES.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: id })),
    ownership: [{ project: '31', raw: 'path:app/* #core' }],
    assignments: ISSUES.map((group) => ({ group, assignedTo: 'user:12' })),
  });
  const rows = await world.stores.groups.withAssignments(ISSUES);
  for (const [index, id] of ISSUES.entries()) {
    const group = rows.get(id)?.group;
    if (group !== undefined && hasEvent(index)) {
      const event = eventIn(isNamed(index) ? 'app/cart.py' : 'lib/cart.py');
      const kept = { eventId: id, timestamp: NOW, platform: 'python', event };
      await world.stores.seenGroups.keepEvaluated(group, kept);
    }
  }
});

it('finds who each issue goes to, and reads the events of ten issues together', async () => {
  const counter = countingClient(world.endpoint);
  const stores = wireStores(createTable({ client: counter.client, name: world.table }));
  const deps = withStoredRules({ ...stores, ...surroundings() });
  const organization = await stores.organizations.byId('1');
  const project = await stores.projects.withTeams('31');
  if (organization === undefined || project === undefined) {
    return expect.fail('acme and its shop are there.');
  }
  const find = async (ids: readonly string[]) => {
    counter.take();
    const orphaned = ids.map((groupId) => ({ groupId, project, holder: bob }));
    const found = await findSuccessors(deps, organization, orphaned);
    return { found, calls: counter.take() };
  };
  const { found } = await find(ISSUES);
  expect([...found].map(([id, { assignee }]) => [id, assignee.actor]).toSorted()).toEqual(
    ISSUES.filter((_, index) => isNamed(index) && hasEvent(index)).map((id) => [
      id,
      { type: 'team', id: '21' },
    ]),
  );
  // The rules take two Queries, the owners of each issue one.
  const unnamed = await find(ISSUES.filter((_, index) => !isNamed(index)));
  expect(unnamed.found.size).toBe(0);
  expect(unnamed.calls.map(({ command }) => command).toSorted()).toEqual([
    ...Array.from({ length: 2 }, () => 'BatchGetItem'),
    ...Array.from({ length: 2 + 13 }, () => 'Query'),
  ]);
});
