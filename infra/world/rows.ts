import { type Actor, actorFromText } from '../../shared/domain/actor.ts';
import type { TokenGrant } from '../../shared/domain/directory.ts';
import type { Group, GroupStatus, StoredGroupStatus } from '../../shared/domain/issues/group.ts';
import { substatusesOf } from '../../shared/domain/issues/group-status.ts';
import type { Project } from '../../shared/domain/projects/project.ts';
import { memberItems, organizationItems } from '../../shared/stores/directory/organizations.ts';
import { teamItems, teamMembershipItems } from '../../shared/stores/directory/teams.ts';
import { tokenItems } from '../../shared/stores/directory/tokens.ts';
import { userItems } from '../../shared/stores/directory/users.ts';
import { assignmentItem } from '../../shared/stores/issues/assignments.ts';
import { followersItem, listFollowers } from '../../shared/stores/issues/followers.ts';
import { groupItem, shortIdItem } from '../../shared/stores/issues/groups.ts';
import type { SubscribedGroup } from '../../shared/stores/issues/user-rows.ts';
import { ownerItem } from '../../shared/stores/ownership/group-owners.ts';
import { notificationSettingsItem } from '../../shared/stores/projects/notification-settings.ts';
import {
  projectItem,
  projectSlugItem,
  projectTeamItems,
} from '../../shared/stores/projects/projects.ts';
import type { Item } from '../../shared/stores/table.ts';
import type { WorldMemberships } from './memberships.ts';
import { codeownersRows, ownershipRows } from './ownership-rows.ts';
import type { Entry, Noun } from './schema.ts';
import type { ShortIds } from './short-ids.ts';
import { externalActorRows, integrationRows, linkRows } from './tracker-rows.ts';
import { subscriptionRows, userRows } from './user-rows.ts';
import type { WorldIndex } from './world-index.ts';

/** The context in which the rows of an entry are made. */
export type RowContext = {
  readonly look: WorldIndex;
  readonly memberships: WorldMemberships;
  readonly shortIds: ShortIds;
  /** The time for entries without one, ISO 8601 in UTC. */
  readonly now: string;
  /** Whether a running stack uses the table. */
  readonly isRunning: boolean;
};

/** Makes the items of one entry; `position` is its index in the list. */
export type RowsOf<N extends Noun> = (
  entry: Entry<N>,
  context: RowContext,
  position: number,
) => Item[];

/** The rows of each noun; null for a noun of a feature that Baton does not have yet. */
export const rowsOf: { readonly [N in Noun]: RowsOf<N> | null } = {
  organizations: (entry, { now }) =>
    organizationItems({
      id: entry.id,
      slug: entry.slug,
      name: entry.name,
      openMembership: entry.openMembership,
      features: entry.features,
      options: entry.options ?? {},
      dateCreated: entry.dateCreated ?? now,
      orphanPolicy: entry.orphanPolicy ?? 'keep',
      projectDeletionDelaySeconds: entry.projectDeletionDelay ?? 0,
    }),
  users: (entry, { now }) =>
    userItems({
      id: entry.id,
      username: entry.username,
      name: entry.name,
      emails: entry.emails,
      isActive: entry.isActive ?? true,
      options: entry.options ?? {},
      dateJoined: now,
    }),
  members: (entry, context) => {
    const organizationId = context.look.organizationId(entry.organization);
    return memberItems({
      id: known(context.memberships.idOf(organizationId, entry.user), 'membership'),
      organizationId,
      userId: entry.user,
      role: entry.role,
      dateCreated: birthOf(entry.organization, context),
    });
  },
  teams: (entry, context) => {
    const organizationId = context.look.organizationId(entry.organization);
    return [
      ...teamItems({
        id: entry.id,
        organizationId,
        slug: entry.slug,
        name: entry.name,
        dateCreated: birthOf(entry.organization, context),
      }),
      ...entry.members.flatMap(({ user, isActive }) =>
        teamMembershipItems({ organizationId, teamId: entry.id, userId: user, isActive }),
      ),
    ];
  },
  projects: (entry, context) => {
    const project = projectOf(entry, context);
    return [
      projectItem(project),
      projectSlugItem(project.organizationId, {
        slug: project.slug,
        projectId: project.id,
        isRedirect: false,
      }),
      ...entry.teams.flatMap((slug) => {
        const team = known(context.look.teamBySlug(entry.organization, slug), `team ${slug}`);
        return projectTeamItems(project, team.id);
      }),
    ];
  },
  groups: (entry, context) => {
    const group = groupOf(entry, context);
    // Of a group that was there before, nobody knows what its users have set of it.
    const hasUserRows = context.isRunning ? {} : { hasUserRows: true };
    return [groupItem({ group, shareId: null, ...hasUserRows }), shortIdItem(group)];
  },
  assignments: (entry, { look, now }) => {
    const { id: groupId, organizationId, projectId } = groupIds(entry.group, look);
    const dateAssigned = entry.dateAssigned ?? now;
    const { followers, pages } = listFollowers(look.followersOf(groupId).map(actorOf));
    const assignment = {
      groupId,
      organizationId,
      projectId,
      version: 1,
      assignee: actorOf(entry.assignedTo),
      dateAssigned,
      changedAt: dateAssigned,
      source: null,
      lastAssignedManually: null,
      ...(entry.expiresAt === undefined
        ? {}
        : { lease: { expiresAt: entry.expiresAt, isEndingTold: false } }),
      followers,
      followerPages: pages.length,
    };
    return [
      assignmentItem(assignment),
      ...pages.map((page, index) => followersItem(assignment, index, page)),
    ];
  },
  subscriptions: (entry, { look, now }) =>
    subscriptionRows(entry, { group: groupIds(entry.group, look), look, now }),
  bookmarks: (entry, { look, now }) =>
    userRows('bookmarks', entry, { group: groupIds(entry.group, look), look, now }),
  seen: (entry, { look, now }) =>
    userRows('seen', entry, { group: groupIds(entry.group, look), look, now }),
  owners: (entry, { look, now }, position) => {
    const { type, owner, rule = null } = entry;
    const suggested = { type, owner, rule, commitId: null, dateAdded: now };
    return [ownerItem(groupIds(entry.group, look), suggested, position)];
  },
  tokens: (entry, { look, memberships, now }) =>
    tokenItems(entry.token, {
      userId: entry.user ?? null,
      // A user's token is one of the organizations that the user is a member of: it reaches no
      // other.
      organizations: entry.organizations.flatMap((reference): TokenGrant[] => {
        const { id, slug } = known(look.organization(reference), `organization ${reference}`);
        if (entry.user === undefined) {
          return [{ id, slug, membershipId: null }];
        }
        const membershipId = memberships.idOf(id, entry.user);
        return membershipId === undefined ? [] : [{ id, slug, membershipId }];
      }),
      scopes: entry.scopes,
      name: entry.name ?? '',
      dateCreated: now,
      dateExpires: null,
    }),
  ownership: (entry, { look, now }) => ownershipRows(entry, projectIds(entry.project, look), now),
  codeowners: (entry, { look, now }) => codeownersRows(entry, projectIds(entry.project, look), now),
  notificationSettings: ({ project: projectId, user: userId, ...settings }, { look }) => {
    const { organizationId } = projectIds(projectId, look);
    return [notificationSettingsItem({ organizationId, projectId, userId }, settings)];
  },
  integrations: (entry, { look, now }) =>
    integrationRows(entry, look.organizationId(entry.organization), now),
  externalActors: (entry, { look }) => {
    const integration = integrationOf(entry, look);
    return externalActorRows(entry, integration, look.organizationId(integration.organization));
  },
  links: (entry, { look, now }) =>
    linkRows(entry, groupIds(entry.group, look), integrationOf(entry, look), now),
};

function projectOf(entry: Entry<'projects'>, context: RowContext): Project {
  return {
    id: entry.id,
    organizationId: context.look.organizationId(entry.organization),
    slug: entry.slug,
    name: entry.name,
    platform: entry.platform ?? null,
    status: 'active',
    dateCreated: entry.dateCreated ?? birthOf(entry.organization, context),
    firstEvent: entry.firstEvent ?? null,
    options: entry.options ?? {},
    shortIdCounter: context.shortIds.counterOf(entry.id),
    version: 0,
  };
}

function groupOf(entry: Entry<'groups'>, context: RowContext): Group {
  const {
    culprit = null,
    level = 'error',
    type = 'error',
    status = 'unresolved',
    substatus = usualSubstatus(status),
    priority = null,
    timesSeen = 1,
    userCount = 0,
    metadata = {},
  } = entry;
  const project = known(context.look.project(entry.project), `project ${entry.project}`);
  return {
    ...groupIds(entry.id, context.look),
    shortId: context.shortIds.of(entry.id),
    title: entry.title,
    culprit,
    level,
    type,
    platform: project.platform ?? null,
    status,
    substatus,
    statusDetails: {},
    statusVersion: 0,
    snoozeBaseline: null,
    newestRelease: null,
    resolvedAfter: null,
    priority,
    priorityLockedAt: null,
    inInbox: status === 'unresolved',
    timesSeen,
    userCount,
    numComments: 0,
    ...linkedOf(entry.id, context),
    firstSeen: entry.firstSeen ?? entry.lastSeen ?? context.now,
    lastSeen: entry.lastSeen ?? entry.firstSeen ?? context.now,
    environments: [],
    metadata,
  };
}

/**
 * Whether the world links a group. In a running stack somebody else may have linked it: then nobody
 * knows.
 */
function linkedOf(groupId: string, { look, isRunning }: RowContext): Pick<Group, 'linked'> {
  const linked = look.isLinked(groupId);
  return linked || !isRunning ? { linked } : {};
}

function usualSubstatus(status: StoredGroupStatus) {
  const known: Partial<typeof substatusesOf> = substatusesOf;
  return known[status as GroupStatus]?.[0] ?? null;
}

function groupIds(groupId: string, look: WorldIndex): SubscribedGroup {
  const group = known(look.group(groupId), `group ${groupId}`);
  const { id: projectId, organizationId } = projectIds(group.project, look);
  return { id: groupId, organizationId, projectId };
}

function projectIds(projectId: string, look: WorldIndex) {
  const { organization } = known(look.project(projectId), `project ${projectId}`);
  return { id: projectId, organizationId: look.organizationId(organization) };
}

/** The default creation time: that of the organization. */
function birthOf(organization: string, { look, now }: RowContext): string {
  return look.organization(organization)?.dateCreated ?? now;
}

function actorOf(text: string): Actor {
  return known(actorFromText(text), `actor ${text}`);
}

/** Rows are only made of checked worlds, in which every reference is valid. */
function integrationOf({ integration }: { readonly integration: string }, look: WorldIndex) {
  return known(look.integration(integration), `integration ${integration}`);
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) {
    throw new Error(`The world has no ${what}: it was not checked.`);
  }
  return found;
}
