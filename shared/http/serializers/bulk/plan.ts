import { type Plan, planExpiry } from '../../../domain/bulk/plan.ts';
import type { Names } from '../../../operations/issues/read-issue.ts';
import { serializeNamed } from './planned-issue.ts';

/** A plan: what it comes to, and until when it can be applied. */
export function serializePlan(plan: Plan, names: Names) {
  return {
    id: plan.id,
    state: plan.state,
    count: plan.count,
    summary: plan.summary,
    note: plan.note,
    notFound: plan.notFound,
    createdBy: serializeNamed(plan.createdBy, names),
    createdAt: plan.createdAt,
    expiresAt: plan.state === 'ready' ? new Date(planExpiry(plan) * 1_000).toISOString() : null,
    operation: plan.operation,
  };
}
