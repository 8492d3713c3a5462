import type { NewEvent } from '../events.ts';
import type { OrganizationId, ProjectId } from '../ids.ts';
import type { Group } from '../issues/group.ts';
import type { Project } from './project.ts';

/**
 * `pending`: it can still be taken back. `deleting`: what the project had is being removed. `done`:
 * only this is left.
 */
export const deletionStates = ['pending', 'deleting', 'done'] as const;
type DeletionState = (typeof deletionStates)[number];

/**
 * The deletion of a project, from its acceptance on: what remains when the project is gone. Times
 * are ISO 8601 in UTC.
 */
export type Deletion = {
  readonly projectId: ProjectId;
  readonly organizationId: OrganizationId;
  readonly state: DeletionState;
  readonly requestedAt: string;
  /** Before this nothing is removed. */
  readonly startsAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly deletedGroups: number;
  /** Rows removed. What a worker had removed of a page when it was killed is not among them. */
  readonly deletedItems: number;
  /**
   * A worker that runs out of time raises it, and sends the message for the next one, in one
   * transaction: of two workers with the same message one does so, and a message with an older
   * token is ignored.
   */
  readonly fencingToken: number;
};

/** A change of a project's state, with the event that tells of it. */
export type ProjectTransition = {
  readonly project: Project;
  readonly event: NewEvent;
};

/**
 * Accepts the deletion of an active project: it is invisible from now on, and begins to go after
 * the delay.
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

/** Takes a deletion back: the project is as it was, under the slug that it gets. */
export function restoreProject(project: Project, slug: string): ProjectTransition {
  const version = project.version + 1;
  return {
    project: { ...project, status: 'active', slug, version },
    event: { type: 'project.restored', version, data: { slug } },
  };
}

/** A group that is out of everybody's sight: the worker's event, and the one for everybody else. */
export type MarkedGroup = {
  readonly group: Group;
  readonly event: NewEvent;
  readonly told: NewEvent;
};

/** Takes a group out of everybody's sight, to be removed by the worker that hears of it. */
export function markForDeletion(group: Group): MarkedGroup {
  const statusVersion = group.statusVersion + 1;
  const { shortId, title } = group;
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
    told: { type: 'issue.deleted', version: statusVersion, data: { shortId, title } },
  };
}

/**
 * The same for a group that is discarded: its own row stays for as long as the project, so that
 * events that lead to it begin no other.
 */
export function markForDiscard(group: Group): MarkedGroup {
  const marked = markForDeletion(group);
  return { ...marked, group: { ...marked.group, statusDetails: { discarded: true } } };
}

/** Whether events that lead to a group are to be dropped. */
export function isDiscarded({ status, statusDetails }: Group): boolean {
  return status === 'pending_deletion' && statusDetails.discarded === true;
}

/**
 * A worker's message to the next one. Its version is of no family: nobody but the workers listens
 * to it.
 */
export function cascadeContinues(fencingToken: number): NewEvent {
  return { type: 'project.cascade_continues', version: fencingToken, data: { turn: fencingToken } };
}

/** Milliseconds until the removal may begin; 0 when it may. */
export function timeLeftMs({ startsAt }: Deletion, now: string): number {
  return Math.max(0, Date.parse(startsAt) - Date.parse(now));
}

/** A time some seconds later. */
export function addSeconds(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1_000).toISOString();
}
