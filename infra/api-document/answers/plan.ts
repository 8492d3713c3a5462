import * as v from 'valibot';
import { planStates } from '../../../shared/domain/bulk/plan.ts';
import { actor } from './actor.ts';
import { summary } from './dry-run.ts';
import { count, id, time } from './parts.ts';

/** A plan: issues frozen with what would become of them. */
export const plan = v.strictObject({
  id,
  state: v.picklist(planStates),
  count,
  summary,
  note: v.nullable(v.string()),
  notFound: v.array(v.string()),
  createdBy: v.nullable(actor),
  createdAt: time,
  expiresAt: v.nullable(time),
  operation: v.nullable(id),
});
