import type { Actor } from '../../shared/domain/actor.ts';
import type { Organization } from '../../shared/domain/directory.ts';
import type { Assignment } from '../../shared/domain/issues/assignee.ts';
import type { Subscription, SubscriptionReason } from '../../shared/domain/issues/subscription.ts';
import { assignment, NOW, organization, teamAssignee, userAssignee } from './builders.ts';

/** Whom the tables of assignment speak of: bob is in both teams, alice in core alone. */
export const alice = userAssignee({ id: '11', username: 'alice' });
export const bob = userAssignee({ id: '12', username: 'bob' });
export const core = teamAssignee({ id: '21', slug: 'core', members: ['11', '12'] });
export const web = teamAssignee({ id: '22', slug: 'web', members: ['12', '13'] });

export function acme(features: readonly string[] = []): Organization {
  return organization({ features });
}

/** The assignment of group 101 to somebody, or nobody. */
export function heldBy(assignee: Actor | null, version = 1): Assignment {
  return assignment({
    version,
    assignee,
    ...(assignee === null ? { dateAssigned: null } : {}),
  });
}

/** An active subscription; since when is irrelevant. */
export function row(subscriber: Actor, reason: SubscriptionReason = 'assigned'): Subscription {
  return { subscriber, reason, isActive: true, dateAdded: NOW };
}
