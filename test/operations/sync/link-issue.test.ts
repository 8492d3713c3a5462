import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupUpdate } from '../../../shared/domain/issues/group-update.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import { linkIssue } from '../../../shared/operations/sync/link-issue.ts';
import { moveLinks } from '../../../shared/operations/sync/move-links.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import type { Stores } from '../../../shared/wiring.ts';
import { hears } from '../../support/bus-events.ts';
import { readGroupState } from '../../support/consistency.ts';
import { assignedTo, surroundings, updateDeps } from '../../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const issues = Array.from({ length: 40 }, (_, index) => String(7_000 + index));
const integration = {
  id: '501',
  organization: 'acme',
  provider: 'github',
  name: 'acme',
  baseUrl: 'https://tracker.example.com',
  secretRef: 'none',
  config: {},
} as const;
const initiator = { actingUserId: '11', requestId: 'r' };
const resolved: GroupUpdate['status'] = {
  status: 'resolved',
  substatus: null,
  resolvedIn: null,
  conditions: {},
};

let world: TestWorld;
let next = 0;
const nextIssue = () => issues[next++] ?? '';

beforeAll(async () => {
  world = await worldOnFreshTable({
    organizations: smallWorld.organizations.map((one) => ({
      ...one,
      features: ['integrations-issue-sync' as const],
    })),
    groups: issues.map((id) => ({ id, project: '31', shortId: `SHOP-${id}`, title: 't' })),
    integrations: [integration],
    links: [{ group: '7039', integration: '501', key: 'acme/a#7039' }],
  });
});

const update = (stores: Stores, issue: string, requested: RequestedUpdate) =>
  updateGroups(updateDeps(stores), {
    organizationId: '1',
    groupIds: [issue],
    projects: null,
    update: requested,
    initiator,
  });

async function rowOf(issue: string) {
  const row = (await world.stores.groups.withAssignments([issue])).get(issue);
  return row ?? expect.fail(`${issue} is not there.`);
}

const link = async (stores: Stores, issue: string) =>
  linkIssue(
    { ...stores, ...surroundings() },
    { row: await rowOf(issue), integrationId: '501', key: `acme/a#${issue}`, requestId: 'r' },
  );

/** What the last event of this type says of links, and whether the fan-out is woken for it. */
async function told(issue: string, type: string) {
  const { events } = await readGroupState(world.stores.table, issue);
  const last = events
    .filter((event) => event.type === type)
    .sort((a, b) => a.detail.version - b.detail.version)
    .at(-1);
  return last && { linked: last.detail.linked, wakes: hears('sync-fanout', last) };
}

describe('an assignment', () => {
  it('of an issue that no tracker knows wakes nobody', async () => {
    const issue = nextIssue();
    await update(world.stores, issue, assignedTo('user:12'));
    expect(await told(issue, 'issue.assigned')).toEqual({ linked: false, wakes: false });
  });

  it('of a linked issue wakes the fan-out', async () => {
    await update(world.stores, '7039', assignedTo('user:12'));
    expect(await told('7039', 'issue.assigned')).toEqual({ linked: true, wakes: true });
  });

  it('of an issue from before December 2026 wakes it as well', async () => {
    const issue = nextIssue();
    const { client, name } = world.stores.table;
    const Key = groupKeys.group(issue);
    await client.send(
      new UpdateCommand({ TableName: name, Key, UpdateExpression: 'REMOVE linked' }),
    );
    await update(world.stores, issue, assignedTo('user:12'));
    expect(await told(issue, 'issue.assigned')).toEqual({ linked: undefined, wakes: true });
  });
});

/** A link arrives between the read and the first commit of a change. */
function linkedMeanwhile(issue: string, arrive: () => Promise<unknown>): Stores {
  const { groupChanges } = world.stores;
  let commits = 0;
  return {
    ...world.stores,
    groupChanges: {
      ...groupChanges,
      async commit(...input) {
        commits += 1;
        if (commits === 1) {
          await arrive();
          expect((await world.stores.links.ofGroup(issue)).length).toBe(1);
        }
        return groupChanges.commit(...input);
      },
    },
  };
}

const changes = [
  ['is assigned for the first time', [], assignedTo('user:12'), 'issue.assigned'],
  ['is reassigned', ['user:11'], assignedTo('user:12'), 'issue.assigned'],
  ['is unassigned', ['user:11'], assignedTo(null), 'issue.unassigned'],
  ['was let go and is assigned', ['user:11', null], assignedTo('user:12'), 'issue.assigned'],
  ['is resolved', [], { status: resolved }, 'issue.status_changed'],
] as const;

describe.each(changes)('an issue that %s', (_, before, requested, type) => {
  async function given() {
    const issue = nextIssue();
    for (const holder of before) {
      await update(world.stores, issue, assignedTo(holder));
    }
    return issue;
  }

  it('while it is being linked wakes the fan-out', async () => {
    const issue = await given();
    await update(
      linkedMeanwhile(issue, () => link(world.stores, issue)),
      issue,
      requested,
    );
    expect(await told(issue, type)).toEqual({ linked: true, wakes: true });
  });

  it('while a merge moves a link to it wakes the fan-out', async () => {
    const [issue, child] = [await given(), nextIssue()];
    await link(world.stores, child);
    const move = () =>
      moveLinks(
        { ...world.stores, ...surroundings() },
        { childId: child, primary: { id: issue, projectId: '31' }, requestId: 'merge' },
      );
    await update(linkedMeanwhile(issue, move), issue, requested);
    expect(await told(issue, type)).toEqual({ linked: true, wakes: true });
  });
});

it('a link whose issue is assigned between the read and the insert starts from what is there then', async () => {
  const issue = nextIssue();
  await update(world.stores, issue, assignedTo('user:12'));
  const { links } = world.stores;
  let inserts = 0;
  const stores: Stores = {
    ...world.stores,
    links: {
      ...links,
      async insert(...input) {
        inserts += 1;
        if (inserts === 1) {
          await update(world.stores, issue, assignedTo(null));
        }
        return links.insert(...input);
      },
    },
  };
  // Of an issue that nobody holds there is nothing to tell.
  expect(await link(stores, issue)).toMatchObject({ status: 'pending', syncedVersion: 2 });
  expect(inserts).toBe(2);
});

it('an issue that was linked once needs no second look at who holds it', async () => {
  const { links } = world.stores;
  const stale = await rowOf('7039');
  await update(world.stores, '7039', assignedTo('user:11'));
  await linkIssue(
    { ...world.stores, ...surroundings() },
    { row: stale, integrationId: '501', key: 'acme/b#7039', requestId: 'r' },
  );
  expect(await links.ofGroup('7039')).toHaveLength(2);
});
