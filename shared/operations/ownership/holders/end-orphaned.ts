import { deassign } from '../../../domain/issues/assignment.ts';
import type { GroupChanges } from '../../../domain/issues/group-changes.ts';
import { assignAs } from '../auto-assign.ts';
import type { OwnerByRules } from './owner-by-rules.ts';

/** Takes an issue from who may not hold it, and gives it to the successor, or to nobody. */
export function endOrphaned(changes: GroupChanges, successor: OwnerByRules | null): GroupChanges {
  const reason = 'orphaned';
  return successor === null
    ? deassign(changes, { reason }).changes
    : assignAs(changes, successor.assignee, { ...successor.how, reason });
}
