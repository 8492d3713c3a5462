import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeItems } from '../../../infra/world/write.ts';
import {
  type EnterIssueListsDeps,
  enterIssueLists,
} from '../../../shared/operations/directory/enter-issue-lists.ts';
import { describeIssues } from '../../../shared/operations/issues/describe-issues.ts';
import { listIssues } from '../../../shared/operations/issues/list-issues.ts';
import { readIssue } from '../../../shared/operations/issues/read-issue.ts';
import type { IssueSearch } from '../../../shared/operations/issues/search-issues.ts';
import {
  type RequestedUpdate,
  updateGroups,
} from '../../../shared/operations/issues/update-groups.ts';
import { createIssueListEntryStore } from '../../../shared/stores/issues/issue-list-entries.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import type { Item } from '../../../shared/stores/table.ts';
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
const SINCE_THEN = [
  ...['gsi4pk', 'listedTimesSeen', 'listedUserCount', 'hasIssueLists', 'hasUserRows'],
  ...['bookmarkedAt', 'seenAt'],
];

/** A bookmark and a view each had a row of their own. */
function rowsFromBefore({ gsi1pk: _pk, gsi1sk: _sk, ...item }: Item): Item[] {
  const { bookmarkedAt, seenAt, groupId, projectId } = item;
  const userId = String(item.subscriber).slice('user:'.length);
  const row = { groupId, projectId, userId };
  const id = String(groupId);
  return [
    item,
    ...(bookmarkedAt
      ? [{ ...groupKeys.bookmark(id, userId), entity: 'bookmark', ...row, dateAdded: bookmarkedAt }]
      : []),
    ...(seenAt
      ? [{ ...groupKeys.seen(id, userId), entity: 'seen', ...row, lastSeen: seenAt }]
      : []),
  ];
}

async function worldFromBefore(): Promise<TestWorld> {
  const world = await worldOnFreshTable({
    groups,
    assignments: [],
    bookmarks: ['801', '804'].map((group) => ({ group, user: '11' })),
    owners: [],
    subscriptions: [{ group: '801', user: '11', reason: 'comment', isActive: true }],
    seen: [{ group: '801', user: '12' }],
  });
  for (const item of await scanAll(world)) {
    const names = SINCE_THEN.filter((name) => item[name] !== undefined);
    if (item.entity === 'subscription') {
      await writeItems(rowsFromBefore(item), world);
    }
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

const change = (groupId: string, update: RequestedUpdate) =>
  updateGroups(updateDeps(world.stores), {
    organizationId: '1',
    groupIds: [groupId],
    projects: null,
    update,
    initiator: { actingUserId: '11', requestId: 'meanwhile' },
  });

/** What alice has set of an issue, in its detail and in a list, and who has seen it. */
async function shown(groupId: string) {
  const detail = await readIssue(world.stores, {
    groupId,
    organizationIds: ['1'],
    callerUserId: '11',
  });
  const { issues } = await describeIssues(world.stores, [detail], {
    callerUserId: '11',
    withOwners: false,
  });
  return [
    detail.userFlags,
    detail.ownSubscription?.reason,
    detail.seenBy.map(({ userId }) => userId),
    issues.map(({ userFlags: { isBookmarked, hasSeen } }) => ({ isBookmarked, hasSeen })),
  ];
}

const bookmarked = [
  { isBookmarked: true, hasSeen: false },
  'comment',
  ['12'],
  [{ isBookmarked: true, hasSeen: false }],
];
const seen = [
  { isBookmarked: false, hasSeen: true },
  undefined,
  ['11'],
  [{ isBookmarked: false, hasSeen: true }],
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
    const { stores } = world;
    // What is taken back in the user's row is not brought back by a row from before.
    await change('804', { isBookmarked: false, hasSeen: true });
    for (const [given, expected] of searches) {
      expect(await idsOf(given)).toEqual(expected);
    }
    expect(await shown('801')).toEqual(bookmarked);
    expect(await shown('804')).toEqual(seen);
    const issueListEntries = createIssueListEntryStore(stores.table, stores.transact);
    let asked = 0;
    const meanwhile = {
      ...stores,
      issueListEntries: {
        ...issueListEntries,
        enter: async (id: string) => {
          if (asked++ === 0) {
            await change('806', {
              status: { status: 'resolved', substatus: null, resolvedIn: null, conditions: {} },
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
    expect(await shown('801')).toEqual(bookmarked);
    expect(await shown('804')).toEqual(seen);
    const rows = await scanAll(world);
    const kinds = new Set(rows.map(({ entity }) => entity));
    expect([kinds.has('bookmark'), kinds.has('seen')]).toEqual([false, false]);
    expect(rows.filter(({ entity, hasUserRows }) => entity === 'group' && !hasUserRows)).toEqual(
      [],
    );
  });
});
