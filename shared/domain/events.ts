import { type Actor, formatActor } from './actor.ts';
import type { OnDrift } from './sync/outbound.ts';
import type { WebhookSnapshot } from './sync/webhook-snapshot.ts';

/**
 * What the names in ownership rules depend on, besides the rules: mapped accounts, memberships and
 * people.
 */
export type NamesOfOwners = 'external_users' | 'external_teams' | 'memberships' | 'people';

type Nothing = Readonly<Record<string, never>>;

type StatusData = { readonly status: string; readonly substatus: string | null };

type SelfAssignmentData = {
  readonly organization_id: number;
  readonly project_id: number;
  readonly group_id: number;
  readonly updated_assignment: boolean;
};

/**
 * The data of each event on the bus, by its type. `source` is null for a caller, `auto` for an
 * owner rule, else the id of an integration.
 */
export type EventData = {
  'issue.assigned': {
    readonly assignee: Actor;
    readonly previous: Actor | null;
    readonly isFirstAssignment: boolean;
    readonly source: string | null;
  };
  'issue.unassigned': { readonly previous: Actor | null; readonly source: string | null };
  'issue.status_changed': StatusData & {
    readonly previous: StatusData;
    readonly source: string | null;
  };
  /** The ids of the groups that were merged into the event's group. */
  'issue.merged': { readonly children: readonly string[] };
  'issue.subscriptions_pending': {
    readonly assignee: Actor | null;
    readonly previous: Actor | null;
  };
  'issue.deletion_requested': Nothing;
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
  'ownership.names_changed': { readonly changed: readonly NamesOfOwners[] };
  'project.created': {
    readonly slug: string;
    readonly name: string;
    readonly platform: string | null;
    readonly teams: readonly string[];
  };
  'project.updated': {
    readonly changed: Readonly<Record<string, readonly [old: unknown, next: unknown]>>;
  };
  'project.deleted': { readonly slug: string };
  'project.restored': { readonly slug: string };
  'project.cascade_continues': { readonly turn: number };
  'team.deleted': {
    readonly teamId: string;
    readonly slug: string;
    readonly name: string;
    readonly dateCreated: string;
  };
  'team.member_left': { readonly teamId: string; readonly userId: string };
  'integration.webhook.received': {
    readonly integrationId: string;
    readonly snapshot: WebhookSnapshot;
  };
  /**
   * An integration was deleted. `secretRef` names its secret, null where another integration may
   * use the same one; `renewalUntilMs` (epoch milliseconds, or null) is the time until which a
   * renewal of its credentials may still write the secret.
   */
  'integration.deleted': {
    readonly integrationId: string;
    readonly secretRef: string | null;
    readonly renewalUntilMs: number | null;
  };
  'sync.requested': {
    readonly linkId: string;
    readonly verify: boolean;
    readonly onDrift: OnDrift;
  };
};

/** The type of an event. */
export type EventType = keyof EventData;

/** The type of an event about a team, which belongs to no project. */
type TeamEventType = Extract<EventType, `team.${string}`>;

/** The type of an event about an organization, which belongs to no project. */
type OrganizationEventType = 'ownership.names_changed' | 'integration.deleted';

/** An event as a rule describes it: its type, its version and its data. */
export type NewEvent<
  T extends EventType = Exclude<EventType, TeamEventType | OrganizationEventType>,
> = {
  readonly [K in T]: {
    readonly type: K;
    /**
     * Compare it within one family only: the assignment's, the status's or the project's version.
     */
    readonly version: number;
    readonly data: EventData[K];
  };
}[T];

/** An event about an organization. */
export type NewOrganizationEvent = NewEvent<OrganizationEventType>;

/** An event about a team; the envelope adds the team's id. */
export type NewTeamEvent = {
  readonly [K in TeamEventType]: {
    readonly type: K;
    readonly version: number;
    readonly data: Omit<EventData[K], 'teamId'>;
  };
}[TeamEventType];

/** The subject of an event. */
export type EventSubject = {
  readonly organizationId: string;
  readonly projectId: string;
  readonly groupId?: string;
};

/**
 * The `detail` of an event on the bus. `actor` is the text form of the caller, absent for Baton's
 * own actions.
 */
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

/**
 * The `detail` of an event about a team, which belongs to no project; `aggregateId` is `team:{id}`.
 */
export type TeamEventDetail = Omit<EventDetail, 'projectId' | 'groupId'>;

type SubjectOf<T extends EventType> = T extends
  | TeamEventType
  | OrganizationEventType
  | 'integration.webhook.received'
  ? unknown
  : T extends 'ownership.changed' | `project.${string}`
    ? { readonly projectId: string }
    : { readonly projectId: string; readonly groupId: string };

/** An event as its consumers read it from the bus. Subject and data follow from the type. */
export type BusEvent<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly type: K;
    readonly detail: Omit<TeamEventDetail, 'data'> & SubjectOf<K> & { readonly data: EventData[K] };
  };
}[T];

/** The `detail` of an event about an organization; `aggregateId` is `organization:{id}`. */
export type OrganizationEventDetail = TeamEventDetail;

/** An event in its envelope, as the outbox stores it. */
export type EventRecord = {
  readonly type: EventType;
  readonly detail: EventDetail | TeamEventDetail | OrganizationEventDetail;
};

/** The caller of an action, its time and its request. */
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
  event: NewTeamEvent,
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

/** Puts an event of an organization into its envelope. */
export function toOrganizationEventRecord(
  event: NewOrganizationEvent,
  context: EventOrigin & { readonly organizationId: string },
): EventRecord {
  const { organizationId, actor } = context;
  return {
    type: event.type,
    detail: {
      eventId: context.eventId,
      aggregateId: `organization:${organizationId}`,
      version: event.version,
      occurredAt: context.occurredAt,
      requestId: context.requestId,
      organizationId,
      ...(actor === null ? {} : { actor: formatActor(actor) }),
      data: event.data,
    },
  };
}
