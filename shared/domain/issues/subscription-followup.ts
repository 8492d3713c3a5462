import type { Actor } from '../actor.ts';
import { sameActor } from '../actor.ts';
import type { SubscriptionChange } from './subscription.ts';

/** Who is behind an actor where subscriptions are concerned: the team's active members, or the user alone. */
export type Holder = { readonly actor: Actor; readonly userIds: readonly string[] };

/**
 * The subscriptions that an assignment's transaction had no room for, given who holds the group by now. The event's
 * assignee is subscribed only while they still hold the group; the one before loses what they had for holding it, unless
 * the present holder includes them. Applying it twice does no harm.
 */
export function followUpSubscriptions(
  event: { readonly assignee: Holder | null; readonly previous: Holder | null },
  current: Holder | null,
): SubscriptionChange[] {
  const holds = new Set(current?.userIds);
  const stillAssigned =
    event.assignee !== null && sameActor(event.assignee.actor, current?.actor ?? null);
  const subscribed = stillAssigned ? (event.assignee?.userIds ?? []) : [];
  const released = sameActor(event.previous?.actor ?? null, event.assignee?.actor ?? null)
    ? []
    : (event.previous?.userIds ?? []).filter((id) => !holds.has(id));
  return [
    ...subscribed.map(
      (id) => ({ kind: 'ensure', subscriber: user(id), reason: 'assigned' }) as const,
    ),
    ...released.map(
      (id) => ({ kind: 'delete', subscriber: user(id), onlyReason: 'assigned' }) as const,
    ),
  ];
}

function user(id: string): Actor {
  return { type: 'user', id };
}
