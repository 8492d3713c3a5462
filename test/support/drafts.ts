import type { Actor } from '../../shared/domain/actor.ts';
import type { Assignee, Assignment } from '../../shared/domain/assignment.ts';
import type { Organization } from '../../shared/domain/directory.ts';
import type { Group } from '../../shared/domain/group.ts';
import { type GroupFacts, startDraft } from '../../shared/domain/group-draft.ts';
import type { Subscription, SubscriptionReason } from '../../shared/domain/subscription.ts';

/** A moment; which one is irrelevant. */
export const noon = '2026-11-22T12:00:00.000Z';

export const alice: Assignee = person('11', 'alice@acme.io', 'Alice');
export const bob: Assignee = person('12', 'bob@acme.io', 'Bob');
export const core: Assignee = squad('21', 'core', ['11', '12']);
export const web: Assignee = squad('22', 'web', ['12', '13']);

export function person(id: string, email: string, name: string): Assignee {
  return { actor: { type: 'user', id }, email, name, members: [] };
}

export function squad(id: string, slug: string, members: readonly string[]): Assignee {
  return { actor: { type: 'team', id }, email: null, name: slug, members };
}

export function acme(features: readonly string[] = []): Organization {
  return {
    id: '1',
    slug: 'acme',
    name: 'Acme',
    openMembership: false,
    features,
    options: {},
    dateCreated: noon,
    projectDeletionDelaySeconds: 0,
  };
}

export function someGroup(overrides: Partial<Group> = {}): Group {
  return {
    id: '101',
    organizationId: '1',
    projectId: '31',
    shortId: 'SHOP-1',
    title: 'TypeError',
    culprit: null,
    level: 'error',
    type: 'error',
    platform: null,
    status: 'unresolved',
    substatus: 'ongoing',
    statusDetails: {},
    statusVersion: 0,
    snoozeBaseline: null,
    priority: null,
    priorityLockedAt: null,
    inInbox: false,
    timesSeen: 1,
    userCount: 1,
    firstSeen: noon,
    lastSeen: noon,
    metadata: {},
    ...overrides,
  };
}

export function heldBy(assignee: Actor | null, version = 1): Assignment {
  return {
    groupId: '101',
    organizationId: '1',
    projectId: '31',
    version,
    assignee,
    dateAssigned: assignee === null ? null : '2026-11-01T00:00:00.000Z',
    changedAt: '2026-11-01T00:00:00.000Z',
    source: null,
    lastAssignedManually: true,
  };
}

export function row(subscriber: Actor, reason: SubscriptionReason = 'assigned'): Subscription {
  return { subscriber, reason, isActive: true, dateAdded: noon };
}

export function facts(overrides: Partial<GroupFacts> = {}): GroupFacts {
  return {
    group: someGroup(),
    organization: acme(),
    assignment: null,
    subscriptions: [],
    assignedTeamMembers: [],
    shareId: null,
    ...overrides,
  };
}

/** A draft of a group, by user 11 unless said otherwise. */
export function draft(overrides: Partial<GroupFacts> = {}, actingUserId: string | null = '11') {
  return startDraft(facts(overrides), { now: noon, actingUserId });
}
