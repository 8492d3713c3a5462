import { type Actor, formatActor, sameActor } from '../actor.ts';
import type { UserId } from '../ids.ts';
import type { Subscription, SubscriptionChange } from './subscription.ts';

/**
 * Who is behind an actor where subscriptions are concerned: the team's active members, or the user
 * alone.
 */
export type Holder = { readonly actor: Actor; readonly userIds: readonly UserId[] };

/**
 * The subscriptions that an assignment's transaction had no room for, given who holds the group by
 * now and who is subscribed. The event's assignee is subscribed only while they still hold the
 * group; everybody else loses what they had for holding it, unless the present holder includes
 * them. Applying it twice does no harm.
 */
export function followUpSubscriptions(
  assignee: Actor | null,
  current: Holder | null,
  stored: readonly Subscription[],
): SubscriptionChange[] {
  const holders = new Set([...(current?.userIds ?? []).map(userText), actorText(current)]);
  const known = new Set(stored.map(({ subscriber }) => formatActor(subscriber)));
  const missing = sameActor(assignee, current?.actor ?? null)
    ? (current?.userIds ?? []).filter((id) => !known.has(userText(id)))
    : [];
  const released = stored.filter(
    ({ reason, subscriber }) => reason === 'assigned' && !holders.has(formatActor(subscriber)),
  );
  return [
    ...missing.map(
      (id) => ({ kind: 'ensure', subscriber: { type: 'user', id }, reason: 'assigned' }) as const,
    ),
    ...released.map(
      ({ subscriber }) => ({ kind: 'delete', subscriber, onlyReason: 'assigned' }) as const,
    ),
  ];
}

function userText(id: string): string {
  return formatActor({ type: 'user', id });
}

function actorText(holder: Holder | null): string | null {
  return holder && formatActor(holder.actor);
}
