import type { NamedIssue } from '../../../domain/bulk/plan.ts';
import { isDigits, isId } from '../../../domain/digits.ts';
import type { GroupId, OrganizationId } from '../../../domain/ids.ts';
import type { GroupStore } from '../../../stores/issues/groups.ts';

export type NamedIssuesDeps = { readonly groups: Pick<GroupStore, 'idsOfShortIds'> };

/** Short ids looked up together. */
const TOGETHER = 1_000;

/**
 * The issues that ids and short ids name, each once, however it is called, in the order of the
 * names; what cannot be an id and is no short id keeps its place. One round trip for 1,000 short
 * ids, none for numbers.
 */
export async function issuesNamed(
  deps: NamedIssuesDeps,
  organizationId: OrganizationId,
  names: readonly string[],
): Promise<NamedIssue[]> {
  const known = await idsOfShortIds(
    deps,
    organizationId,
    names.filter((name) => !isDigits(name)),
  );
  const named = new Map<string, { readonly groupId: GroupId | null; readonly names: string[] }>();
  for (const name of names) {
    const groupId = isId(name) ? name : (known.get(name.toUpperCase()) ?? null);
    const key = groupId ?? `${name.toUpperCase()} is not there`;
    const before = named.get(key);
    if (before === undefined) {
      named.set(key, { groupId, names: [name] });
    } else if (!before.names.some((other) => other.toUpperCase() === name.toUpperCase())) {
      before.names.push(name);
    }
  }
  return [...named.values()];
}

async function idsOfShortIds(
  deps: NamedIssuesDeps,
  organizationId: OrganizationId,
  shortIds: readonly string[],
): Promise<ReadonlyMap<string, GroupId>> {
  const known = new Map<string, GroupId>();
  for (let start = 0; start < shortIds.length; start += TOGETHER) {
    const some = shortIds.slice(start, start + TOGETHER);
    for (const [shortId, groupId] of await deps.groups.idsOfShortIds(organizationId, some)) {
      known.set(shortId, groupId);
    }
  }
  return known;
}
