import * as v from 'valibot';
import { activity } from './activity.ts';
import { actor } from './actor.ts';
import { count, id, noneHere, time } from './parts.ts';
import { teamSummary } from './team.ts';
import { user } from './user.ts';

/** What a status was set with. Durations and windows are minutes. */
export const statusDetails = v.strictObject({
  ignoreUntil: v.optional(time),
  ignoreCount: v.optional(count),
  ignoreWindow: v.optional(count),
  ignoreUserCount: v.optional(count),
  ignoreUserWindow: v.optional(count),
  inNextRelease: v.optional(v.boolean()),
  inUpcomingRelease: v.optional(v.boolean()),
  inRelease: v.optional(v.string()),
});

export const status = v.picklist(['unresolved', 'resolved', 'ignored']);

export const substatus = v.picklist([
  'archived_until_escalating',
  'archived_until_condition_met',
  'archived_forever',
  'escalating',
  'ongoing',
  'regressed',
  'new',
]);

export const priority = v.picklist(['low', 'medium', 'high']);

/** A series of `[unix seconds, events]`; empty here, as Baton does not count by time. */
const series = v.array(v.tuple([v.number(), v.number()]));

/** Why an issue waits for a review, and since when. */
const inbox = v.strictObject({
  reason: v.pipe(v.number(), v.integer()),
  reason_details: v.null(),
  date_added: time,
});

/** Whom rules and commits suggest. */
const owners = v.array(
  v.strictObject({
    type: v.picklist(['suspectCommit', 'ownershipRule', 'codeowners']),
    owner: v.nullable(v.string()),
    date_added: time,
  }),
);

const common = {
  id,
  shareId: v.nullable(v.string()),
  shortId: v.string(),
  title: v.string(),
  culprit: v.nullable(v.string()),
  permalink: v.pipe(v.string(), v.url()),
  logger: v.null(),
  level: v.picklist(['sample', 'debug', 'info', 'warning', 'error', 'fatal', 'unknown']),
  status,
  statusDetails,
  substatus: v.nullable(substatus),
  isPublic: v.boolean(),
  platform: v.nullable(v.string()),
  project: v.strictObject({
    id,
    name: v.string(),
    slug: v.string(),
    platform: v.nullable(v.string()),
  }),
  type: v.picklist(['error', 'generic']),
  metadata: v.record(v.string(), v.unknown()),
  numComments: count,
  assignedTo: v.nullable(actor),
  assignmentExpiresAt: v.nullable(time),
  ownerTeam: v.nullable(actor),
  isBookmarked: v.boolean(),
  isSubscribed: v.boolean(),
  subscriptionDetails: v.nullable(v.strictObject({ reason: v.string() })),
  hasSeen: v.boolean(),
  annotations: noneHere,
  issueType: v.string(),
  issueCategory: v.string(),
  priority: v.nullable(priority),
  priorityLockedAt: v.nullable(time),
  seerFixabilityScore: v.null(),
  seerAutofixLastTriggered: v.null(),
  seerExplorerAutofixLastTriggered: v.null(),
  isUnhandled: v.boolean(),
  count: v.pipe(v.string(), v.digits()),
  userCount: count,
  firstSeen: time,
  lastSeen: time,
  inbox: v.nullable(inbox),
  pluginActions: noneHere,
  pluginIssues: noneHere,
  sentryAppIssues: noneHere,
  latestEventHasAttachments: v.boolean(),
};

/**
 * An issue in a list. `owners` is null where the request does not ask for them with
 * `expand=owners`; links to trackers are read with `issues/{issue}/external-issues/`.
 */
export const issue = v.strictObject({
  ...common,
  stats: v.record(v.string(), series),
  lifetime: v.strictObject({
    count: v.pipe(v.string(), v.digits()),
    userCount: count,
    firstSeen: time,
    lastSeen: time,
    stats: v.null(),
  }),
  filtered: v.null(),
  sessionCount: count,
  owners: v.nullable(owners),
  integrationIssues: noneHere,
  matchingEventId: v.null(),
  matchingEventEnvironment: v.null(),
});

const participant = v.variant('type', [
  v.strictObject({ type: v.literal('user'), ...user.entries }),
  v.strictObject({ type: v.literal('team'), ...teamSummary.entries }),
]);

/** An issue by itself. `activity` is the newest 100 of its history, ending with `first_seen`. */
export const issueDetail = v.strictObject({
  ...common,
  firstRelease: v.null(),
  lastRelease: v.null(),
  tags: noneHere,
  stats: v.strictObject({ '24h': series, '30d': series }),
  activity: v.array(activity),
  seenBy: v.array(v.strictObject({ ...user.entries, lastSeen: time })),
  participants: v.array(participant),
  owners,
  pluginContexts: noneHere,
  userReportCount: count,
});

/** The issue that has a short id. */
export const shortIdLookup = v.strictObject({
  organizationSlug: v.string(),
  projectSlug: v.string(),
  groupId: id,
  shortId: v.string(),
  group: issueDetail,
});
