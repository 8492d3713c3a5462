import { isDigits } from '../../domain/digits.ts';
import { notFound } from '../../domain/errors.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';

/**
 * Which group an issue's id or short id names. A short id is looked up in each of these
 * organizations; an id is taken as it is: whether the group is there, and whose it is, shows when
 * it is read. Throws `resource.not_found` for a short id that none of them has. One round trip for
 * a short id, none for an id.
 */
export async function findIssue(
  deps: { readonly groups: Pick<GroupStore, 'idOfShortId'> },
  organizationIds: readonly OrganizationId[],
  issue: string,
): Promise<string> {
  if (isDigits(issue)) {
    return issue.replace(/^0+(?=[0-9])/, '');
  }
  const found = await Promise.all(
    organizationIds.map((organizationId) => deps.groups.idOfShortId(organizationId, issue)),
  );
  const groupId = found.find((id) => id !== undefined);
  if (groupId === undefined) {
    throw notFound();
  }
  return groupId;
}
