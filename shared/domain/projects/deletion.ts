import type { NewEvent } from '../events.ts';
import type { Group } from '../issues/group.ts';
import type { Project } from './project.ts';

/**
 * `pending`: the project can still be restored. `deleting`: its rows are being removed. `done`:
 * only this row is left.
 */
export const deletionStates = ['pending', 'deleting', 'done'] as const;
export type DeletionState = (typeof deletionStates)[number];

/**
 * The deletion of a project. The row is created when the deletion is accepted, and outlives the
 * project. Times are ISO 8601 in UTC.
 */
export type Deletion = {
  readonly projectId: string;
  readonly organizationId: string;
  readonly state: DeletionState;
  readonly requestedAt: string;
  /** Nothing is removed before this time. */
  readonly startsAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly deletedGroups: number;
  /**
   * Rows removed. A worker that is killed in the middle of a page has removed rows that are not
   * counted.
   */
  readonly deletedItems: number;
  /**
   * Fencing token. A worker that runs out of time raises it and sends the message for the next
   * worker in one transaction, so a duplicate message with an old token is ignored.
   */
  readonly fencingToken: number;
};

/** A project in its next state, and the event that reports the change. */
export type ProjectTransition = {
  readonly project: Project;
  readonly event: NewEvent;
};

/**
 * Accepts the deletion of an active project. It is invisible from now on; its rows are removed
 * after the delay.
 */
export function requestDeletion(
  project: Project,
  { now, delaySeconds }: { readonly now: string; readonly delaySeconds: number },
): ProjectTransition & { readonly deletion: Deletion } {
  const version = project.version + 1;
  return {
    project: { ...project, status: 'pending_deletion', version },
    event: { type: 'project.deleted', version, data: { slug: project.slug } },
    deletion: {
      projectId: project.id,
      organizationId: project.organizationId,
      state: 'pending',
      requestedAt: now,
      startsAt: addSeconds(now, delaySeconds),
      startedAt: null,
      finishedAt: null,
      deletedGroups: 0,
      deletedItems: 0,
      fencingToken: 0,
    },
  };
}

/** Restores a project that is pending deletion, under the given slug. */
export function restoreProject(project: Project, slug: string): ProjectTransition {
  const version = project.version + 1;
  return {
    project: { ...project, status: 'active', slug, version },
    event: { type: 'project.restored', version, data: { slug } },
  };
}

/** Hides a group and asks the cascade to remove it. */
export function markForDeletion(group: Group): { readonly group: Group; readonly event: NewEvent } {
  const statusVersion = group.statusVersion + 1;
  return {
    group: {
      ...group,
      status: 'pending_deletion',
      substatus: null,
      statusDetails: {},
      statusVersion,
      snoozeBaseline: null,
      resolvedAfter: null,
      inInbox: false,
    },
    event: { type: 'issue.deletion_requested', version: statusVersion, data: {} },
  };
}

/**
 * The message with which a worker continues the deletion. Only the workers read it, so its version
 * is the fencing token and belongs to no family of versions.
 */
export function cascadeContinues(fencingToken: number): NewEvent {
  return { type: 'project.cascade_continues', version: fencingToken, data: { turn: fencingToken } };
}

/** Milliseconds until the removal may begin; 0 when it may begin now. */
export function timeLeftMs({ startsAt }: Deletion, now: string): number {
  return Math.max(0, Date.parse(startsAt) - Date.parse(now));
}

/** The time `seconds` later, as ISO 8601 in UTC. */
export function addSeconds(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1_000).toISOString();
}
