import * as v from 'valibot';
import { orphanPolicies } from '../../../shared/domain/directory.ts';
import { orphanCauses } from '../../../shared/domain/issues/assignee.ts';
import { actor } from './actor.ts';
import { count, id, time } from './parts.ts';

const listedIssue = v.strictObject({
  id,
  shortId: v.string(),
  title: v.string(),
  project: v.strictObject({
    id,
    name: v.string(),
    slug: v.string(),
    platform: v.nullable(v.string()),
  }),
});

/** What somebody holds, and where it would go without them. */
export const impact = v.strictObject({
  orphanPolicy: v.picklist(orphanPolicies),
  held: count,
  owned: count,
  issues: v.array(
    v.strictObject({
      issue: listedIssue,
      to: v.nullable(actor),
      rule: v.nullable(v.string()),
    }),
  ),
});

/** An open issue whose holder may not hold it. */
export const orphan = v.strictObject({
  issue: listedIssue,
  assignedTo: actor,
  cause: v.picklist(orphanCauses),
  since: time,
});
