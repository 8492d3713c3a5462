import { describe, expect, it } from 'vitest';
import {
  dropSubscription,
  noSubscriptionChanges,
  removeAssigned,
  type Subscription,
  type SubscriptionChanges,
  setSubscription,
  subscribe,
} from '../../../shared/domain/issues/subscription.ts';
import { row } from '../../support/group-facts.ts';

const user = { type: 'user', id: '11' } as const;
type Step = (changes: SubscriptionChanges) => SubscriptionChanges;
const ensure: Step = (changes) => subscribe(changes, [user], 'status_change');
const assigned: Step = (changes) => subscribe(changes, [user], 'assigned');
const unsubscribe: Step = (changes) => setSubscription(changes, user, false);
const drop: Step = (changes) => dropSubscription(changes, user);
const release =
  (...stored: Subscription[]): Step =>
  (changes) =>
    removeAssigned(changes, [user], stored);

describe('several steps on one row end as one write', () => {
  it.each<[string, Step[], object | undefined]>([
    ['the first reason stays', [ensure, assigned], { kind: 'ensure', reason: 'status_change' }],
    ['a wish of the user overrides', [assigned, unsubscribe], { kind: 'put', isActive: false }],
    ['whoever unsubscribed stays so', [unsubscribe, assigned], { kind: 'put', isActive: false }],
    [
      'a row dropped and wanted again is new',
      [drop, assigned],
      { kind: 'put', reason: 'assigned', isActive: true },
    ],
    ['a removed bookmark takes all', [assigned, drop], { kind: 'delete', onlyReason: null }],
    [
      'released where the row is for holding',
      [release(row(user))],
      { kind: 'delete', onlyReason: 'assigned' },
    ],
    ['not released where it is for something else', [release(row(user, 'comment'))], undefined],
    ['not released where there is no row', [release()], undefined],
    ['subscribed for holding and released at once', [assigned, release()], undefined],
    [
      'subscribed for something else and released',
      [ensure, release()],
      { kind: 'ensure', reason: 'status_change' },
    ],
    [
      'held, resolves and gives away',
      [ensure, release(row(user))],
      { kind: 'delete', onlyReason: 'assigned' },
    ],
    ['a wish of the user is not released', [unsubscribe, release(row(user))], { kind: 'put' }],
    ['dropped stays dropped', [drop, release(row(user))], { kind: 'delete', onlyReason: null }],
  ])('%s', (_, steps, expected) => {
    const changes = steps.reduce((state, step) => step(state), noSubscriptionChanges);
    if (expected === undefined) {
      expect(changes.size).toBe(0);
    } else {
      expect(changes.get('user:11')).toMatchObject(expected);
    }
  });
});
