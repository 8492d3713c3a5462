import type { GroupId, UserId } from '../../domain/ids.ts';
import type { ActivityData, ActivityPage } from '../../domain/issues/activity.ts';
import type { Group } from '../../domain/issues/group.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import { allOf, attributeIs, doesNotExist, exists, isLive } from '../conditions.ts';
import { groupKeys } from '../keys.ts';
import { rowReader, text } from '../rows.ts';
import type { Item, Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import {
  activityFromItem,
  insertActivity,
  type PageOfRecords,
  pageOfRecords,
} from './activities.ts';
import { writeSubscription } from './subscriptions.ts';

/** Which note, by whom, and when it was made. */
export type NoteRef = {
  readonly id: string;
  readonly userId: UserId;
  readonly dateCreated: string;
};

export type NoteStore = ReturnType<typeof createNoteStore>;

/**
 * What people wrote about groups. A note is an activity of the group, and two rows that find it: by
 * its id, and among the group's notes in the order of time.
 */
export function createNoteStore(table: Table, transact: Transact) {
  return {
    /** A page of a group's notes, newest first. Two round trips. */
    async ofGroup(input: PageOfRecords): Promise<ActivityPage> {
      const page = await pageOfRecords(table, groupKeys.noteAtPrefix, input);
      const refs = page.items.map(noteFromItem);
      const items = await table.batchGet(
        refs.map(({ id, dateCreated }) => activityKey(input.groupId, { id, dateCreated })),
      );
      const activities = new Map(items.map(activityFromItem).map((one) => [one.id, one]));
      const found = page.items.flatMap((item) => {
        const activity = activities.get(noteFromItem(item).id);
        return activity === undefined ? [] : [{ ...activity, cursor: item.sk }];
      });
      return { activities: found, more: page.next !== undefined };
    },

    /** One note of a group; undefined where there is none. One round trip. */
    async find(groupId: GroupId, noteId: string): Promise<NoteRef | undefined> {
      const item = await table.get(groupKeys.note(groupId, noteId));
      return item && noteFromItem(item);
    },

    /**
     * Adds a note, counts it, and subscribes people. Refused where the `group` has another status
     * by now, as one that is merged or deleted has. One round trip.
     */
    insert(group: Group, note: NoteRef, data: ActivityData, follow: readonly SubscriptionChange[]) {
      const { id, userId, dateCreated } = note;
      const at = { id, dateCreated, position: 0 };
      return transact([
        countNote(group, 1),
        insertActivity(group, { type: 'note', userId, data }, at),
        ...noteItems(group, note).map(
          (Item): Write<'note'> => ({
            name: 'note',
            put: { Item, ...doesNotExist },
          }),
        ),
        ...follow.map((change) => writeSubscription(group, change, dateCreated)),
      ]);
    },

    /**
     * Changes what a note says. Refused where the `group` or the `note` is gone. One round trip.
     */
    update(
      group: Group,
      note: NoteRef,
      data: ActivityData,
      { follow, now }: { readonly follow: readonly SubscriptionChange[]; readonly now: string },
    ) {
      return transact([
        checkGroupIsAsRead(group),
        {
          name: 'note',
          update: updateRow(activityKey(group.id, note), { set: { data } }, exists),
        },
        ...follow.map((change) => writeSubscription(group, change, now)),
      ]);
    },

    /** Removes a note. Refused where the `group` or the `note` is gone. One round trip. */
    remove(group: Group, note: NoteRef) {
      const keys = [activityKey(group.id, note), ...noteItems(group, note)];
      return transact([
        countNote(group, -1),
        ...keys.map(
          ({ pk, sk }): Write<'note'> => ({
            name: 'note',
            delete: { Key: { pk, sk }, ...exists },
          }),
        ),
      ]);
    },
  };
}

function activityKey(groupId: GroupId, { id, dateCreated }: Pick<NoteRef, 'id' | 'dateCreated'>) {
  return groupKeys.activity(groupId, dateCreated, 0, id);
}

function noteItems(group: Group, note: NoteRef): Item[] {
  const { id: groupId, organizationId, projectId } = group;
  const row = { entity: 'note', groupId, organizationId, projectId, ...note };
  return [
    { ...groupKeys.note(groupId, note.id), ...row },
    { ...groupKeys.noteAt(groupId, note.dateCreated, note.id), ...row },
  ];
}

/** A group that is being merged or deleted has another status: nothing is added to it any more. */
function isAsRead({ status }: Group) {
  return allOf(isLive, attributeIs('status', status));
}

function countNote(group: Group, change: 1 | -1): Write<'group'> {
  return {
    name: 'group',
    update: updateRow(groupKeys.group(group.id), { add: { numComments: change } }, isAsRead(group)),
  };
}

function checkGroupIsAsRead(group: Group): Write<'group'> {
  return { name: 'group', check: { Key: groupKeys.group(group.id), ...isAsRead(group) } };
}

const noteFromItem = rowReader<NoteRef>({ id: text, userId: text, dateCreated: text });
