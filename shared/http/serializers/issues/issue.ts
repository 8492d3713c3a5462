import type { Actor } from '../../../domain/actor.ts';
import { subscriptionReasonLabels } from '../../../domain/issues/subscription.ts';
import type { ListedIssue } from '../../../operations/issues/describe-issues.ts';
import type { IssueDetail, Names } from '../../../operations/issues/read-issue.ts';
import type { SuggestedOwner } from '../../../stores/ownership/group-owners.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { serializeTeamSummary } from '../directory/team.ts';
import { serializeUser } from '../user.ts';
import { serializeActivity, serializeFirstSeen } from './activity.ts';

/** Where the links of an answer lead. */
export type IssueLinks = { readonly baseUrl: string; readonly organizationSlug: string };

/** An issue as it stands in a list. */
export function serializeIssue(issue: ListedIssue, names: Names, links: IssueLinks) {
  const { group, project, userFlags, ownSubscription } = issue;
  const assignee = issue.assignment?.assignee ?? null;
  return {
    id: group.id,
    shareId: issue.shareId,
    shortId: group.shortId,
    title: group.title,
    culprit: group.culprit,
    permalink: `${links.baseUrl}/organizations/${links.organizationSlug}/issues/${group.id}/`,
    logger: null,
    level: group.level,
    status: group.status,
    statusDetails: group.statusDetails,
    substatus: group.substatus,
    isPublic: issue.shareId !== null,
    platform: group.platform,
    project: {
      id: project.id,
      name: project.name,
      slug: project.slug,
      platform: project.platform,
    },
    type: group.type === 'error' ? 'error' : 'generic',
    metadata: Object.keys(group.metadata).length > 0 ? group.metadata : { title: group.title },
    numComments: group.numComments,
    assignedTo: assignee && serializeActor(namedActor(assignee, names)),
    isBookmarked: userFlags.isBookmarked,
    isSubscribed: ownSubscription?.isActive ?? false,
    subscriptionDetails: ownSubscription?.isActive
      ? { reason: subscriptionReasonLabels[ownSubscription.reason] }
      : null,
    hasSeen: userFlags.hasSeen,
    annotations: [],
    issueType: group.type,
    issueCategory: group.type,
    priority: group.priority,
    priorityLockedAt: group.priorityLockedAt,
    seerFixabilityScore: null,
    seerAutofixLastTriggered: null,
    isUnhandled: false,
    count: String(group.timesSeen),
    userCount: group.userCount,
    firstSeen: group.firstSeen,
    lastSeen: group.lastSeen,
  };
}

/** An issue as its own page shows it. */
export function serializeIssueDetail(issue: IssueDetail, links: IssueLinks) {
  const { names } = issue;
  return {
    ...serializeIssue(issue, names, links),
    firstRelease: null,
    lastRelease: null,
    tags: [],
    stats: { '24h': [], '30d': [] },
    activity: [
      ...issue.activities.map((activity) => serializeActivity(activity, names)),
      serializeFirstSeen(issue.group),
    ],
    seenBy: issue.seenBy.flatMap(({ userId, lastSeen }) => {
      const user = names.users.get(userId);
      return user === undefined ? [] : [{ ...serializeUser(user), lastSeen }];
    }),
    participants: issue.subscriptions
      .filter((subscription) => subscription.isActive)
      .flatMap(({ subscriber }) => serializeParticipant(subscriber, names)),
    owners: serializeOwners(issue.owners),
    pluginActions: [],
    pluginIssues: [],
    pluginContexts: [],
    userReportCount: 0,
  };
}

/** Whom rules and commits suggest. */
export function serializeOwners(owners: readonly SuggestedOwner[]) {
  return owners.map(({ type, owner, dateAdded }) => ({ type, owner, date_added: dateAdded }));
}

function serializeParticipant({ type, id }: Actor, names: Names): object[] {
  if (type === 'user') {
    const user = names.users.get(id);
    return user === undefined ? [] : [{ type, ...serializeUser(user) }];
  }
  const team = names.teams.get(id);
  return team === undefined ? [] : [{ type, ...serializeTeamSummary(team) }];
}
