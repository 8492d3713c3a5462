import type { OrganizationId } from '../../domain/ids.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import type { SuggestOwner } from '../../domain/ownership/diagnose-rules.ts';
import { ownerText, type RuleOwner } from '../../domain/ownership/rule.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { UserStore } from '../../stores/directory/users.ts';

export type SuggestNamesDeps = {
  readonly organizations: Pick<OrganizationStore, 'members'>;
  readonly teams: Pick<TeamStore, 'idsOfOrganization' | 'byIds'>;
  readonly users: Pick<UserStore, 'byIds'>;
};

/** So many unknown names of a text get a suggestion; a text may hold thousands. */
export const SUGGESTED_NAMES = 100;

/** Among so many people the nearest address is looked for. */
const PEOPLE_COMPARED = 1_000;

/**
 * The nearest team or person for owners that an organization does not know, once for each of the
 * first hundred. Two round trips for teams, two for people; none without unknown owners.
 */
export async function suggestNames(
  deps: SuggestNamesDeps,
  organizationId: OrganizationId,
  unknown: readonly RuleOwner[],
): Promise<SuggestOwner> {
  const asked = unknown.slice(0, SUGGESTED_NAMES);
  const names = (type: RuleOwner['type']) => asked.filter((owner) => owner.type === type);
  const [slugs, addresses] = await Promise.all([
    names('team').length === 0 ? [] : readSlugs(deps, organizationId),
    names('user').length === 0 ? [] : readAddresses(deps, organizationId),
  ]);
  const suggestions = new Map(
    asked.map((owner) => [ownerText(owner), nearestOwner(owner, { slugs, addresses })]),
  );
  return (owner) => suggestions.get(ownerText(owner)) ?? null;
}

function nearestOwner(
  { type, identifier }: RuleOwner,
  { slugs, addresses }: { slugs: readonly string[]; addresses: readonly string[] },
): string | null {
  const nearest = nearestName(identifier, type === 'team' ? slugs : addresses);
  return nearest === null || type === 'user' ? nearest : `#${nearest}`;
}

async function readSlugs(
  { teams }: SuggestNamesDeps,
  organizationId: OrganizationId,
): Promise<string[]> {
  const found = await teams.byIds(await teams.idsOfOrganization(organizationId));
  return [...found.values()].map(({ slug }) => slug);
}

async function readAddresses(
  deps: SuggestNamesDeps,
  organizationId: OrganizationId,
): Promise<string[]> {
  const members = await deps.organizations.members(organizationId);
  const ids = members.slice(0, PEOPLE_COMPARED).map(({ userId }) => userId);
  const users = await deps.users.byIds(ids);
  return [...users.values()].flatMap(({ isActive, emails }) =>
    isActive ? emails.map(({ email }) => email.toLowerCase()) : [],
  );
}
