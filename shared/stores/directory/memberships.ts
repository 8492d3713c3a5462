import type {
  Member,
  MemberRole,
  PendingMember,
  Team,
  TeamMembership,
} from '../../domain/directory.ts';
import type { EventRecord } from '../../domain/events.ts';
import type { OrganizationId, TeamId, UserId } from '../../domain/ids.ts';
import { anyOf, attributeIs, attributesAre, doesNotExist, exists } from '../conditions.ts';
import { directoryKeys } from '../keys/directory-keys.ts';
import { recordEvent } from '../outbox.ts';
import type { Transact, Write } from '../transaction.ts';
import { updateRow } from '../updates.ts';
import { type EndedMembership, leaveWrites } from './directory-removal.ts';
import { checkOwner, checkRoles, memberItems } from './organizations.ts';
import { replacePending } from './pending-members.ts';
import { teamItems, teamMembershipItems } from './teams.ts';

/** What changes of a member, as they were read. */
export type MemberChange = {
  readonly member: Member;
  readonly role: MemberRole;
  /** The teams that they join. */
  readonly joined: readonly string[];
  readonly left: readonly EndedMembership[];
  /** Other members, and the roles that the change rests on. */
  readonly roles: ReadonlyMap<UserId, MemberRole>;
  /** Who stays an owner where an owner becomes something else. */
  readonly stayingOwner: UserId | null;
  /** Tells of the teams that they join; null where they join none. */
  readonly event: EventRecord | null;
};

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
        readonly teamIds?: readonly TeamId[];
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
        ...pending.flatMap(replacePending),
        ...teamIds.flatMap((teamId) =>
          beginWrites({ organizationId, teamId, userId, isActive: true }),
        ),
        recordEvent(event),
      ]);
    },

    /**
     * Changes the role of a member and the teams that they are in, with the events. Refused where
     * `member` has another role by now or is gone, others no longer have their `role`, the
     * `owner who stays` is none any more, a `team` is gone, or a `membership` has begun. One round
     * trip.
     */
    changeMember({ member, role, joined, left, roles, stayingOwner, event }: MemberChange) {
      const { organizationId, userId } = member;
      return transact([
        ...changeRole(member, role),
        ...checkRoles(organizationId, roles),
        ...checkOwner(organizationId, stayingOwner),
        ...joined.flatMap((teamId): Write<'team' | 'membership'>[] => [
          checkTeam(teamId),
          ...joinWrites({ organizationId, teamId, userId, isActive: true }),
        ]),
        ...left.flatMap(leaveWrites),
        ...(event === null ? [] : [recordEvent(event)]),
      ]);
    },

    /**
     * Renames a team, with the event that tells of its slug if that changes. Refused where the
     * `team` is gone or has been renamed since, or another one has the `slug`. One round trip.
     */
    renameTeam(read: Team, { name, slug }: Pick<Team, 'name' | 'slug'>, event: EventRecord | null) {
      const { id, organizationId } = read;
      const [, guard] = teamItems({ ...read, slug });
      return transact([
        {
          name: 'team',
          update: updateRow(
            directoryKeys.team(id),
            { set: { name, slug } },
            attributesAre({ name: read.name, slug: read.slug }),
          ),
        },
        ...(slug === read.slug
          ? []
          : ([
              { name: 'slug', put: { Item: guard, ...doesNotExist } },
              {
                name: 'old slug',
                delete: { Key: directoryKeys.teamSlug(organizationId, read.slug) },
              },
            ] as const)),
        ...(event === null ? [] : [recordEvent(event)]),
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

function checkMember(organizationId: OrganizationId, userId: UserId): Write<'member'> {
  return {
    name: 'member',
    check: {
      Key: directoryKeys.member(organizationId, userId),
      ...exists,
    },
  };
}

function changeRole(member: Member, role: MemberRole): Write<'member'>[] {
  const { organizationId, userId } = member;
  if (role === member.role) {
    return [checkMember(organizationId, userId)];
  }
  return memberItems(member).map((key) => ({
    name: 'member',
    update: updateRow(key, { set: { role } }, attributeIs('role', member.role)),
  }));
}

function checkTeam(teamId: TeamId): Write<'team'> {
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
