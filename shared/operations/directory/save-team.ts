import type { Team } from '../../domain/directory.ts';
import { conflict, type DomainError } from '../../domain/errors.ts';
import type { OrganizationId, UserId } from '../../domain/ids.ts';
import { slugCandidates } from '../../domain/slug.ts';
import type { MembershipStore } from '../../stores/directory/memberships.ts';
import type { OrganizationStore } from '../../stores/directory/organizations.ts';
import type { TeamStore } from '../../stores/directory/teams.ts';
import type { Clock } from '../deps.ts';
import { insertUnderSlug } from '../insert-under-slug.ts';
import {
  ID_TAKEN,
  type SaveWithSnowflakeIdDeps,
  saveWithSnowflakeId,
} from '../save-with-snowflake-id.ts';

export type SaveTeamDeps = SaveWithSnowflakeIdDeps & {
  readonly teams: Pick<TeamStore, 'idOfSlug'>;
  readonly organizations: Pick<OrganizationStore, 'membersAmong'>;
  readonly memberships: Pick<MembershipStore, 'insertTeam'>;
  readonly clock: Clock;
  readonly randomInt: (exclusiveMax: number) => number;
};

export type SaveTeamInput = {
  readonly organizationId: OrganizationId;
  readonly name: string;
  /** Null for one that is made of the name. */
  readonly slug: string | null;
  readonly actingUserId: UserId | null;
};

export type SavedTeam = { readonly team: Team; readonly isMember: boolean };

/** No path has a word where the slug of a team can be: no slug is reserved. */
const noneIsReserved = () => false;

/**
 * Creates a team; who creates it, and is a member of the organization, is its first member. A slug
 * that the caller chose and another team has is a conflict.
 *
 * @throws DomainError `conflict` for the slug or for ids, `ids.exhausted`
 */
export async function saveTeam(deps: SaveTeamDeps, input: SaveTeamInput): Promise<SavedTeam> {
  const { organizationId, actingUserId } = input;
  const members =
    actingUserId === null
      ? new Set<string>()
      : await deps.organizations.membersAmong(organizationId, [actingUserId]);
  const firstMember = actingUserId !== null && members.has(actingUserId) ? actingUserId : null;
  const team = await saveWithSnowflakeId(deps, { model: 'team' }, (id) =>
    insertTeam(deps, input, firstMember, id),
  );
  return { team, isMember: firstMember !== null };
}

async function insertTeam(
  deps: SaveTeamDeps,
  { organizationId, name, slug: chosen }: SaveTeamInput,
  firstMember: string | null,
  id: string,
): Promise<Team | typeof ID_TAKEN> {
  const dateCreated = deps.clock();
  const teamOf = (slug: string): Team => ({ id, organizationId, slug, name, dateCreated });
  const candidates =
    chosen === null ? slugCandidates(name, deps.randomInt, noneIsReserved) : [chosen];
  const outcome = await insertUnderSlug(candidates, {
    isTaken: async (slug) => (await deps.teams.idOfSlug(organizationId, slug)) !== undefined,
    insert: (slug) => deps.memberships.insertTeam(teamOf(slug), firstMember),
  });
  switch (outcome.kind) {
    case 'inserted':
      return teamOf(outcome.slug);
    case 'taken':
      throw slugTaken();
    case 'refused':
      if (outcome.by.includes('team')) {
        return ID_TAKEN;
      }
      throw conflict('You are no longer a member of this organization.');
  }
}

function slugTaken(): DomainError {
  const sentence = 'A team with this slug already exists.';
  return conflict(sentence, { non_field_errors: [sentence] });
}
