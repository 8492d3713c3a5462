/** The people and places that assignment asks about. Ids are decimal text, times ISO 8601 in UTC. */

export type Organization = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** Open membership: any member, and any team, may be assigned to any of the organization's issues. */
  readonly openMembership: boolean;
  readonly features: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly dateCreated: string;
  /** Seconds between the acceptance of a project's deletion and the start of the cascade. */
  readonly projectDeletionDelaySeconds: number;
};

export type UserEmail = {
  readonly email: string;
  readonly isPrimary: boolean;
  readonly isVerified: boolean;
};

export type User = {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly emails: readonly UserEmail[];
  readonly isActive: boolean;
  readonly options: Readonly<Record<string, unknown>>;
};

export const memberRoles = ['owner', 'manager', 'admin', 'member'] as const;
export type MemberRole = (typeof memberRoles)[number];

export type Member = {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: MemberRole;
  readonly dateCreated: string;
};

export type Team = {
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly dateCreated: string;
};

export type TeamMembership = {
  readonly organizationId: string;
  readonly teamId: string;
  readonly userId: string;
  readonly isActive: boolean;
};

/** A user with every membership they hold, as one read gives them. */
export type UserProfile = {
  readonly user: User;
  readonly members: readonly Member[];
  readonly teams: readonly TeamMembership[];
};

/** A team and the users with a membership in it. */
export type TeamRoster = {
  readonly team: Team;
  readonly memberships: readonly TeamMembership[];
};

/** A token as the authorizer finds it. */
export type Token = {
  readonly id: string;
  readonly userId: string | null;
  readonly organizations: readonly { readonly id: string; readonly slug: string }[];
  readonly scopes: readonly string[];
};

export const teamWorkflowNotifications = 'team-workflow-notifications';

export function hasFeature(organization: Organization, feature: string): boolean {
  return organization.features.includes(feature);
}

/** The address that stands for a user in activities and answers: the primary one, else the first. */
export function primaryEmail(user: User): string | null {
  return (user.emails.find((email) => email.isPrimary) ?? user.emails[0])?.email ?? null;
}

/** A user's display name: the name, else the user name. */
export function displayName(user: User): string {
  return user.name || user.username;
}

/** The users whose membership in a team counts, in the order of their ids. */
export function activeMembers(roster: TeamRoster): string[] {
  return roster.memberships
    .filter((membership) => membership.isActive)
    .map((membership) => membership.userId);
}
