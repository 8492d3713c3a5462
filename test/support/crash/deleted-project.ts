import { expect } from 'vitest';
import { writeItems } from '../../../infra/world/write.ts';
import type { Group } from '../../../shared/domain/issues/group.ts';
import { deleteProject } from '../../../shared/operations/projects/delete-project.ts';
import type { SeenWrite } from '../../../shared/stores/ingest/seen-groups.ts';
import { insertActivity } from '../../../shared/stores/issues/activities.ts';
import { assignmentItem } from '../../../shared/stores/issues/assignments.ts';
import { groupItem, shortIdItem } from '../../../shared/stores/issues/groups.ts';
import { recordMerged } from '../../../shared/stores/issues/merged-groups.ts';
import { subscriptionItem } from '../../../shared/stores/issues/subscriptions.ts';
import { groupKeys } from '../../../shared/stores/keys/group-keys.ts';
import { projectKeys } from '../../../shared/stores/keys/project-keys.ts';
import { notificationSettingsItem } from '../../../shared/stores/projects/notification-settings.ts';
import { projectSlugItem } from '../../../shared/stores/projects/projects.ts';
import type { Item } from '../../../shared/stores/table.ts';
import type { AnyWrite, TransactOutcome } from '../../../shared/stores/transaction.ts';
import { assignment, group, NOW } from '../builders.ts';
import { surroundings } from '../operations.ts';
import { scanAll, smallWorld, type TestWorld, worldOnFreshTable } from '../world.ts';

/** So long a number that nothing but this project's items can hold it. */
export const DELETED_ID = '7313131313131313';

/**
 * The small world with one more project, `ending`, of two teams, with as many groups as are asked
 * for.
 */
export async function worldWithDeletedProject(
  groups: number,
  options: { readonly endpoint?: string } = {},
): Promise<TestWorld> {
  const overrides = {
    projects: [
      ...smallWorld.projects,
      {
        id: DELETED_ID,
        organization: 'acme',
        slug: 'ending',
        name: 'Ending',
        teams: ['core', 'web'],
      },
    ],
    ownership: [{ project: DELETED_ID, raw: 'path:src/* #core' }],
    codeowners: [{ project: DELETED_ID, raw: '/src/ bob@acme.io' }],
  };
  const world = await worldOnFreshTable(overrides, options);
  await writeItems(itemsOfDeletedProject(groups), world);
  return world;
}

/** The ids that its groups have. */
export function deletedGroupId(index: number): string {
  return String(500_000_000 + index);
}

function deletedGroup(index: number): Group {
  return group({
    id: deletedGroupId(index),
    projectId: DELETED_ID,
    shortId: `ENDING-${index}`,
    status:
      (['unresolved', 'resolved', 'ignored', 'pending_merge'] as const)[index % 4] ?? 'ignored',
    lastSeen: new Date(Date.parse(NOW) - index * 1_000).toISOString(),
  });
}

/**
 * Every tenth group has some of everything; of many groups, the first has more than fits on a page.
 */
function* itemsOfDeletedProject(groups: number): Generator<Item> {
  for (let index = 0; index < groups; index++) {
    const own = deletedGroup(index);
    yield groupItem({ group: own, shareId: index % 7 === 0 ? `share-${index}` : null });
    yield shortIdItem(own);
    if (index % 10 === 0) {
      yield* partitionOf(own, index === 0 && groups > 100 ? 1_200 : 3);
    }
  }
  for (let index = 0; index < Math.min(groups, 60); index++) {
    const userId = String(40_000 + index);
    const ids = { organizationId: '1', projectId: DELETED_ID, userId };
    yield notificationSettingsItem(ids, { alerts: 'never' });
    yield { ...projectKeys.bookmark(DELETED_ID, userId), entity: 'projectBookmark', ...ids };
  }
  for (const slug of ['ending-before', 'ending-long-before']) {
    yield projectSlugItem('1', { slug, projectId: DELETED_ID, isRedirect: true });
  }
}

function* partitionOf(own: Group, activities: number): Generator<Item> {
  const { id: groupId, organizationId, projectId } = own;
  const ids = { groupId, organizationId, projectId };
  yield assignmentItem(assignment({ ...ids, assignee: { type: 'team', id: '21' } }));
  for (const id of ['11', '12']) {
    yield subscriptionItem(own, {
      subscriber: { type: 'user', id },
      reason: 'assigned',
      isActive: true,
      dateAdded: NOW,
    });
  }
  for (let position = 0; position < activities; position++) {
    yield itemOf(
      insertActivity(
        own,
        { type: 'note', userId: '11', data: { text: 'Seen again.' } },
        { id: String(position), dateCreated: NOW, position },
      ),
    );
  }
  // A group that was merged into it leaves where it went, and its short id.
  const merged = group({
    id: String(700_000_000 + Number(groupId)),
    projectId,
    shortId: `${own.shortId}-MERGED`,
  });
  yield shortIdItem(merged);
  yield* recordMerged(merged, groupId).map(itemOf);
  // As releases before December 2026 wrote it.
  yield {
    pk: groupKeys.partition(groupId),
    sk: `${groupKeys.historyPrefix}${NOW}#0#1`,
    entity: 'history',
    ...ids,
  };
  yield { ...groupKeys.seen(groupId, '11'), entity: 'seen', ...ids, userId: '11', lastSeen: NOW };
  yield {
    ...groupKeys.bookmark(groupId, '12'),
    ...{ entity: 'bookmark', ...ids, userId: '12', dateAdded: NOW },
  };
  yield {
    ...groupKeys.owner(groupId, 1, NOW, 0),
    entity: 'owner',
    ...ids,
    type: 'ownershipRule',
    owner: 'team:21',
  };
}

function itemOf(write: AnyWrite): Item {
  if (!('put' in write)) {
    throw new Error(`${write.name} puts nothing.`);
  }
  return write.put.Item as Item;
}

/** Begins groups of the project one after the other, as their first events do. */
export async function birthsIn({ stores }: Pick<TestWorld, 'stores'>) {
  let project = (await stores.projects.byIds([DELETED_ID])).get(DELETED_ID);
  return {
    /** Begins the next one; refused by `project` when that takes none any more. */
    async next(): Promise<TransactOutcome<SeenWrite>> {
      if (project === undefined) {
        throw new Error('The project is not in the table.');
      }
      const number = Math.max(project.shortIdCounter, 20_000) + 1;
      const own = { id: String(600_000_000 + number), projectId: DELETED_ID, lastSeen: NOW };
      const now = new Date().toISOString();
      const begun = {
        group: group({ ...own, shortId: `ENDING-${number}` }),
        fingerprint: `ending ${number}`,
        stale: null,
        events: { eventIds: [`event ${number}`], unfinished: null, newUsers: ['someone'], now },
        evaluated: { eventId: `event ${number}`, timestamp: NOW, platform: null, event: {} },
      };
      const outcome = await stores.seenGroups.begin({
        project,
        shortIdCounter: number,
        now,
        groups: [begun],
      });
      if (outcome.committed) {
        project = { ...project, shortIdCounter: number, firstEvent: NOW };
      }
      return outcome;
    },
  };
}

/** Asks for the deletion of the project, as user 11. */
export function requestDeletion({ stores }: Pick<TestWorld, 'stores'>): Promise<void> {
  return deleteProject(
    { ...stores, ...surroundings() },
    {
      organizationId: '1',
      project: 'ending',
      initiator: { actingUserId: '11', requestId: 'goodbye' },
    },
  );
}

/** Whether an item has anything to do with the project. */
export function isOfDeletedProject(item: Item): boolean {
  const { entity, groupId } = item;
  // What an event's users leave, and groups that were merged, name the group alone.
  if (entity === 'affectedUser' || entity === 'mergedInto' || entity === 'mergedGroup') {
    return /^[56]00/.test(String(groupId));
  }
  return JSON.stringify(item).includes(DELETED_ID);
}

/** What the table holds of everything else, to be compared with what is left. */
export async function othersIn(world: TestWorld): Promise<Item[]> {
  return (await scanAll(world)).filter((item) => !isOfDeletedProject(item));
}

/** That of the project the tombstone is left alone, and of others all that there was. */
export async function expectGone(world: TestWorld, others: readonly Item[]): Promise<void> {
  const items = await scanAll(world);
  const left = items.filter((item) => isOfDeletedProject(item) && !expiresWithinAWeek(item));
  expect(left.map(({ sk }) => sk)).toEqual(['TOMBSTONE']);
  const rest = items.filter((item) => !isOfDeletedProject(item) && item.entity !== 'outbox');
  expect(byKey(rest)).toEqual(byKey(others));
}

function byKey(items: readonly Item[]) {
  return Object.fromEntries(items.map((item) => [`${item.pk} ${item.sk}`, item]));
}

/** Events and the like may outlive a project for as long as they can be put again. */
function expiresWithinAWeek(item: Item): boolean {
  const { expiresAt } = item;
  return typeof expiresAt === 'number' && expiresAt <= Date.now() / 1_000 + 7 * 24 * 60 * 60;
}
