import * as v from 'valibot';
import { activity } from './activity.ts';
import { actor } from './actor.ts';
import { priority, status, statusDetails, substatus } from './issue.ts';
import { count, id } from './parts.ts';

/**
 * What a bulk update changed: the fields of the request as they were understood, and what came of
 * them. How many issues were matched and updated is in the headers.
 */
export const bulkUpdate = v.strictObject({
  assignedTo: v.optional(v.nullable(actor)),
  ownerTeam: v.optional(v.nullable(actor)),
  assignmentExpires: v.optional(v.nullable(count)),
  status: v.optional(status),
  statusDetails: v.optional(statusDetails),
  substatus: v.optional(v.nullable(substatus)),
  inbox: v.optional(v.nullable(v.boolean())),
  ignoreDuration: v.optional(count),
  ignoreCount: v.optional(count),
  ignoreWindow: v.optional(count),
  ignoreUserCount: v.optional(count),
  ignoreUserWindow: v.optional(count),
  snoozeDuration: v.optional(v.nullable(count)),
  priority: v.optional(priority),
  hasSeen: v.optional(v.boolean()),
  isBookmarked: v.optional(v.boolean()),
  isSubscribed: v.optional(v.boolean()),
  subscriptionDetails: v.optional(v.strictObject({ reason: v.string() })),
  isPublic: v.optional(v.boolean()),
  shareId: v.optional(v.nullable(v.string())),
  merge: v.optional(v.strictObject({ parent: id, children: v.array(id) })),
  activity: v.optional(v.array(activity)),
});
