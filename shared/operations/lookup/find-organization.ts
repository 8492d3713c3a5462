import { notFound } from '../../domain/errors.ts';
import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';

/**
 * Which of these organizations a group is of: read only where there is a choice. Throws
 * `resource.not_found` for a group of none of them. No round trip for a single organization, else
 * one.
 */
export async function findOrganization(
  deps: { readonly groups: Pick<GroupStore, 'byId'> },
  groupId: GroupId,
  organizationIds: readonly OrganizationId[],
): Promise<string> {
  const [only, ...others] = organizationIds;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const row = await deps.groups.byId(groupId);
  const organizationId = row?.group.organizationId;
  if (organizationId === undefined || !organizationIds.includes(organizationId)) {
    throw notFound();
  }
  return organizationId;
}
