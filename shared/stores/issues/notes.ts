import type { Actor } from '../../domain/actor.ts';
import type { GroupId, UserId } from '../../domain/ids.ts';
import type { ActivityData, ActivityPage } from '../../domain/issues/activity.ts';
import type { Assignment } from '../../domain/issues/assignee.ts';
import { listsFollowers } from '../../domain/issues/followers.ts';
import type { Group } from '../../domain/issues/group.ts';
import { REPEATED_NOTE_SECONDS } from '../../domain/issues/note.ts';
import type { SubscriptionChange } from '../../domain/issues/subscription.ts';
import {
  allOf,
  anyOf,
  attributeIs,
  attributeIsAbsent,
  doesNotExist,
  exists,
  isLive,
} from '../conditions.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Key } from '../keys.ts';
import { idNamedBy } from '../named-ids.ts';
import { number, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import {
  activityFromItem,
  insertActivity,
  type PageOfRecords,
  pageOfRecords,
} from './activities.ts';
import { dropFollower } from './assignments.ts';
import { type Leftovers, pastLeftovers, writeUserRow } from './user-rows.ts';

/** Which note, by whom, and when it was made. */
export type NoteRef = {
  readonly id: string;
  readonly userId: UserId;
  readonly dateCreated: string;
};

/** A text by an author, as the group's rows know it: which note says it, undefined for none. */
export type KnownText = {
  readonly hash: string;
  readonly noteId: string | undefined;
  /** Whether that note is there, says it still, and was made within the hour. */
  readonly isRecent: boolean;
};

/** Whom a note subscribes, of a group with this assignment. */
export type Following = {
  readonly follow: readonly SubscriptionChange[];
  readonly assignment: Assignment | null;
};

/** What ends together with a note. */
export type BesideRemoval = {
  /** Another note of its author; undefined where there is none. */
  readonly other: string | undefined;
  readonly unfollow: readonly SubscriptionChange[];
  readonly assignment: Assignment | null;
  /** The list of followers that has the author as well; undefined where none does. */
  readonly list: readonly Actor[] | undefined;
  readonly now: string;
};

export type NoteStore = ReturnType<typeof createNoteStore>;

/**
 * What people wrote about groups. A note is an activity of the group, and three rows that find it:
 * by its id, among the group's notes in the order of time, and among those of its author. For an
 * hour a fourth one finds it by what it says.
 */
export function createNoteStore(table: Table, transact: Transact) {
  const commitFollowing = <const Name extends string>(
    writes: (leftovers: ReadonlySet<string>) => readonly Write<Name>[],
  ) => pastLeftovers((leftovers) => transact(writes(leftovers)));

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

    /** Which note of a group says a text of an author. Two round trips, one where none does. */
    async saying({ groupId, userId, text: said }: TextOfAuthor, now: string): Promise<KnownText> {
      const hash = idNamedBy('noteText', userId, said);
      const known = await table.get(groupKeys.noteText(groupId, hash));
      if (known === undefined) {
        return { hash, noteId: undefined, isRecent: false };
      }
      const noteId = read(known, 'noteId', text);
      const note = await table.get(groupKeys.note(groupId, noteId));
      const saysIt = note !== undefined && read(note, 'textHash', text) === hash;
      return {
        hash,
        noteId,
        isRecent: saysIt && read(known, 'expiresAt', number) > secondsOf(now),
      };
    },

    /** Another note of the same author; undefined where there is none. One Query of two rows. */
    async otherThan(groupId: GroupId, note: NoteRef): Promise<string | undefined> {
      const { items } = await table.queryPage({
        ...byPrefix(groupKeys.partition(groupId), groupKeys.notesByPrefix(note.userId)),
        Limit: 2,
      });
      return items.map((item) => read(item, 'id', text)).find((id) => id !== note.id);
    },

    /**
     * Adds a note, counts it, and subscribes people. Refused where the `group` has another status
     * by now, as one that is merged or deleted has, and where another note has come to say the
     * `text`. One round trip.
     */
    insert(
      group: Group,
      note: NoteRef,
      data: ActivityData,
      { says, ...following }: { readonly says: KnownText } & Following,
    ) {
      const { id, userId, dateCreated } = note;
      const at = { id, dateCreated, position: 0 };
      return commitFollowing((leftovers) => [
        countNote(group, 1),
        insertActivity(group, { type: 'note', userId, data }, at),
        ...noteItems(group, note, says.hash).map(
          (Item): Write<'note'> => ({
            name: 'note',
            put: { Item, ...doesNotExist },
          }),
        ),
        putText(group, note, says),
        ...followWrites(group, following, { now: dateCreated, leftovers }),
      ]);
    },

    /**
     * Changes what a note says. Refused where the `group` or the `note` is gone, and where another
     * note has come to say the `text`. One round trip.
     */
    update(
      group: Group,
      note: NoteRef,
      data: ActivityData,
      { says, now, ...following }: { readonly says: KnownText; readonly now: string } & Following,
    ) {
      return commitFollowing((leftovers) => [
        checkGroupIsAsRead(group),
        {
          name: 'note',
          update: updateRow(activityKey(group.id, note), { set: { data } }, exists),
        },
        {
          name: 'note',
          update: updateRow(
            groupKeys.note(group.id, note.id),
            { set: { textHash: says.hash } },
            exists,
          ),
        },
        ...(says.isRecent || isOlderThanAnHour(note, now) ? [] : [putText(group, note, says)]),
        ...followWrites(group, following, { now, leftovers }),
      ]);
    },

    /**
     * Removes a note and ends subscriptions. Refused where the `group` or the `note` is gone, the
     * author's `other` note is, or, without another one, notes were added or removed meanwhile.
     * One round trip.
     */
    remove(group: Group, note: NoteRef, { other, unfollow, assignment, list, now }: BesideRemoval) {
      const [own, ...others] = [activityKey(group.id, note), ...noteKeys(group.id, note)];
      return transact([
        countNote(group, -1, other === undefined),
        { name: 'note', delete: { Key: own, ...exists } },
        // A note from before its author's notes were listed has no row among them.
        ...others.map(
          ({ pk, sk }): Write<'note'> => ({ name: 'note', delete: { Key: { pk, sk } } }),
        ),
        ...(other === undefined ? [] : [checkNoteOf(group.id, note.userId, other)]),
        ...followWrites(group, { follow: unfollow, assignment }, { now, leftovers: null }),
        ...(list === undefined || assignment === null
          ? []
          : dropFollower(assignment, { type: 'user', id: note.userId }, list)),
      ]);
    },
  };
}

function followWrites(
  group: Group,
  { follow, assignment }: Following,
  { now, leftovers }: { readonly now: string; readonly leftovers: Leftovers },
) {
  const context = { now, leftovers: listsFollowers(assignment) ? leftovers : null };
  return follow.map((subscription) =>
    writeUserRow(group, subscription.subscriber.id, { subscription }, context),
  );
}

type TextOfAuthor = {
  readonly groupId: GroupId;
  readonly userId: UserId;
  readonly text: string;
};

function activityKey(groupId: GroupId, { id, dateCreated }: Pick<NoteRef, 'id' | 'dateCreated'>) {
  return groupKeys.activity(groupId, dateCreated, 0, id);
}

function noteKeys(groupId: GroupId, { id, userId, dateCreated }: NoteRef): Key[] {
  return [
    groupKeys.note(groupId, id),
    groupKeys.noteAt(groupId, dateCreated, id),
    groupKeys.noteBy(groupId, userId, id),
  ];
}

/** Only the first of them, which is found by the note's id, knows what the note says now. */
function noteItems(group: Group, note: NoteRef, textHash: string): Item[] {
  const { id: groupId, organizationId, projectId } = group;
  const row = { entity: 'note', groupId, organizationId, projectId, ...note };
  return noteKeys(groupId, note).map((key, index) => ({
    ...key,
    ...row,
    ...(index === 0 ? { textHash } : {}),
  }));
}

/** For an hour from when it was made, a note is found by what it says. */
function putText(group: Group, note: NoteRef, { hash, noteId }: KnownText): Write<'text'> {
  const { id: groupId, organizationId, projectId } = group;
  return {
    name: 'text',
    put: {
      Item: {
        ...groupKeys.noteText(groupId, hash),
        ...{ entity: 'noteText', groupId, organizationId, projectId, noteId: note.id },
        expiresAt: secondsOf(note.dateCreated) + REPEATED_NOTE_SECONDS,
      },
      ...(noteId === undefined ? doesNotExist : anyOf(doesNotExist, attributeIs('noteId', noteId))),
    },
  };
}

function isOlderThanAnHour({ dateCreated }: NoteRef, now: string): boolean {
  return secondsOf(dateCreated) + REPEATED_NOTE_SECONDS <= secondsOf(now);
}

function checkNoteOf(groupId: GroupId, userId: UserId, id: string): Write<'other'> {
  return { name: 'other', check: { Key: groupKeys.noteBy(groupId, userId, id), ...exists } };
}

/** A group that is being merged or deleted has another status: nothing is added to it any more. */
function isAsRead({ status }: Group) {
  return allOf(isLive, attributeIs('status', status));
}

/** With `whileCounted` only while nobody has added or removed another note. */
function countNote(group: Group, change: 1 | -1, whileCounted = false): Write<'group'> {
  const asRead = isAsRead(group);
  return {
    name: 'group',
    update: updateRow(
      groupKeys.group(group.id),
      { add: { numComments: change } },
      whileCounted ? allOf(asRead, isCountedAsRead(group)) : asRead,
    ),
  };
}

/** A group of which nothing was ever counted may have no count. */
function isCountedAsRead({ numComments }: Group) {
  const isThat = attributeIs('numComments', numComments);
  return numComments === 0 ? anyOf(isThat, attributeIsAbsent('numComments')) : isThat;
}

function checkGroupIsAsRead(group: Group): Write<'group'> {
  return { name: 'group', check: { Key: groupKeys.group(group.id), ...isAsRead(group) } };
}

const noteFromItem = rowReader<NoteRef>({ id: text, userId: text, dateCreated: text });

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
