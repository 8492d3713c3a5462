import type { Assignee } from './assignee.ts';
import { leaseFrom } from './assignee.ts';
import { assign, deassign } from './assignment.ts';
import { type GroupChanges, record } from './group-changes.ts';

/** Where in the interface an assignment was made; anything else that callers send is not kept. */
export type AssignedBy = 'assignee_selector' | 'suggested_assignee';

export type AssignedToRequest = {
  /** Whom to assign; null unassigns. */
  readonly assignee: Assignee | null;
  readonly assignedBy: AssignedBy | null;
  /** The chat that the request came through; it marks the activity. */
  readonly integration: 'slack' | 'msteams' | null;
  /**
   * How many seconds the assignment lasts, null for until somebody changes it; absent, a new one
   * lasts that long too, and that of who is assigned already ends when it would have ended.
   */
  readonly expiresIn?: number | null;
};

/** Keeps the two values of `assignedBy` that count. */
export function knownAssignedBy(value: unknown): AssignedBy | null {
  return value === 'assignee_selector' || value === 'suggested_assignee' ? value : null;
}

/** Keeps the two values of `integration` that count. */
export function knownChatIntegration(value: unknown): 'slack' | 'msteams' | null {
  return value === 'slack' || value === 'msteams' ? value : null;
}

/**
 * Assigns or unassigns a group as a caller asked, and tells of it in one `manual.issue_assignment`
 * event, also when nothing changed. `position` is the group's place in the request, from 0: the bus
 * keeps no order.
 */
export function handleAssignedTo(
  changes: GroupChanges,
  request: AssignedToRequest,
  position: number,
): GroupChanges {
  const { integration, expiresIn } = request;
  if (request.assignee === null) {
    const { changes: next } = deassign(changes);
    return recordManualAssignment(next, request, position, true);
  }
  const { changes: next, updatedAssignment } = assign(changes, request.assignee, {
    extra: integration === null ? {} : { integration },
    ...(expiresIn === undefined
      ? {}
      : { lease: expiresIn === null ? null : leaseFrom(changes.now, expiresIn) }),
  });
  return recordManualAssignment(next, request, position, updatedAssignment);
}

function recordManualAssignment(
  changes: GroupChanges,
  request: AssignedToRequest,
  position: number,
  hadToDeassign: boolean,
): GroupChanges {
  return record(changes, {
    event: {
      type: 'manual.issue_assignment',
      version: changes.assignment?.version ?? 0,
      data: {
        organization_id: Number(changes.group.organizationId),
        project_id: Number(changes.group.projectId),
        group_id: Number(changes.group.id),
        assigned_by: request.assignedBy,
        had_to_deassign: hadToDeassign,
        position,
      },
    },
  });
}
