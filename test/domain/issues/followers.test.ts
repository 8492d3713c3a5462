import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import { followersAfter } from '../../../shared/domain/issues/followers.ts';
import type { GroupChanges } from '../../../shared/domain/issues/group-changes.ts';
import type {
  Subscription,
  SubscriptionChange,
} from '../../../shared/domain/issues/subscription.ts';
import { changes, NOW } from '../../support/builders.ts';

const user = (id: string): Actor => ({ type: 'user', id });
const [alice, bob] = [user('11'), user('12')];
const row = (subscriber: Actor, reason: Subscription['reason']): Subscription => ({
  subscriber,
  reason,
  isActive: true,
  dateAdded: NOW,
});
const ensure = (subscriber: Actor, reason: Subscription['reason']): SubscriptionChange => ({
  kind: 'ensure',
  subscriber,
  reason,
});
const put = (subscriber: Actor, reason: Subscription['reason']): SubscriptionChange => ({
  kind: 'put',
  subscriber,
  reason,
  isActive: true,
});
const drop = (subscriber: Actor): SubscriptionChange => ({
  kind: 'delete',
  subscriber,
  onlyReason: 'assigned',
});

function followers(stored: readonly Subscription[], wanted: readonly SubscriptionChange[]) {
  const { facts } = changes({ subscriptions: stored });
  const subscriptions: GroupChanges['subscriptions'] = new Map(
    wanted.map((change) => [`user:${change.subscriber.id}`, change]),
  );
  return followersAfter({ facts, subscriptions });
}

describe('who follows for holding a group after a change', () => {
  it.each<[string, Subscription[], SubscriptionChange[], Actor[]]>([
    ['nobody where nobody holds it', [], [], []],
    ['whoever gets it', [], [ensure(bob, 'assigned')], [bob]],
    ['who has it and keeps it', [row(alice, 'assigned')], [], [alice]],
    [
      'who gets it instead',
      [row(alice, 'assigned')],
      [drop(alice), ensure(bob, 'assigned')],
      [bob],
    ],
    [
      'nobody who follows for another reason',
      [row(alice, 'comment')],
      [ensure(bob, 'comment')],
      [],
    ],
    [
      'who asks for it on top of that',
      [row(alice, 'assigned')],
      [ensure(alice, 'comment')],
      [alice],
    ],
    ['nobody who chose otherwise', [row(alice, 'assigned')], [put(alice, 'unknown')], []],
    ['who is subscribed anew for it', [row(alice, 'comment')], [put(alice, 'assigned')], [alice]],
  ])('is %s', (_, stored, wanted, expected) => {
    expect(followers(stored, wanted)).toEqual(expected);
  });

  it.each([
    [10, 10],
    [11, undefined],
  ])('is listed where there are at most ten: of %s people %s', (people, listed) => {
    const crowd = Array.from({ length: people }, (_, index) =>
      ensure(user(String(index)), 'assigned'),
    );
    expect(followers([], crowd)?.length).toBe(listed);
  });
});
