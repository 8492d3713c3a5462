import { type Actor, formatActor } from '../actor.ts';
import type { GroupChanges } from './group-changes.ts';

/** So many followers are read by their keys; those of a larger team are found by a Query. */
const LISTED_FOLLOWERS = 10;

/**
 * Who has a subscription for holding the group once a change is committed; undefined where they are
 * too many to be listed. Some of the list may follow for a reason of their own by now, which their
 * subscription says; nobody else follows for holding the group.
 */
export function followersAfter({
  facts,
  subscriptions,
}: Pick<GroupChanges, 'facts' | 'subscriptions'>): readonly Actor[] | undefined {
  const holders = new Map(
    facts.subscriptions
      .filter(({ reason }) => reason === 'assigned')
      .map(({ subscriber }) => [formatActor(subscriber), subscriber]),
  );
  for (const [text, change] of subscriptions) {
    if (change.kind !== 'delete' && change.reason === 'assigned') {
      holders.set(text, change.subscriber);
    } else if (change.kind !== 'ensure') {
      holders.delete(text);
    }
  }
  return holders.size > LISTED_FOLLOWERS ? undefined : [...holders.values()];
}
