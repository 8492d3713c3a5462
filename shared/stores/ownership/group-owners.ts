import type { GroupId } from '../../domain/ids.ts';
import { type Condition, versionIs } from '../conditions.ts';
import { checkGroupIsLive } from '../issues/groups.ts';
import type { SubscribedGroup } from '../issues/user-rows.ts';
import { groupKeys } from '../keys/group-keys.ts';
import type { Key } from '../keys.ts';
import { nullable, number, oneOf, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import { transactWithRetry } from '../transact-with-retry.ts';
import { TRANSACTION_LIMIT, type Transact, type Write } from '../transaction.ts';

/**
 * The reasons for which somebody is suggested, in the order that sorts them: auto-assignment
 * prefers the lowest.
 */
const ownerTypes = ['suspectCommit', 'ownershipRule', 'codeowners'] as const;

/** Somebody whom rules or commits suggest for a group. */
export type SuggestedOwner = {
  readonly type: (typeof ownerTypes)[number];
  /** `user:11`, `team:21`; null where it is not known. */
  readonly owner: string | null;
  /** The rule's text; null for a commit's author. */
  readonly rule: string | null;
  /** The commit; null for a rule's owner. */
  readonly commitId: string | null;
  readonly dateAdded: string;
};

/**
 * A group's owners as they were read; `version` is what a replacement has to name, 0 before the
 * first.
 */
export type OwnersSnapshot = {
  readonly version: number;
  readonly owners: readonly (SuggestedOwner & { readonly key: Key })[];
};

export type GroupOwnerStore = ReturnType<typeof createGroupOwnerStore>;

/** The suggested owners of groups. */
export function createGroupOwnerStore(table: Table, transact: Transact) {
  return {
    /**
     * The owners suggested for a group, in the order in which auto-assignment prefers them. One
     * Query.
     */
    async ofGroup(groupId: GroupId): Promise<SuggestedOwner[]> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.ownerPrefix),
      );
      return items.map(ownerFromItem);
    },

    /** The same, with what a replacement needs. One Query. */
    async snapshot(groupId: GroupId): Promise<OwnersSnapshot> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.ownersPrefix),
      );
      const version = items.find(isVersion);
      return {
        version: version === undefined ? 0 : read(version, 'version', number),
        owners: items
          .filter((item) => !isVersion(item))
          .map((item) => ({ ...ownerFromItem(item), key: { pk: item.pk, sk: item.sk } })),
      };
    },

    /**
     * Removes owners and adds others. Answers whether that was done: not where the group is being
     * deleted, or its owners have changed since they were read. Owners who do not fit into one
     * transaction follow in others, as long as the owners stay at the version that was written.
     */
    async replace(
      group: SubscribedGroup,
      read: OwnersSnapshot,
      change: {
        readonly remove: OwnersSnapshot['owners'];
        readonly add: readonly SuggestedOwner[];
      },
    ): Promise<boolean> {
      const version = read.version + 1;
      const added = change.add.map((owner, position) => ownerItem(group, owner, position));
      const addresses = new Set(added.map(({ sk }) => sk));
      const writes: Write<'owner'>[] = [
        // A transaction takes one write an item; what is put in a row's place needs no deletion.
        ...change.remove
          .filter(({ key }) => !addresses.has(key.sk))
          .map(({ key }): Write<'owner'> => ({ name: 'owner', delete: { Key: key } })),
        ...added.map((Item): Write<'owner'> => ({ name: 'owner', put: { Item } })),
      ];
      const room = TRANSACTION_LIMIT - 2;
      const first = [
        checkGroupIsLive(group.id),
        putVersion(group, version, read.version),
        ...writes.slice(0, room),
      ];
      if (!(await transactWithRetry(transact, first)).committed) {
        return false;
      }
      for (let start = room; start < writes.length; start += room) {
        const page = writes.slice(start, start + room);
        const held = [checkGroupIsLive(group.id), checkVersion(group.id, version)];
        const outcome = await transactWithRetry(transact, [...held, ...page]);
        if (!outcome.committed) {
          return false;
        }
      }
      return true;
    },
  };
}

/**
 * A suggested owner as the table holds it; `position` keeps the order of those that were added at
 * one time.
 */
export function ownerItem(group: SubscribedGroup, owner: SuggestedOwner, position: number): Item {
  return {
    ...groupKeys.owner(group.id, ownerTypes.indexOf(owner.type), owner.dateAdded, position),
    entity: 'owner',
    groupId: group.id,
    organizationId: group.organizationId,
    projectId: group.projectId,
    ...owner,
  };
}

function putVersion(group: SubscribedGroup, version: number, readVersion: number): Write<'owners'> {
  return {
    name: 'owners',
    put: {
      Item: {
        ...groupKeys.ownersVersion(group.id),
        entity: 'ownersVersion',
        groupId: group.id,
        projectId: group.projectId,
        version,
      },
      ...ownersVersionIs(readVersion),
    },
  };
}

function checkVersion(groupId: GroupId, version: number): Write<'owners'> {
  return {
    name: 'owners',
    check: { Key: groupKeys.ownersVersion(groupId), ...ownersVersionIs(version) },
  };
}

/** Version 0 has no row. */
function ownersVersionIs(version: number): Condition {
  return versionIs(version === 0 ? null : version);
}

function isVersion({ entity }: Item): boolean {
  return entity === 'ownersVersion';
}

const ownerFromItem = rowReader<SuggestedOwner>({
  type: oneOf(ownerTypes),
  owner: nullable(text),
  rule: nullable(text),
  commitId: nullable(text),
  dateAdded: text,
});
