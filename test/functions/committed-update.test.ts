import { beforeAll, describe, expect, it } from 'vitest';
import type { GroupUpdateDeps } from '../../functions/group-update/deps.ts';
import { deleteIssues } from '../../shared/operations/issues/delete-issues.ts';
import { mergeGroups } from '../../shared/operations/issues/merge-groups.ts';
import { deleteProject } from '../../shared/operations/projects/delete-project.ts';
import { uncounted } from '../../shared/operations/while-counted.ts';
import { createBatchDelete } from '../../shared/stores/batch-delete.ts';
import { groupKeys } from '../../shared/stores/keys/group-keys.ts';
import { enterFunctionEnvironment } from '../support/function-environment.ts';
import { surroundings } from '../support/operations.ts';
import { smallWorld, type TestWorld, worldOnFreshTable } from '../support/world.ts';

const acme = { id: '1', slug: 'acme' };
const alice = {
  tokenId: 'token-of-alice',
  userId: '11',
  organizations: [acme],
  scopes: ['event:admin'],
};
const initiator = { actingUserId: '13', requestId: 'r' };
const body = {
  assignedTo: 'user:12',
  status: 'resolved',
  priority: 'high',
  isBookmarked: true,
  hasSeen: true,
  isPublic: true,
};

let world: TestWorld;

beforeAll(async () => {
  const groups = Array.from({ length: 5 }, (_, index) => ({
    id: String(7000 + index),
    project: '31',
    shortId: `SHOP-${7000 + index}`,
    title: 'KeyError',
  }));
  world = await worldOnFreshTable({ groups: [...smallWorld.groups, ...groups] });
  enterFunctionEnvironment(world);
});

/** Updates an issue while `meanwhile` happens between the commit and the answer. */
async function update(issue: string, meanwhile: () => Promise<unknown>) {
  const { wireGroupUpdate } = await import('../../functions/group-update/deps.ts');
  const { updateIssue } = await import('../../functions/group-update/update-issue.ts');
  const wired = wireGroupUpdate();
  const deps: GroupUpdateDeps = {
    ...wired,
    groupChanges: {
      ...wired.groupChanges,
      async commit(changes, context) {
        const outcome = await wired.groupChanges.commit(changes, context);
        await meanwhile();
        return outcome;
      },
    },
  };
  return updateIssue(deps, {
    path: `/api/0/organizations/acme/issues/${issue}/`,
    caller: alice,
    initiator: { actingUserId: alice.userId, requestId: 'r' },
    organization: acme,
    organizations: [acme],
    params: { org: 'acme', issue },
    query: new URLSearchParams(),
    headers: {},
    whileCounted: uncounted,
    body,
    baseUrl: 'http://127.0.0.1',
  });
}

async function removeRows(issue: string): Promise<void> {
  const { table } = world.stores;
  const rows = await table.queryAll({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': groupKeys.partition(issue) },
  });
  await createBatchDelete(table)(rows);
}

const operations = () => ({ ...world.stores, ...surroundings() });
const remove = (issue: string) =>
  deleteIssues(operations(), { organizationId: '1', groupIds: [issue], projects: null, initiator });
const merge = (issue: string) => mergeGroups(operations(), { groupIds: ['102', issue], initiator });

describe('an update that was committed is answered', () => {
  it.each<[string, string, (issue: string) => Promise<unknown>]>([
    ['the issue is deleted', '7000', remove],
    [
      'the issue is gone with all its rows',
      '7001',
      (issue) => remove(issue).then(() => removeRows(issue)),
    ],
    ['the issue is merged into another', '7002', merge],
    [
      'the issue is merged, and its rows have moved',
      '7003',
      (issue) => merge(issue).then(() => removeRows(issue)),
    ],
    [
      'the project is deleted',
      '7004',
      () => deleteProject(operations(), { organizationId: '1', project: '31', initiator }),
    ],
  ])('where %s before that', async (_, issue, meanwhile) => {
    const answer = await update(issue, () => meanwhile(issue));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: issue,
        status: 'resolved',
        assignedTo: { type: 'user', id: '12' },
        priority: 'high',
        isBookmarked: true,
        hasSeen: true,
        isPublic: true,
        isSubscribed: true,
        project: { id: expect.any(String) },
      },
    });
    const later = update(issue, async () => {});
    await (meanwhile === merge
      ? expect(later).resolves.toMatchObject({ status: 200, body: { id: '102' } })
      : expect(later).rejects.toMatchObject({ code: 'resource.not_found' }));
  });
});
