import { type Actor, formatActor } from './actor.ts';
import type {
  GroupId,
  IntegrationId,
  LinkId,
  OrganizationId,
  ProjectId,
  TeamId,
  UserId,
  WebhookId,
} from './ids.ts';
import type { OrphanCause } from './issues/assignee.ts';
import type { OnDrift } from './sync/outbound.ts';
import type { WebhookSnapshot } from './sync/webhook-snapshot.ts';
import type { DisabledReason } from './webhooks/endpoint.ts';

/** What owners are named by, beside the rules themselves. */
export type NamesOfOwners =
  | 'external_users'
  | 'external_teams'
  | 'memberships'
  | 'people'
  | 'teams';

type Nothing = Readonly<Record<string, never>>;

type StatusData = { readonly status: string; readonly substatus: string | null };

/** By what people know an issue that may be gone when its event is read. */
type IssueNames = { readonly shortId: string | null; readonly title: string };

type SelfAssignmentData = {
  readonly organization_id: number;
  readonly project_id: number;
  readonly group_id: number;
  readonly updated_assignment: boolean;
};

/**
 * What each event that Baton puts on its bus has to tell, by its type. `source` is null, `auto` or
 * an integration.
 */
export type EventData = {
  'issue.created': IssueNames;
  'issue.assigned': {
    readonly assignee: Actor;
    readonly previous: Actor | null;
    readonly isFirstAssignment: boolean;
    readonly source: string | null;
  };
  /** An hour before an assignment ends by itself. */
  'issue.lease_ending': { readonly assignee: Actor; readonly expiresAt: string };
  'issue.unassigned': { readonly previous: Actor | null; readonly source: string | null };
  /** Another team owns the issue, or none; `source` is `auto` where rules say so. */
  'issue.owner_changed': {
    readonly previous: Actor | null;
    readonly current: Actor | null;
    readonly source: string | null;
  };
  /** The holder of an open issue may not hold it any more; who holds it has not changed. */
  'issue.orphaned': { readonly assignee: Actor; readonly cause: OrphanCause };
  'issue.status_changed': StatusData & {
    readonly previous: StatusData;
    readonly source: string | null;
  };
  /** The ids of the groups that became part of the event's own. */
  'issue.merged': { readonly children: readonly string[] };
  'issue.deletion_requested': Nothing;
  /** An issue is gone for everybody; with its project nothing is told of its issues. */
  'issue.deleted': IssueNames;
  'manual.issue_assignment': {
    readonly organization_id: number;
    readonly project_id: number;
    readonly group_id: number;
    readonly assigned_by: string | null;
    readonly had_to_deassign: boolean;
    readonly position: number;
  };
  'issueowners.assignment': SelfAssignmentData;
  'codeowners.assignment': SelfAssignmentData;
  'suspectcommit.assignment': SelfAssignmentData;
  'ownership.changed': {
    readonly changed: readonly string[];
    readonly source: 'ownership' | 'codeowners';
  };
  /** `userId` is whose membership or account it was, where it was one person's. */
  'ownership.names_changed': {
    readonly changed: readonly NamesOfOwners[];
    readonly userId?: UserId;
  };
  'member.left': { readonly userId: UserId };
  'member.deactivated': { readonly userId: UserId };
  /**
   * Has it reviewed whether issues are held by those who may hold them: what `holder` holds, or the
   * open issues of a project, or of all projects. Of a team that came to a project or left it both
   * are named. `position` is where the walk goes on, null at its beginning.
   */
  'assignments.review_requested': {
    readonly holder: Actor | null;
    readonly projectId: ProjectId | null;
    readonly position: string | null;
  };
  /** More assignments of a part of the index are due to end than one run of the schedule ends. */
  'assignments.leases_due': { readonly part: number };
  /**
   * Has a worker begin an operation over many issues, or go on with it where nobody has passed it
   * on since.
   */
  'operation.work_requested': { readonly operationId: string; readonly fencingToken: number };
  /** The same for a plan that is being built. */
  'plan.work_requested': { readonly planId: string; readonly fencingToken: number };
  'project.created': {
    readonly slug: string;
    readonly name: string;
    readonly platform: string | null;
    readonly teams: readonly string[];
  };
  'project.updated': {
    readonly changed: Readonly<Record<string, readonly [old: unknown, next: unknown]>>;
  };
  'project.team_removed': { readonly teamId: TeamId };
  'project.team_added': { readonly teamId: TeamId };
  'project.deleted': { readonly slug: string };
  'project.restored': { readonly slug: string };
  'project.cascade_continues': { readonly turn: number };
  'team.deleted': {
    readonly teamId: TeamId;
    readonly slug: string;
    readonly name: string;
    readonly dateCreated: string;
  };
  'team.member_left': { readonly teamId: TeamId; readonly userId: UserId };
  'integration.webhook.received': {
    readonly integrationId: IntegrationId;
    readonly snapshot: WebhookSnapshot;
  };
  /**
   * A tracker is gone. `secretRef` is where its secret lies, null where that may be another's too;
   * `renewalUntilMs` until when somebody may still be writing it (epoch milliseconds), or null.
   */
  'integration.deleted': {
    readonly integrationId: IntegrationId;
    readonly secretRef: string | null;
    readonly renewalUntilMs: number | null;
  };
  'sync.requested': {
    readonly linkId: LinkId;
    readonly verify: boolean;
    readonly onDrift: OnDrift;
  };
  /** Nothing is sent to an endpoint any more; `reason` is null where a person has said so. */
  'webhook.disabled': { readonly webhookId: WebhookId; readonly reason: DisabledReason | null };
  /** An endpoint is gone; `secretRef` is where its secrets lie. */
  'webhook.deleted': { readonly webhookId: WebhookId; readonly secretRef: string };
};

/** The type of an event. */
export type EventType = keyof EventData;

/** The type of an event about a team, which belongs to no project. */
type TeamEventType = Extract<EventType, `team.${string}`>;

/** The type of an event about an organization, which belongs to no project. */
type OrganizationEventType =
  | Extract<EventType, `assignments.${string}`>
  | 'integration.deleted'
  | 'operation.work_requested'
  | 'plan.work_requested'
  | Extract<EventType, `member.${string}`>
  | 'ownership.names_changed';

/** The type of an event about an endpoint of webhooks, which belongs to no project. */
type WebhookEventType = Extract<EventType, `webhook.${string}`>;

/**
 * Something that happened, as a rule says it: what, at which version, and what there is to know.
 */
export type NewEvent<
  T extends EventType = Exclude<
    EventType,
    TeamEventType | OrganizationEventType | WebhookEventType
  >,
> = {
  readonly [K in T]: {
    readonly type: K;
    /**
     * Comparable within one family only: the assignment's version, the status's, the project's own.
     */
    readonly version: number;
    readonly data: EventData[K];
  };
}[T];

/** What happened to an organization. */
export type NewOrganizationEvent = NewEvent<OrganizationEventType>;

/** What happened to a team; its id comes with the envelope. */
export type NewTeamEvent = {
  readonly [K in TeamEventType]: {
    readonly type: K;
    readonly version: number;
    readonly data: Omit<EventData[K], 'teamId'>;
  };
}[TeamEventType];

/** What an event is about; `linked` of a group, where that is known. */
export type EventSubject = {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly groupId?: GroupId;
  readonly linked?: boolean | undefined;
};

/**
 * The `detail` of an envelope on the bus. `actor` is who did it, in text form, absent when Baton
 * did.
 */
export type EventDetail = {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly occurredAt: string;
  readonly requestId: string;
  /** The operation over many issues that it is part of; absent where it is of none. */
  readonly operationId?: string;
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly groupId?: GroupId;
  /** Whether trackers may have to hear of it; absent where nobody knows. */
  readonly linked?: boolean;
  readonly actor?: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * The `detail` of an event about a team, which belongs to no project; `aggregateId` is `team:{id}`.
 */
type TeamEventDetail = Omit<EventDetail, 'projectId' | 'groupId' | 'linked'>;

type SubjectOf<T extends EventType> = T extends
  | TeamEventType
  | OrganizationEventType
  | WebhookEventType
  | 'integration.webhook.received'
  ? unknown
  : T extends 'ownership.changed' | `project.${string}`
    ? { readonly projectId: ProjectId }
    : { readonly projectId: ProjectId; readonly groupId: GroupId };

/**
 * An event as its consumers read it from the bus: what it is about and what it tells follow from
 * its type.
 */
export type BusEvent<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly type: K;
    readonly detail: Omit<TeamEventDetail, 'data'> & SubjectOf<K> & { readonly data: EventData[K] };
  };
}[T];

/** The `detail` of an event about an organization; `aggregateId` is `organization:{id}`. */
type OrganizationEventDetail = TeamEventDetail;

/** An event in its envelope, ready to be recorded. */
export type EventRecord = {
  readonly type: EventType;
  readonly detail: EventDetail | TeamEventDetail | OrganizationEventDetail;
};

/** Who did something, when, and in which request. */
export type EventOrigin = {
  readonly eventId: string;
  readonly occurredAt: string;
  readonly requestId: string;
  readonly actor: Actor | null;
  readonly operationId?: string | undefined;
};

/** Puts an event of a group or project into its envelope. */
export function toEventRecord(event: NewEvent, context: EventSubject & EventOrigin): EventRecord {
  const { groupId, projectId, linked } = context;
  return {
    type: event.type,
    detail: {
      eventId: context.eventId,
      aggregateId: groupId === undefined ? `project:${projectId}` : `group:${groupId}`,
      version: event.version,
      occurredAt: context.occurredAt,
      requestId: context.requestId,
      ...(context.operationId === undefined ? {} : { operationId: context.operationId }),
      organizationId: context.organizationId,
      projectId,
      ...(groupId === undefined ? {} : { groupId }),
      ...(linked === undefined ? {} : { linked }),
      ...(context.actor === null ? {} : { actor: formatActor(context.actor) }),
      data: event.data,
    },
  };
}

/** Puts an event of a team into its envelope; its data name the team as `teamId`. */
export function toTeamEventRecord(
  event: NewTeamEvent,
  context: EventOrigin & { readonly organizationId: OrganizationId; readonly teamId: TeamId },
): EventRecord {
  const data = { teamId: context.teamId, ...event.data };
  return outsideProjects({ ...event, data }, `team:${context.teamId}`, context);
}

/** Puts an event of an organization into its envelope. */
export function toOrganizationEventRecord(
  event: NewOrganizationEvent,
  context: EventOrigin & { readonly organizationId: OrganizationId },
): EventRecord {
  return outsideProjects(event, `organization:${context.organizationId}`, context);
}

/** What happened to an endpoint of webhooks; its id comes with the envelope. */
export type NewWebhookEvent = {
  readonly [K in WebhookEventType]: {
    readonly type: K;
    readonly version: number;
    readonly data: Omit<EventData[K], 'webhookId'>;
  };
}[WebhookEventType];

/** Puts an event of an endpoint into its envelope; its data name the endpoint as `webhookId`. */
export function toWebhookEventRecord(
  event: NewWebhookEvent,
  context: EventOrigin & { readonly organizationId: OrganizationId; readonly webhookId: WebhookId },
): EventRecord {
  const data = { webhookId: context.webhookId, ...event.data };
  return outsideProjects({ ...event, data }, `webhook:${context.webhookId}`, context);
}

/** The envelope of an event that belongs to no project. */
function outsideProjects(
  { type, version, data }: Pick<EventRecord, 'type'> & Pick<EventDetail, 'version' | 'data'>,
  aggregateId: string,
  { organizationId, ...origin }: EventOrigin & { readonly organizationId: OrganizationId },
): EventRecord {
  const { eventId, occurredAt, requestId, actor } = origin;
  return {
    type,
    detail: {
      ...{ eventId, aggregateId, version, occurredAt, requestId, organizationId },
      ...(actor === null ? {} : { actor: formatActor(actor) }),
      data,
    },
  };
}
