import { groupKeys } from './keys.ts';
import { byPrefix, type Item, type Table } from './table.ts';

/** Somebody whom rules or commits suggest for a group. */
export type SuggestedOwner = {
  readonly type: 'suspectCommit' | 'ownershipRule' | 'codeowners';
  /** `user:11`, `team:21`; null where nobody could be told. */
  readonly owner: string | null;
  readonly dateAdded: string;
};

export type GroupOwnerStore = ReturnType<typeof createGroupOwnerStore>;

/** The suggested owners of groups. */
export function createGroupOwnerStore(table: Table) {
  return {
    /** The owners suggested for a group, in the order in which auto-assignment prefers them. One Query. */
    async ofGroup(groupId: string): Promise<SuggestedOwner[]> {
      const items = await table.queryAll(
        byPrefix(groupKeys.partition(groupId), groupKeys.ownerPrefix),
      );
      return items.map(ownerFromItem);
    },
  };
}

function ownerFromItem(item: Item): SuggestedOwner {
  return {
    type: item.type as SuggestedOwner['type'],
    owner: (item.owner as string | null | undefined) ?? null,
    dateAdded: item.dateAdded as string,
  };
}
