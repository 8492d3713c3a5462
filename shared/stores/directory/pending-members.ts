import { type MemberRole, memberRoles, type PendingMember } from '../../domain/directory.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { attributeIs, attributesAre, type Condition, doesNotExist } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { isKeyable } from '../keys.ts';
import { organizationId } from '../row-fields.ts';
import { list, oneOf, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { checkRoles } from './organizations.ts';

export type PendingMemberStore = ReturnType<typeof createPendingMemberStore>;

/**
 * Who was added to an organization by e-mail address and is not a member yet. Each is two rows: by
 * id, and by address.
 */
export function createPendingMemberStore(table: Table, transact: Transact) {
  return {
    /** The pending members of an organization, in the order of their ids. One Query. */
    async ofOrganization(organizationId: OrganizationId): Promise<PendingMember[]> {
      const items = await table.queryAll(
        byPrefix(
          directoryKeys.organizationPartition(organizationId),
          directoryKeys.pendingMemberPrefix,
        ),
      );
      return items.map(pendingFromItem);
    },

    /** One of them by id; undefined where there is none. One round trip. */
    async byId(organizationId: OrganizationId, id: string): Promise<PendingMember | undefined> {
      if (!isKeyable(id)) {
        return undefined;
      }
      const item = await table.get(directoryKeys.pendingMember(organizationId, id));
      return item && pendingFromItem(item);
    },

    /** Those who were added under these addresses, the longest pending first. One round trip. */
    async byEmails(
      organizationId: OrganizationId,
      emails: readonly string[],
    ): Promise<PendingMember[]> {
      const items = await table.batchGet(
        emails
          .filter(isKeyable)
          .map((email) => directoryKeys.pendingEmail(organizationId, email.toLowerCase())),
      );
      return items.map(pendingFromItem).sort((a, b) => (a.dateCreated < b.dateCreated ? -1 : 1));
    },

    /** Adds one. Refused where the address is pending already. One round trip. */
    insert(pending: PendingMember) {
      return transact(
        pendingItems(pending).map((Item) => ({
          name: 'pending member',
          put: { Item, ...doesNotExist },
        })),
      );
    },

    /**
     * Changes the role and the teams of one that was read, while members of the organization have
     * the roles that let somebody do so. A refusal names `pending member` (changed, or gone) or
     * `role`. One round trip.
     */
    update(
      read: PendingMember,
      { role, teamIds }: Pick<PendingMember, 'role' | 'teamIds'>,
      roles: ReadonlyMap<string, MemberRole>,
    ) {
      const { id } = read;
      const asRead = attributesAre({ id, role: read.role, teamIds: read.teamIds });
      return transact([
        ...pendingItems(read).map(
          (key): Write<'pending member'> => ({
            name: 'pending member',
            update: updateRow(key, { set: { role, teamIds } }, asRead),
          }),
        ),
        ...checkRoles(read.organizationId, roles),
      ]);
    },

    /** Takes one back. Refused where there is none. One round trip. */
    remove(pending: PendingMember) {
      return transact(removePending(pending));
    },
  };
}

/** The end of a pending membership, whatever became of its role and teams since it was read. */
function removePending(pending: PendingMember): Write<'pending member'>[] {
  return deletePending(pending, attributeIs('id', pending.id));
}

/**
 * The end of a pending membership with the role and the teams that were read, which go on in the
 * membership that begins; as part of a transaction.
 */
export function replacePending(pending: PendingMember): Write<'pending member'>[] {
  const { id, role, teamIds } = pending;
  return deletePending(pending, attributesAre({ id, role, teamIds }));
}

function deletePending(pending: PendingMember, condition: Condition): Write<'pending member'>[] {
  return pendingItems(pending).map(({ pk, sk }) => ({
    name: 'pending member',
    delete: { Key: { pk, sk }, ...condition },
  }));
}

/** The two rows of a pending member: by id, and by address. */
export function pendingItems(pending: PendingMember): Item[] {
  const row = { entity: 'pendingMember', ...pending };
  const { organizationId, id, email } = pending;
  return [
    { ...directoryKeys.pendingMember(organizationId, id), ...row },
    { ...directoryKeys.pendingEmail(organizationId, email.toLowerCase()), ...row },
  ];
}

const pendingFromItem = rowReader<PendingMember>({
  id: text,
  organizationId,
  email: text,
  role: oneOf(memberRoles),
  teamIds: list(text),
  dateCreated: text,
});
