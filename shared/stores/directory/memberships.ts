import type { Member, PendingMember, Team, TeamMembership } from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import { anyOf, attributeIs, doesNotExist, exists } from '../conditions.ts';
import { directoryKeys } from '../keys.ts';
import { recordEvent } from '../outbox.ts';
import type { Transact, Write } from '../transaction.ts';
import { memberItems } from './organizations.ts';
import { removePending } from './pending-members.ts';
import { teamItems, teamMembershipItems } from './teams.ts';

export type MembershipStore = ReturnType<typeof createMembershipStore>;

/**
 * Who belongs where: teams, members of organizations, members of teams. Every membership is two
 * rows that are written together. A refusal names the write that was refused: `team`, `member` or
 * `user` (taken, or gone), `slug`, `membership`.
 */
export function createMembershipStore(transact: Transact) {
  return {
    /** Adds a team with its slug, and its first member if there is one. One round trip. */
    insertTeam(team: Team, firstMember: string | null) {
      const [own, slug] = teamItems(team);
      const { id: teamId, organizationId } = team;
      return transact([
        { name: 'team', put: { Item: own, ...doesNotExist } },
        { name: 'slug', put: { Item: slug, ...doesNotExist } },
        ...(firstMember === null
          ? []
          : [
              checkMember(organizationId, firstMember),
              ...joinWrites({ organizationId, teamId, userId: firstMember, isActive: true }),
            ]),
      ]);
    },

    /**
     * Makes a user a member of an organization and of some of its teams, in place of what was
     * pending for their addresses, with the event that tells of it. One round trip.
     */
    insertMember(
      member: Member,
      {
        teamIds = [],
        pending = [],
      }: {
        readonly teamIds?: readonly string[];
        readonly pending?: readonly PendingMember[];
      },
      event: EventRecord,
    ) {
      const { organizationId, userId } = member;
      return transact([
        {
          name: 'user',
          check: { Key: directoryKeys.user(member.userId), ...exists },
        },
        ...memberItems(member).map((Item) => ({
          name: 'member' as const,
          put: { Item, ...doesNotExist },
        })),
        ...pending.flatMap(removePending),
        ...teamIds.flatMap((teamId) =>
          beginWrites({ organizationId, teamId, userId, isActive: true }),
        ),
        recordEvent(event),
      ]);
    },

    /**
     * Makes a member of an organization an active member of one of its teams, with the event. One
     * round trip.
     */
    join(membership: TeamMembership, event: EventRecord) {
      const { organizationId, teamId, userId } = membership;
      return transact([
        checkMember(organizationId, userId),
        checkTeam(teamId),
        ...joinWrites(membership),
        recordEvent(event),
      ]);
    },

    /** Ends a membership in a team, with the event that tells of it. One round trip. */
    leave(membership: Omit<TeamMembership, 'isActive'>, event: EventRecord) {
      const { organizationId, teamId, userId } = membership;
      return transact([
        {
          name: 'membership',
          delete: {
            Key: directoryKeys.teamMember(teamId, userId),
            ...exists,
          },
        },
        {
          name: 'team member',
          delete: { Key: directoryKeys.userTeam(userId, organizationId, teamId) },
        },
        recordEvent(event),
      ]);
    },
  };
}

function checkMember(organizationId: string, userId: string): Write<'member'> {
  return {
    name: 'member',
    check: {
      Key: directoryKeys.member(organizationId, userId),
      ...exists,
    },
  };
}

function checkTeam(teamId: string): Write<'team'> {
  return {
    name: 'team',
    check: { Key: directoryKeys.team(teamId), ...exists },
  };
}

/** A membership of somebody who is new to the organization; rows of an earlier one are replaced. */
function beginWrites(membership: TeamMembership): Write<'team' | 'membership'>[] {
  return [
    checkTeam(membership.teamId),
    ...teamMembershipItems(membership).map((Item) => ({
      name: 'membership' as const,
      put: { Item },
    })),
  ];
}

/** A membership that is new, or was inactive. */
function joinWrites(membership: TeamMembership): Write<'membership'>[] {
  return teamMembershipItems(membership).map((Item) => ({
    name: 'membership',
    put: {
      Item,
      ...anyOf(doesNotExist, attributeIs('isActive', false)),
    },
  }));
}
