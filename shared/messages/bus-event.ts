import * as v from 'valibot';
import type { BusEvent } from '../domain/events.ts';
import { orphanCauses } from '../domain/issues/assignee.ts';
import { disabledReasons } from '../domain/webhooks/endpoint.ts';
import { BATON_SOURCE } from './bus.ts';
import { bySchema, type Reading, type ReadMessage, unreadable } from './read-message.ts';
import type { SubscribedType } from './subscriptions.ts';

const actor = v.object({ type: v.picklist(['user', 'team']), id: v.string() });
const person = v.object({
  externalId: v.string(),
  externalName: v.string(),
  email: v.exactOptional(v.string()),
});
const strings = v.pipe(v.array(v.string()), v.readonly());

const source = v.nullable(v.string());
const status = v.object({ status: v.string(), substatus: v.nullable(v.string()) });

const envelope = {
  eventId: v.string(),
  aggregateId: v.string(),
  version: v.number(),
  occurredAt: v.string(),
  requestId: v.string(),
  organizationId: v.string(),
  actor: v.exactOptional(v.string()),
  operationId: v.exactOptional(v.string()),
};

const issueNames = v.object({ shortId: v.nullable(v.string()), title: v.string() });

function ofOrganization<const Data extends v.GenericSchema>(data: Data) {
  return v.object({ ...envelope, data });
}

function ofProject<const Data extends v.GenericSchema>(data: Data) {
  return v.object({ ...envelope, projectId: v.string(), data });
}

function ofGroup<const Data extends v.GenericSchema>(data: Data) {
  return v.object({ ...envelope, projectId: v.string(), groupId: v.string(), data });
}

/**
 * What a webhook said, as its receiver normalized it. Events of before December 2026, which can be
 * replayed for seven days, call the version `mark`.
 */
export const webhookSnapshot = v.pipe(
  v.looseObject({}),
  v.transform(({ mark, ...snapshot }) => ({ externalVersion: mark, ...snapshot })),
  v.object({
    deliveryId: v.string(),
    externalKey: v.string(),
    stableId: v.nullable(v.string()),
    assignees: v.nullable(v.array(person)),
    status: v.nullable(v.picklist(['open', 'closed'])),
    externalVersion: v.object({ atMs: v.nullable(v.number()), rev: v.nullable(v.number()) }),
    actor: v.nullable(person),
    incomplete: v.boolean(),
  }),
);

/**
 * The `detail` of every event that somebody consumes. One that is subscribed to and is not here
 * does not compile.
 */
const details: { readonly [T in SubscribedType]: v.GenericSchema<unknown, BusEvent<T>['detail']> } =
  {
    'issue.assigned': ofGroup(
      v.object({
        assignee: actor,
        previous: v.nullable(actor),
        isFirstAssignment: v.boolean(),
        source,
      }),
    ),
    'issue.created': ofGroup(issueNames),
    'issue.deleted': ofGroup(issueNames),
    'issue.owner_changed': ofGroup(
      v.object({ previous: v.nullable(actor), current: v.nullable(actor), source }),
    ),
    'issue.orphaned': ofGroup(v.object({ assignee: actor, cause: v.picklist(orphanCauses) })),
    'issue.lease_ending': ofGroup(v.object({ assignee: actor, expiresAt: v.string() })),
    'issue.unassigned': ofGroup(v.object({ previous: v.nullable(actor), source })),
    'issue.status_changed': ofGroup(v.object({ ...status.entries, previous: status, source })),
    'issue.merged': ofGroup(v.object({ children: strings })),
    'issue.deletion_requested': ofGroup(v.object({})),
    'ownership.changed': ofProject(
      v.object({ changed: strings, source: v.picklist(['ownership', 'codeowners']) }),
    ),
    'ownership.names_changed': ofOrganization(
      v.object({
        userId: v.exactOptional(v.string()),
        changed: v.pipe(
          v.array(
            v.picklist(['external_users', 'external_teams', 'memberships', 'people', 'teams']),
          ),
          v.readonly(),
        ),
      }),
    ),
    'project.updated': ofProject(
      v.object({
        changed: v.record(v.string(), v.pipe(v.tuple([v.unknown(), v.unknown()]), v.readonly())),
      }),
    ),
    'project.team_removed': ofProject(v.object({ teamId: v.string() })),
    'project.created': ofProject(
      v.object({
        slug: v.string(),
        name: v.string(),
        platform: v.nullable(v.string()),
        teams: strings,
      }),
    ),
    'project.deleted': ofProject(v.object({ slug: v.string() })),
    'project.restored': ofProject(v.object({ slug: v.string() })),
    'project.cascade_continues': ofProject(v.object({ turn: v.number() })),
    'team.deleted': ofOrganization(
      v.object({
        teamId: v.string(),
        slug: v.string(),
        name: v.string(),
        dateCreated: v.string(),
      }),
    ),
    'member.left': ofOrganization(v.object({ userId: v.string() })),
    'member.deactivated': ofOrganization(v.object({ userId: v.string() })),
    'project.team_added': ofProject(v.object({ teamId: v.string() })),
    'assignments.leases_due': ofOrganization(v.object({ part: v.number() })),
    'assignments.review_requested': ofOrganization(
      v.object({
        holder: v.nullable(actor),
        projectId: v.nullable(v.string()),
        position: v.nullable(v.string()),
      }),
    ),
    'operation.work_requested': ofOrganization(
      v.object({ operationId: v.string(), fencingToken: v.number() }),
    ),
    'plan.work_requested': ofOrganization(
      v.object({ planId: v.string(), fencingToken: v.number() }),
    ),
    'team.member_left': ofOrganization(v.object({ teamId: v.string(), userId: v.string() })),
    'sync.requested': ofGroup(
      v.object({
        linkId: v.string(),
        verify: v.boolean(),
        onDrift: v.picklist(['repair', 'adopt']),
      }),
    ),
    'integration.webhook.received': ofOrganization(
      v.object({ integrationId: v.string(), snapshot: webhookSnapshot }),
    ),
    'webhook.disabled': ofOrganization(
      v.object({ webhookId: v.string(), reason: v.nullable(v.picklist(disabledReasons)) }),
    ),
    'webhook.deleted': ofOrganization(v.object({ webhookId: v.string(), secretRef: v.string() })),
    'integration.deleted': ofOrganization(
      v.object({
        integrationId: v.string(),
        secretRef: v.nullable(v.string()),
        renewalUntilMs: v.nullable(v.number()),
      }),
    ),
  };

/**
 * Reads the envelope of an event of Baton's own that a rule of the bus has put into a queue, of one
 * of these types.
 */
export function readBusEvent<const T extends SubscribedType>(
  types: readonly T[],
): ReadMessage<BusEvent<T>> {
  return (message): Reading<BusEvent<T>> => {
    if (message.source !== BATON_SOURCE) {
      return unreadable('malformed');
    }
    const type = types.find((one) => one === message['detail-type']);
    if (type === undefined) {
      return unreadable('unknown_type');
    }
    const detail = bySchema<BusEvent<T>['detail']>(details[type])(
      (message.detail ?? {}) as Record<string, unknown>,
    );
    return detail.ok ? { ok: true, value: { type, detail: detail.value } as BusEvent<T> } : detail;
  };
}
