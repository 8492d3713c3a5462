import type { MembershipId, OrganizationId, TeamId, UserId } from './ids.ts';

/**
 * The people and places that assignment asks about. Ids are decimal text, times ISO 8601 in UTC.
 */

export type Organization = {
  readonly id: OrganizationId;
  readonly slug: string;
  readonly name: string;
  /**
   * Open membership: any member, and any team, may be assigned to any of the organization's issues.
   */
  readonly openMembership: boolean;
  readonly features: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly dateCreated: string;
  /**
   * What becomes of an open issue whose holder may not hold it: `keep` only tells of it. One whose
   * lease has run out is unassigned then.
   */
  readonly orphanPolicy: OrphanPolicy;
  /** Seconds between the acceptance of a project's deletion and the start of the cascade. */
  readonly projectDeletionDelaySeconds: number;
};

/** What becomes of an issue whose assignee may not hold it any longer; the default first. */
export const orphanPolicies = ['keep', 'unassign', 'reroute'] as const;
export type OrphanPolicy = (typeof orphanPolicies)[number];

/** What the organization's own people change of it. */
export type OrganizationSettings = Pick<Organization, 'name' | 'openMembership' | 'orphanPolicy'>;

export type UserEmail = {
  readonly email: string;
  readonly isPrimary: boolean;
  readonly isVerified: boolean;
};

export type User = {
  readonly id: UserId;
  readonly username: string;
  readonly name: string;
  readonly emails: readonly UserEmail[];
  readonly isActive: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  /** When the user was made; `NO_DATE_JOINED` in rows older than this field. */
  readonly dateJoined: string;
};

/** What stands for the date of a user who was made before dates were kept: clients want one. */
export const NO_DATE_JOINED = '1970-01-01T00:00:00.000Z';

/** The highest first. */
export const memberRoles = ['owner', 'manager', 'admin', 'member'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** The role that somebody with an active account always has in an organization once it had one. */
export const [HIGHEST_ROLE] = memberRoles;

/** The only role that somebody has in a team. */
export const TEAM_ROLE = 'contributor';

export type Member = {
  /**
   * The id of this membership: who leaves and comes back has another one. Empty in rows older than
   * these ids.
   */
  readonly id: MembershipId;
  readonly organizationId: OrganizationId;
  readonly userId: UserId;
  readonly role: MemberRole;
  readonly dateCreated: string;
};

/**
 * Somebody who was added by e-mail address, until a token of the organization is made for whoever
 * has the address.
 */
export type PendingMember = {
  readonly id: string;
  readonly organizationId: OrganizationId;
  /** As it was typed. */
  readonly email: string;
  readonly role: MemberRole;
  /** The teams that they will be in. */
  readonly teamIds: readonly TeamId[];
  readonly dateCreated: string;
};

export type Team = {
  readonly id: TeamId;
  readonly organizationId: OrganizationId;
  readonly slug: string;
  readonly name: string;
  readonly dateCreated: string;
};

export type TeamMembership = {
  readonly organizationId: OrganizationId;
  readonly teamId: TeamId;
  readonly userId: UserId;
  readonly isActive: boolean;
};

/** A user with every membership they hold, as one read gives them. */
export type UserProfile = {
  readonly user: User;
  readonly members: readonly Member[];
  /** The organizations that they have left, also those that they came back to. */
  readonly leftOrganizationIds: readonly string[];
  readonly teams: readonly TeamMembership[];
};

/** A team and the users with a membership in it. */
export type TeamRoster = {
  readonly team: Team;
  readonly memberships: readonly TeamMembership[];
};

/**
 * An organization that a token was made for, under the user's membership of that time; null without
 * a user.
 */
export type TokenGrant = {
  readonly id: string;
  readonly slug: string;
  readonly membershipId: MembershipId | null;
};

/**
 * A token as it was made. What it reaches now follows from its user's account and memberships as
 * well.
 */
export type Token = {
  readonly id: string;
  readonly userId: UserId | null;
  readonly organizations: readonly TokenGrant[];
  readonly scopes: readonly string[];
  /** What people call it; may be empty. */
  readonly name: string;
  /** The end of its text, by which people recognize it. */
  readonly lastCharacters: string;
  readonly dateCreated: string;
  /** Null for one that does not expire. */
  readonly dateExpires: string | null;
};

export const TEAM_WORKFLOW_NOTIFICATIONS = 'team-workflow-notifications';

export function hasFeature(organization: Organization, feature: string): boolean {
  return organization.features.includes(feature);
}

/**
 * The address that stands for a user in activities and answers: the primary one, else the first.
 */
export function primaryEmail(user: User): string | null {
  return (user.emails.find((email) => email.isPrimary) ?? user.emails[0])?.email ?? null;
}

/** A user's display name: the name, else the user name. */
export function displayName(user: User): string {
  return user.name || user.username;
}

/**
 * A team's people, in the order of their ids: its active members with an active account. Nobody
 * else is counted, or subscribed, for the team. `activeAccounts` holds those of the roster's users
 * who have one.
 */
export function activeMembers(roster: TeamRoster, activeAccounts: ReadonlySet<string>): string[] {
  return roster.memberships
    .filter(({ isActive, userId }) => isActive && activeAccounts.has(userId))
    .map(({ userId }) => userId);
}

/** A user's verified addresses in lower case, the primary one first. */
export function verifiedAddresses(user: User): string[] {
  const verified = user.emails.filter(({ isVerified }) => isVerified);
  return [true, false].flatMap((wanted) =>
    verified
      .filter(({ isPrimary }) => isPrimary === wanted)
      .map(({ email }) => email.toLowerCase()),
  );
}
