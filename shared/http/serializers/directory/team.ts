import { TEAM_ROLE, type Team } from '../../../domain/directory.ts';
import { letterAvatar } from '../avatar.ts';

/** What a team's answer says of the caller and of its size; absent where it was not read. */
export type TeamMembers = { readonly isMember: boolean; readonly memberCount: number };

/** A team as projects and participants name it. */
export function serializeTeamSummary(team: Team) {
  return { id: team.id, slug: team.slug, name: team.name };
}

/** A team with what the caller may see of its members. */
export function serializeTeam(team: Team, members: TeamMembers, access: readonly string[]) {
  return {
    ...serializeTeamSummary(team),
    dateCreated: team.dateCreated,
    isMember: members.isMember,
    memberCount: members.memberCount,
    teamRole: members.isMember ? TEAM_ROLE : null,
    flags: { 'idp:provisioned': false },
    access,
    hasAccess: true,
    isPending: false,
    avatar: letterAvatar,
  };
}
