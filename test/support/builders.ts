import { randomInt } from 'node:crypto';
import type {
  Member,
  Organization,
  Team,
  TeamMembership,
  User,
  UserProfile,
} from '../../shared/domain/directory.ts';
import type { Assignee, Assignment } from '../../shared/domain/issues/assignee.ts';
import type { Group } from '../../shared/domain/issues/group.ts';
import {
  type GroupChanges,
  type GroupFacts,
  startChanges,
} from '../../shared/domain/issues/group-changes.ts';
import type { Project } from '../../shared/domain/projects/project.ts';

/** A moment of the tests: after everything that their worlds date. */
export const NOW = '2026-11-22T12:00:00.000Z';

/** An id that no other entry of the run has. */
export function freshId(): string {
  return String(randomInt(1_000_000, 2 ** 47));
}

export function organization(given: Partial<Organization> = {}): Organization {
  return {
    id: '1',
    slug: 'acme',
    name: 'Acme',
    openMembership: false,
    features: [],
    options: {},
    dateCreated: '2024-01-01T00:00:00.000Z',
    orphanPolicy: 'keep' as const,
    projectDeletionDelaySeconds: 0,
    ...given,
  };
}

/** A user whose only address follows from the user name. */
export function user(given: Partial<User> = {}): User {
  const username = given.username ?? 'alice';
  return {
    id: '11',
    username,
    name: `${username.slice(0, 1).toUpperCase()}${username.slice(1)}`,
    emails: [{ email: `${username}@acme.io`, isPrimary: true, isVerified: true }],
    isActive: true,
    options: {},
    dateJoined: NOW,
    ...given,
  };
}

export function member(given: Partial<Member> = {}): Member {
  return {
    id: 'm1',
    organizationId: '1',
    userId: '11',
    role: 'member',
    dateCreated: '2024-01-01T00:00:00.000Z',
    ...given,
  };
}

export function team(given: Partial<Team> = {}): Team {
  return {
    id: '21',
    organizationId: '1',
    slug: 'core',
    name: 'Core',
    dateCreated: '2024-01-01T00:00:00.000Z',
    ...given,
  };
}

export function teamMembership(given: Partial<TeamMembership> = {}): TeamMembership {
  return { organizationId: '1', teamId: '21', userId: '11', isActive: true, ...given };
}

/** A user who is a member of the organization and of the team `core`. */
export function profile(given: Partial<UserProfile> = {}): UserProfile {
  const who = given.user ?? user();
  return {
    user: who,
    members: [member({ userId: who.id })],
    leftOrganizationIds: [],
    teams: [teamMembership({ userId: who.id })],
    ...given,
  };
}

export function project(given: Partial<Project> = {}): Project {
  return {
    id: '31',
    organizationId: '1',
    slug: 'shop',
    name: 'Shop',
    platform: 'python',
    status: 'active',
    dateCreated: '2024-01-02T00:00:00.000Z',
    firstEvent: null,
    options: {},
    shortIdCounter: 1,
    version: 0,
    ...given,
  };
}

/** An unresolved group of the project `shop`. */
export function group(given: Partial<Group> = {}): Group {
  return {
    id: '101',
    organizationId: '1',
    projectId: '31',
    shortId: 'SHOP-1',
    title: 'TypeError: unsupported operand',
    culprit: 'app.views.checkout',
    level: 'error',
    type: 'error',
    platform: 'python',
    status: 'unresolved',
    substatus: 'ongoing',
    statusDetails: {},
    statusVersion: 0,
    snoozeBaseline: null,
    newestRelease: null,
    resolvedAfter: null,
    priority: null,
    priorityLockedAt: null,
    inInbox: true,
    numComments: 0,
    timesSeen: 5,
    userCount: 3,
    firstSeen: '2026-11-01T08:00:00.000Z',
    lastSeen: '2026-11-21T10:00:00.000Z',
    environments: [],
    metadata: {},
    ...given,
  };
}

/** The assignment of group 101 to the user 11, at its first version. */
export function assignment(given: Partial<Assignment> = {}): Assignment {
  return {
    groupId: '101',
    organizationId: '1',
    projectId: '31',
    version: 1,
    assignee: { type: 'user', id: '11' },
    dateAssigned: '2026-11-21T10:00:00.000Z',
    changedAt: '2026-11-21T10:00:00.000Z',
    source: null,
    lastAssignedManually: true,
    ...given,
  };
}

/** A user as somebody to assign. */
export function userAssignee(given: Partial<User> = {}): Assignee {
  const who = user(given);
  return {
    actor: { type: 'user', id: who.id },
    email: who.emails[0]?.email ?? null,
    name: who.name,
    members: [],
  };
}

/** A team, with its active members, as somebody to assign. */
export function teamAssignee(
  given: Partial<Team> & { readonly members?: readonly string[] } = {},
): Assignee {
  const { members = ['11', '12'], ...rest } = given;
  const { id, slug } = team(rest);
  return { actor: { type: 'team', id }, email: null, name: slug, members };
}

/** A group that was never assigned, as it was read. */
export function groupFacts(given: Partial<GroupFacts> = {}): GroupFacts {
  return {
    group: group(),
    organization: organization(),
    assignment: null,
    followers: [],
    shareId: null,
    ...given,
  };
}

/** Changes of those facts, by a user unless `actingUserId` says otherwise. */
export function changes(
  given: Partial<GroupFacts> & {
    readonly now?: string;
    readonly actingUserId?: string | null;
  } = {},
): GroupChanges {
  const { now: at = NOW, actingUserId = '11', ...facts } = given;
  return startChanges(groupFacts(facts), { now: at, actingUserId });
}
