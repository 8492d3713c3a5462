import {
  HIGHEST_ROLE,
  type Member,
  type MemberRole,
  memberRoles,
  type Organization,
  orphanPolicies,
} from '../../domain/directory.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { attributeIs } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { gsi2 } from '../keys/index-keys.ts';
import { isKeyable } from '../keys.ts';
import { organizationId } from '../row-fields.ts';
import { flag, list, map, number, oneOf, orElse, read, rowReader, text } from '../rows.ts';
import { byPrefix, type Item, type Table } from '../table.ts';
import type { Write } from '../transaction.ts';

export type OrganizationStore = ReturnType<typeof createOrganizationStore>;

/** Organizations and who belongs to them. */
export function createOrganizationStore(table: Table) {
  return {
    /** All organizations by slug, page by page; a new one is among them within a second. */
    async *pages(): AsyncGenerator<readonly Organization[]> {
      const pages = table.queryPages({
        IndexName: gsi2.name,
        KeyConditionExpression: 'gsi2pk = :pk',
        ExpressionAttributeValues: { ':pk': gsi2.organization },
      });
      for await (const page of pages) {
        yield page.map(organizationFromItem);
      }
    },

    /** One organization; undefined where there is none. One round trip. */
    async byId(organizationId: OrganizationId): Promise<Organization | undefined> {
      const item = await table.get(directoryKeys.organization(organizationId));
      return item && organizationFromItem(item);
    },

    /** Which organization a slug names. One round trip. */
    async idOfSlug(slug: string): Promise<string | undefined> {
      if (!isKeyable(slug)) {
        return undefined;
      }
      const item = await table.get(directoryKeys.organizationSlug(slug));
      return item && read(item, 'organizationId', organizationId);
    },

    /** The organizations of these ids that exist, in the order of the ids. */
    async byIds(organizationIds: readonly OrganizationId[]): Promise<Organization[]> {
      const items = await table.batchGet(organizationIds.map(directoryKeys.organization));
      const found = new Map(
        items.map(organizationFromItem).map((found) => [found.id, found] as const),
      );
      return organizationIds.flatMap((id) => found.get(id) ?? []);
    },

    /** The members of an organization, in the order of their keys. One Query. */
    async members(organizationId: OrganizationId): Promise<Member[]> {
      const items = await table.queryAll(
        byPrefix(directoryKeys.organizationPartition(organizationId), directoryKeys.memberPrefix),
      );
      return items.map(memberFromItem);
    },

    /** A user's membership in an organization; undefined where there is none. One round trip. */
    async member(organizationId: OrganizationId, userId: UserId): Promise<Member | undefined> {
      const item = await table.get(directoryKeys.member(organizationId, userId));
      return item && memberFromItem(item);
    },

    /** Which of these users are members of the organization. 100 users a round trip. */
    async membersAmong(
      organizationId: OrganizationId,
      userIds: readonly UserId[],
    ): Promise<Set<string>> {
      const items = await table.batchGet(
        userIds.map((userId) => directoryKeys.member(organizationId, userId)),
      );
      return new Set(items.map((item) => read(item, 'userId', text)));
    },
  };
}

/** An organization's rows: its own, and the one that finds it by its slug. */
export function organizationItems(organization: Organization): Item[] {
  return [
    {
      ...directoryKeys.organization(organization.id),
      gsi2pk: gsi2.organization,
      gsi2sk: organization.slug,
      entity: 'organization',
      ...organization,
      hasIssueLists: true,
    },
    {
      ...directoryKeys.organizationSlug(organization.slug),
      entity: 'organizationSlug',
      organizationId: organization.id,
    },
  ];
}

/** A member's two rows: one in the organization, one with the user. */
export function memberItems(member: Member): Item[] {
  const row = { entity: 'member', ...member };
  return [
    { ...directoryKeys.member(member.organizationId, member.userId), ...row },
    { ...directoryKeys.userMember(member.userId, member.organizationId), ...row },
  ];
}

/** Lets a transaction commit only while these members have the roles that were read. */
export function checkRoles(
  organizationId: OrganizationId,
  roles: ReadonlyMap<string, MemberRole>,
): Write<'role'>[] {
  return [...roles].map(([userId, role]) => ({
    name: 'role',
    check: { Key: directoryKeys.member(organizationId, userId), ...attributeIs('role', role) },
  }));
}

/**
 * Lets a transaction commit only while this member is an owner with an active account: who stays
 * one where another owner leaves. Nothing for null.
 */
export function checkOwner(
  organizationId: OrganizationId,
  userId: UserId | null,
): Write<'owner who stays'>[] {
  return checkOwners(new Map(userId === null ? [] : [[organizationId, userId]]));
}

/** The same for an owner of each of several organizations. */
export function checkOwners(
  owners: ReadonlyMap<OrganizationId, UserId>,
): Write<'owner who stays'>[] {
  const accounts = [...new Set(owners.values())].map((userId) => ({
    Key: directoryKeys.user(userId),
    ...attributeIs('isActive', true),
  }));
  const roles = [...owners].map(([organizationId, userId]) => ({
    Key: directoryKeys.member(organizationId, userId),
    ...attributeIs('role', HIGHEST_ROLE),
  }));
  return [...accounts, ...roles].map((check) => ({ name: 'owner who stays', check }));
}

export const memberFromItem = rowReader<Member>({
  // Rows from before memberships had ids have none.
  id: orElse(text, ''),
  organizationId,
  userId: text,
  role: oneOf(memberRoles),
  dateCreated: text,
});

const organizationFromItem = rowReader<Organization>({
  id: organizationId,
  slug: text,
  name: text,
  openMembership: flag,
  features: list(text),
  options: map,
  dateCreated: text,
  // Rows from before December 2026 have none.
  orphanPolicy: orElse(oneOf(orphanPolicies), 'keep'),
  projectDeletionDelaySeconds: number,
});
