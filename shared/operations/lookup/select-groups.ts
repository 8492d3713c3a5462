import type { GroupId, OrganizationId } from '../../domain/ids.ts';
import type { GroupStore } from '../../stores/issues/groups.ts';

/** The most groups that one request changes. */
export const BULK_LIMIT = 1_000;

/**
 * The groups that a request is about: each once, in its order, and whether there were more than one
 * request may change.
 */
export type Selection = { readonly groupIds: readonly GroupId[]; readonly truncated: boolean };

const digits = /^[0-9]{1,19}$/;

/**
 * The groups that a list of ids names. Ids that are no numbers count as short ids, but only where
 * none of the list is a number; what names nothing is left out. No round trip for numbers, one for
 * short ids.
 */
export async function selectById(
  deps: { readonly groups: Pick<GroupStore, 'idOfShortId'> },
  organizationId: OrganizationId,
  ids: readonly string[],
): Promise<Selection> {
  const numbers = ids.filter((id) => digits.test(id));
  if (numbers.length > 0) {
    return cut(numbers);
  }
  const { groupIds: shortIds, truncated } = cut(ids);
  const found = await Promise.all(
    shortIds.map((shortId) => deps.groups.idOfShortId(organizationId, shortId)),
  );
  return { groupIds: found.filter((id) => id !== undefined), truncated };
}

function cut(ids: readonly string[]): Selection {
  const distinct = [...new Set(ids)];
  return { groupIds: distinct.slice(0, BULK_LIMIT), truncated: distinct.length > BULK_LIMIT };
}
