import type { EventType } from '../domain/events.ts';

/**
 * Which of Baton's events each consumer hears, by the folder of its function. The stack's rules and
 * the consumers' types both come from this table: an event that is added here does not compile
 * until its consumer says what to do with it.
 */
export const SUBSCRIPTIONS = {
  'cache-repeat': [
    'issue.unassigned',
    'ownership.changed',
    'ownership.names_changed',
    'project.team_added',
    'project.team_removed',
    'team.deleted',
    'team.member_left',
  ],
  'project-cascade': [
    'project.deleted',
    'project.cascade_continues',
    'issue.deletion_requested',
    'issue.merged',
  ],
  'team-cascade': ['team.deleted', 'project.team_removed'],
  'membership-followup': ['team.member_left'],
  'holder-review': [
    'assignments.leases_due',
    'assignments.review_requested',
    'issue.status_changed',
    'member.deactivated',
    'member.left',
    'ownership.names_changed',
    'project.restored',
    'project.team_added',
    'project.team_removed',
    'team.member_left',
  ],
  'operation-worker': ['operation.work_requested', 'plan.work_requested'],
  'sync-fanout': [
    'issue.assigned',
    'issue.unassigned',
    'issue.status_changed',
    'sync.requested',
    'integration.webhook.received',
    'integration.deleted',
  ],
  'webhook-fanout': [
    'issue.created',
    'issue.assigned',
    'issue.unassigned',
    'issue.owner_changed',
    'issue.orphaned',
    'issue.lease_ending',
    'issue.status_changed',
    'issue.merged',
    'issue.deleted',
    'ownership.changed',
    'project.created',
    'project.updated',
    'project.deleted',
    'project.restored',
    'webhook.disabled',
    'webhook.deleted',
  ],
} as const satisfies Readonly<Record<string, readonly [EventType, ...EventType[]]>>;

/** The name of a function that consumes events. */
export type SubscriberName = keyof typeof SUBSCRIPTIONS;

/** The types of the events that a function hears. */
export type SubscribedType<N extends SubscriberName = SubscriberName> =
  (typeof SUBSCRIPTIONS)[N][number];

export type { EventType };
