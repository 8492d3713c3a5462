import * as v from 'valibot';
import { summaryCounts } from '../../../shared/domain/bulk/forecast.ts';
import { actorName } from './actor.ts';
import { status, statusDetails, substatus } from './issue.ts';
import { count, id } from './parts.ts';

/** By what people know an issue; of one that is gone there is only the id. */
export const issueOf = v.strictObject({
  id,
  shortId: v.nullable(v.string()),
  title: v.nullable(v.string()),
  project: v.nullable(
    v.strictObject({
      id,
      name: v.string(),
      slug: v.string(),
      platform: v.nullable(v.string()),
    }),
  ),
});

/** What operations change of an issue: only the parts that they are about. */
export const notedState = v.strictObject({
  assignedTo: v.optional(v.nullable(actorName)),
  ownerTeam: v.optional(v.nullable(actorName)),
  status: v.optional(status),
  substatus: v.optional(v.nullable(substatus)),
  statusDetails: v.optional(statusDetails),
});

/** What would become of an issue. */
export const plannedIssue = v.strictObject({
  issue: issueOf,
  before: notedState,
  after: notedState,
  versions: v.strictObject({ assignment: count, status: count }),
});

/** What a write would come to, counted over its issues. */
export const summary = v.strictObject(v.entriesFromList(summaryCounts, count));

/** What a write would come to that was only tried. */
export const dryRun = v.strictObject({
  dryRun: v.literal(true),
  count,
  summary,
  issues: v.pipe(v.array(plannedIssue), v.maxLength(100)),
});
