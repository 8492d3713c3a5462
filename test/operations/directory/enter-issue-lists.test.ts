import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type EnterIssueListsDeps,
  enterIssueLists,
} from '../../../shared/operations/directory/enter-issue-lists.ts';
import { listIssues } from '../../../shared/operations/issues/list-issues.ts';
import type { IssueSearch } from '../../../shared/operations/issues/search-issues.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { createIssueListEntryStore } from '../../../shared/stores/issues/issue-list-entries.ts';
import { updateDeps } from '../../support/operations.ts';
import { scanAll, type TestWorld, worldOnFreshTable } from '../../support/world.ts';

/** Issues of two projects, from before there were lists of organizations. */
const groups = Array.from({ length: 12 }, (_, index) => ({
  id: String(800 + index),
  project: index % 2 === 0 ? '31' : '32',
  shortId: `OLD-${index}`,
  title: 'Old',
  status: index % 4 === 3 ? ('resolved' as const) : ('unresolved' as const),
  timesSeen: 20 + index,
  lastSeen: new Date(Date.UTC(2026, 10, 1, 0, index)).toISOString(),
}));
const SINCE_THEN = ['gsi4pk', 'listedTimesSeen', 'listedUserCount', 'hasIssueLists'];

async function worldFromBefore(): Promise<TestWorld> {
  const world = await worldOnFreshTable({
    groups,
    assignments: [],
    bookmarks: [{ group: '801', user: '11' }],
    owners: [],
    subscriptions: [],
    seen: [],
  });
  for (const item of await scanAll(world)) {
    const names = [
      ...SINCE_THEN.filter((name) => item[name] !== undefined),
      ...(item.entity === 'bookmark' ? ['gsi1pk', 'gsi1sk'] : []),
    ];
    if (names.length > 0) {
      await world.client.send(
        new UpdateCommand({
          TableName: world.table,
          Key: { pk: item.pk, sk: item.sk },
          UpdateExpression: `REMOVE ${names.join(', ')}`,
        }),
      );
    }
  }
  return world;
}

let world: TestWorld;
beforeAll(async () => {
  world = await worldFromBefore();
});

const search: IssueSearch = {
  organizationId: '1',
  callerUserId: '11',
  projects: null,
  query: '',
  now: '2026-11-21T14:00:00.000Z',
};
const idsOf = async (given: Partial<IssueSearch>) => {
  const { issues } = await listIssues(world.stores, { ...search, ...given, limit: 100 });
  return issues.map(({ group }) => group.id);
};
const newestFirst = groups.map(({ id }) => id).reverse();
const searches: readonly [Partial<IssueSearch>, readonly string[]][] = [
  [{}, newestFirst],
  [{ order: 'freq' }, newestFirst],
  [{ query: 'timesSeen:>30' }, ['811']],
  [{ query: 'bookmarks:me' }, ['801']],
  [{ query: 'is:resolved' }, ['811', '807', '803']],
];

async function enter(stores: EnterIssueListsDeps): Promise<number> {
  let all = 0;
  for await (const { entered } of enterIssueLists(stores)) {
    all += entered;
  }
  return all;
}

describe('issues from before there were lists of organizations', () => {
  it('are listed before they are entered, after it, and alike', async () => {
    for (const [given, expected] of searches) {
      expect(await idsOf(given)).toEqual(expected);
    }
    const { stores } = world;
    const issueListEntries = createIssueListEntryStore(stores.table, stores.transact);
    let asked = 0;
    const meanwhile = {
      ...stores,
      issueListEntries: {
        ...issueListEntries,
        enter: async (id: string) => {
          if (asked++ === 0) {
            await updateGroups(updateDeps(stores), {
              organizationId: '1',
              groupIds: ['806'],
              projects: null,
              update: {
                status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
              },
              initiator: { actingUserId: '11', requestId: 'meanwhile' },
            });
          }
          return issueListEntries.enter(id);
        },
      },
    };
    expect(await enter(meanwhile)).toBeGreaterThanOrEqual(groups.length);
    expect(await stores.issueLists.isComplete('1')).toBe(true);
    expect(await enter({ ...stores, issueListEntries })).toBe(0);
    for (const [given, expected] of searches) {
      const isOfResolved = given.query === 'is:resolved';
      expect(await idsOf(given)).toEqual(isOfResolved ? ['811', '807', '806', '803'] : expected);
    }
  });
});
