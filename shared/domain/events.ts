import { type Actor, formatActor } from './actor.ts';

/** The events of one group or project that Baton puts on its bus. */
export type EventType =
  | 'issue.assigned'
  | 'issue.unassigned'
  | 'issue.status_changed'
  | 'issue.merged'
  | 'issue.subscriptions_pending'
  | 'issue.deletion_requested'
  | 'manual.issue_assignment'
  | 'issueowners.assignment'
  | 'codeowners.assignment'
  | 'suspectcommit.assignment'
  | 'ownership.changed'
  | 'project.created'
  | 'project.updated'
  | 'project.deleted'
  | 'project.restored'
  | 'project.cascade_continues'
  | 'team.deleted'
  | 'team.member_left'
  | 'integration.webhook.received'
  | 'sync.requested';

/** Something that happened, as a rule says it: what, at which version, and what there is to know. */
export type NewEvent = {
  readonly type: EventType;
  /** Comparable within one family only: the assignment's version, the status's, the project's own. */
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What an event is about. */
export type EventSubject = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly groupId?: string;
};

/** The `detail` of an envelope on the bus. `actor` is who did it, in text form, absent when Baton did. */
export type EventDetail = {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly occurredAt: string;
  readonly requestId: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly groupId?: string;
  readonly actor?: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The `detail` of an event about a team, which belongs to no project; `aggregateId` is `team:{id}`. */
export type TeamEventDetail = Omit<EventDetail, 'projectId' | 'groupId'>;

/** An event in its envelope, ready to be recorded. */
export type EventRecord = {
  readonly type: EventType;
  readonly detail: EventDetail | TeamEventDetail;
};

/** Who did something, when, and in which request. */
export type EventOrigin = {
  readonly eventId: string;
  readonly occurredAt: string;
  readonly requestId: string;
  readonly actor: Actor | null;
};

/** Puts an event of a group or project into its envelope. */
export function toEventRecord(event: NewEvent, context: EventSubject & EventOrigin): EventRecord {
  const { groupId, projectId } = context;
  return {
    type: event.type,
    detail: {
      eventId: context.eventId,
      aggregateId: groupId === undefined ? `project:${projectId}` : `group:${groupId}`,
      version: event.version,
      occurredAt: context.occurredAt,
      requestId: context.requestId,
      organizationId: context.organizationId,
      projectId,
      ...(groupId === undefined ? {} : { groupId }),
      ...(context.actor === null ? {} : { actor: formatActor(context.actor) }),
      data: event.data,
    },
  };
}

/** Puts an event of a team into its envelope; its data name the team as `teamId`. */
export function toTeamEventRecord(
  event: NewEvent,
  context: EventOrigin & { readonly organizationId: string; readonly teamId: string },
): EventRecord {
  const { teamId, organizationId, actor } = context;
  return {
    type: event.type,
    detail: {
      eventId: context.eventId,
      aggregateId: `team:${teamId}`,
      version: event.version,
      occurredAt: context.occurredAt,
      requestId: context.requestId,
      organizationId,
      ...(actor === null ? {} : { actor: formatActor(actor) }),
      data: { teamId, ...event.data },
    },
  };
}
