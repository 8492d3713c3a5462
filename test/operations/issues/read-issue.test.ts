import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../shared/http/access.ts';
import { issueDetailReply } from '../../../shared/http/issue-detail.ts';
import { readIssueRow } from '../../../shared/operations/issues/read-issue.ts';
import { updateGroups } from '../../../shared/operations/issues/update-groups.ts';
import { findIssue } from '../../../shared/operations/lookup/find-issue.ts';
import { projectKeys } from '../../../shared/stores/keys/project-keys.ts';
import { assignedTo, updateDeps } from '../../support/operations.ts';
import { type TestWorld, worldOnFreshTable } from '../../support/world.ts';

const BASE_URL = 'http://127.0.0.1:8787';
const alice: Caller = {
  tokenId: 't1',
  userId: '11',
  organizations: [{ id: '1', slug: 'acme' }],
  scopes: ['event:admin'],
};
const robot: Caller = { ...alice, userId: null };

let world: TestWorld;
beforeAll(async () => {
  world = await worldOnFreshTable({
    assignments: [{ group: '201', assignedTo: 'team:22' }],
    subscriptions: [
      { group: '102', user: '11', reason: 'comment', isActive: true },
      { group: '102', user: '12', reason: 'assigned', isActive: false },
      { group: '102', team: '21', reason: 'team_mentioned', isActive: true },
    ],
    bookmarks: [{ group: '102', user: '11' }],
    seen: [{ group: '102', user: '12' }],
    owners: [{ group: '102', type: 'ownershipRule', owner: 'team:21', rule: 'path:app/* #core' }],
  });
});

async function detailOf(groupId: string, caller = alice) {
  const request = { caller, organizations: caller.organizations, baseUrl: BASE_URL };
  return (await issueDetailReply(world.stores, request, groupId)).body;
}

describe('an issue', () => {
  it('is told in the types that clients check for', async () => {
    expect(await detailOf('101')).toMatchObject({
      id: '101',
      shortId: 'SHOP-1',
      title: 'TypeError',
      culprit: null,
      permalink: 'http://127.0.0.1:8787/organizations/acme/issues/101/',
      level: 'error',
      status: 'unresolved',
      substatus: 'ongoing',
      statusDetails: {},
      isPublic: false,
      shareId: null,
      issueCategory: 'error',
      count: '5',
      userCount: 0,
      firstSeen: expect.stringMatching(/Z$/),
      lastSeen: expect.stringMatching(/Z$/),
      project: { id: '31', name: 'Shop', slug: 'shop', platform: null },
      assignedTo: null,
      isBookmarked: false,
      isSubscribed: false,
      subscriptionDetails: null,
      hasSeen: false,
      seenBy: [],
      participants: [],
      owners: [],
      activity: [{ id: '0', type: 'first_seen', user: null, data: {} }],
    });
  });

  it('shows the caller’s own flags, who takes part and who is suggested', async () => {
    expect(await detailOf('102')).toMatchObject({
      isBookmarked: true,
      hasSeen: false,
      isSubscribed: true,
      subscriptionDetails: { reason: 'commented' },
      seenBy: [{ id: '12', username: 'bob', lastSeen: expect.stringMatching(/Z$/) }],
      participants: [
        { type: 'team', id: '21', slug: 'core' },
        { type: 'user', id: '11', email: 'alice@acme.io' },
      ],
      owners: [{ type: 'ownershipRule', owner: 'team:21', date_added: expect.any(String) }],
    });
  });

  it('has no flags of a caller without a user', async () => {
    expect(await detailOf('102', robot)).toMatchObject({
      isBookmarked: false,
      isSubscribed: false,
      subscriptionDetails: null,
    });
  });

  it('names a team by its slug and without an address, a user with both', async () => {
    expect((await detailOf('201')).assignedTo).toEqual({ type: 'team', id: '22', name: 'web' });
    await updateGroups(updateDeps(world.stores), {
      organizationId: '1',
      groupIds: ['201'],
      projects: null,
      update: assignedTo('user:13'),
      initiator: { actingUserId: '11', requestId: 'r1' },
    });
    const detail = await detailOf('201');
    expect(detail.assignedTo).toEqual({
      type: 'user',
      id: '13',
      name: 'Carol',
      email: 'carol@acme.io',
    });
    expect(detail.activity).toMatchObject([
      {
        type: 'assigned',
        user: { id: '11', name: 'Alice' },
        data: { assignee: '13', assigneeEmail: 'carol@acme.io', assigneeType: 'user' },
      },
      { type: 'first_seen' },
    ]);
  });

  it('tells of at most 100 activities, the last of which is the first sight', async () => {
    const deps = updateDeps(world.stores);
    for (let turn = 0; turn < 51; turn++) {
      for (const target of ['user:11', 'user:12']) {
        await updateGroups(deps, {
          organizationId: '1',
          groupIds: ['101'],
          projects: null,
          update: assignedTo(target),
          initiator: { actingUserId: null, requestId: 'r1' },
        });
      }
    }
    const { activity } = await detailOf('101');
    expect(activity).toHaveLength(100);
    expect(activity[0]).toMatchObject({ type: 'assigned', user: null, data: { assignee: '12' } });
    expect(activity.at(-1)).toMatchObject({ type: 'first_seen' });
    const dates = activity.slice(0, -1).map(({ dateCreated }) => dateCreated);
    expect(dates).toEqual([...dates].sort().reverse());
  });
});

describe('an issue that the caller does not reach', () => {
  const refusal = 'The requested resource does not exist';

  it.each([
    ['there is none', '999'],
    ['it is another organization’s', '901'],
    ['its id is beyond any number', '9'.repeat(250)],
  ])('is not there: %s', async (_, groupId) => {
    await expect(detailOf(groupId)).rejects.toThrow(refusal);
    await expect(readIssueRow(world.stores, { groupId, organizationIds: ['1'] })).rejects.toThrow(
      refusal,
    );
  });

  it('is not there once its project is on its way out', async () => {
    const leaving = await worldOnFreshTable();
    await leaving.client.send(
      new UpdateCommand({
        TableName: leaving.table,
        Key: projectKeys.project('31'),
        UpdateExpression: 'SET #status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': 'pending_deletion' },
      }),
    );
    await expect(
      issueDetailReply(
        leaving.stores,
        { caller: alice, organizations: alice.organizations, baseUrl: BASE_URL },
        '101',
      ),
    ).rejects.toThrow(refusal);
  });
});

describe('the name of an issue', () => {
  it.each([
    ['an id', '101', '101'],
    ['an id with zeros before it', '0101', '101'],
    ['a short id', 'SHOP-2', '102'],
    ['a short id in lower case', 'shop-2', '102'],
  ])('is %s', async (_, name, groupId) => {
    expect(await findIssue(world.stores, ['1'], name)).toBe(groupId);
  });

  it.each(['SHOP-9', 'PLANT-1', '', '-1', '1e3', '%2e'])('is not %j', async (name) => {
    await expect(findIssue(world.stores, ['1'], name)).rejects.toThrow(
      'The requested resource does not exist',
    );
  });
});
