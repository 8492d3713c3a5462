import * as v from 'valibot';
import { orphanCauses } from '../../../shared/domain/issues/assignee.ts';
import { actor } from './actor.ts';
import { id, time } from './parts.ts';

/** An open issue whose holder may not hold it. */
export const orphan = v.strictObject({
  issue: v.strictObject({
    id,
    shortId: v.string(),
    title: v.string(),
    project: v.strictObject({
      id,
      name: v.string(),
      slug: v.string(),
      platform: v.nullable(v.string()),
    }),
  }),
  assignedTo: actor,
  cause: v.picklist(orphanCauses),
  since: time,
});
