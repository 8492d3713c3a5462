import { type Assignee, assign, deassign } from './assignment.ts';
import { type GroupChanges, record } from './group-changes.ts';

/**
 * The part of the interface in which an assignment was made; other values of callers are dropped.
 */
export type AssignedBy = 'assignee_selector' | 'suggested_assignee';

export type AssignedToRequest = {
  /** The new assignee; null unassigns. */
  readonly assignee: Assignee | null;
  readonly assignedBy: AssignedBy | null;
  /** The chat integration of the request, which the activity records. */
  readonly integration: 'slack' | 'msteams' | null;
};

/** The value where it is a known `assignedBy`, else null. */
export function knownAssignedBy(value: unknown): AssignedBy | null {
  return value === 'assignee_selector' || value === 'suggested_assignee' ? value : null;
}

/** The value where it is a known chat integration, else null. */
export function knownChatIntegration(value: unknown): 'slack' | 'msteams' | null {
  return value === 'slack' || value === 'msteams' ? value : null;
}

/**
 * Assigns or unassigns a group, and records one `manual.issue_assignment` event even where nothing
 * changed. `position` is the group's index in the request, from 0: the bus keeps no order.
 */
export function handleAssignedTo(
  changes: GroupChanges,
  request: AssignedToRequest,
  position: number,
): GroupChanges {
  const { integration } = request;
  if (request.assignee === null) {
    const { changes: next } = deassign(changes);
    return recordManualAssignment(next, request, position, true);
  }
  const { changes: next, updatedAssignment } = assign(changes, request.assignee, {
    extra: integration === null ? {} : { integration },
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
