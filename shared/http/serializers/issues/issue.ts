import type { Actor } from '../../../domain/actor.ts';
import type { Group } from '../../../domain/issues/group.ts';
import { type InboxReason, inboxEntryOf } from '../../../domain/issues/inbox.ts';
import { ownerTeamOf } from '../../../domain/issues/owner-team.ts';
import { subscriptionReasonLabels } from '../../../domain/issues/subscription.ts';
import type { ListedIssue } from '../../../operations/issues/describe-issues.ts';
import type { IssueDetail, Names } from '../../../operations/issues/read-issue.ts';
import type { SuggestedOwner } from '../../../stores/ownership/group-owners.ts';
import { namedActor, serializeActor } from '../actor.ts';
import { serializeTeamSummary } from '../directory/team.ts';
import { serializeUser } from '../user.ts';
import { serializeActivity, serializeFirstSeen } from './activity.ts';
import { type IssueLinks, permalinkOf } from './permalink.ts';

/** The series of events that a list may be asked for; '' for none. */
export const statsPeriods = ['24h', '14d', 'auto', ''] as const;
export type StatsPeriod = (typeof statsPeriods)[number];

/** What a request wants to see of the issues of a list. */
export type ListedAs = {
  /** The owners that rules and commits suggest; null where nobody asked for them. */
  readonly owners: readonly SuggestedOwner[] | null;
  readonly statsPeriod: StatsPeriod;
};

/** An issue in a list. Every key is there whatever the request collapses. */
export function serializeListedIssue(
  issue: ListedIssue,
  names: Names,
  links: IssueLinks,
  { owners, statsPeriod }: ListedAs,
) {
  const { timesSeen, userCount, firstSeen, lastSeen } = issue.group;
  return {
    ...serializeIssue(issue, names, links),
    stats: statsPeriod === '' ? {} : { [statsPeriod]: [] },
    lifetime: { count: String(timesSeen), userCount, firstSeen, lastSeen, stats: null },
    filtered: null,
    sessionCount: 0,
    owners: owners && serializeOwners(owners),
    integrationIssues: [],
    matchingEventId: null,
    matchingEventEnvironment: null,
  };
}

/** What lists and details say of an issue alike. */
function serializeIssue(issue: ListedIssue, names: Names, links: IssueLinks) {
  const { group, project, userFlags, ownSubscription } = issue;
  const assignee = issue.assignment?.assignee ?? null;
  const ownerTeam = ownerTeamOf(group);
  return {
    id: group.id,
    shareId: issue.shareId,
    shortId: group.shortId,
    title: group.title,
    culprit: group.culprit,
    permalink: permalinkOf(group.id, links),
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
    assignmentExpiresAt: issue.assignment?.lease?.expiresAt ?? null,
    ownerTeam: ownerTeam && serializeActor(namedActor(ownerTeam, names)),
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
    seerExplorerAutofixLastTriggered: null,
    isUnhandled: false,
    count: String(group.timesSeen),
    userCount: group.userCount,
    firstSeen: group.firstSeen,
    lastSeen: group.lastSeen,
    inbox: serializeInbox(group),
    pluginActions: [],
    pluginIssues: [],
    sentryAppIssues: [],
    latestEventHasAttachments: false,
  };
}

/** The numbers that stand for why an issue waits for a review. */
const REASON_NUMBERS: Readonly<Record<InboxReason, number>> = {
  new: 0,
  regressed: 2,
  escalating: 5,
};

function serializeInbox(group: Group) {
  const entry = inboxEntryOf(group);
  return (
    entry && {
      reason: REASON_NUMBERS[entry.reason],
      reason_details: null,
      date_added: entry.since,
    }
  );
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
    pluginContexts: [],
    userReportCount: 0,
  };
}

/** Whom rules and commits suggest. */
function serializeOwners(owners: readonly SuggestedOwner[]) {
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
