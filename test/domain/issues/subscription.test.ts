import { describe, expect, it } from 'vitest';
import {
  dropSubscription,
  noSubscriptionChanges,
  type SubscriptionChanges,
  setSubscription,
  subscribe,
} from '../../../shared/domain/issues/subscription.ts';

const user = { type: 'user', id: '11' } as const;
type Step = (changes: SubscriptionChanges) => SubscriptionChanges;
const resolve: Step = (changes) => subscribe(changes, [user], 'status_change');
const bookmark: Step = (changes) => subscribe(changes, [user], 'bookmark');
const unsubscribe: Step = (changes) => setSubscription(changes, user, false);
const drop: Step = (changes) => dropSubscription(changes, user);

describe('several steps on one row end as one write', () => {
  it.each<[string, Step[], object]>([
    ['the first reason stays', [resolve, bookmark], { kind: 'ensure', reason: 'status_change' }],
    ['a wish of the user overrides', [bookmark, unsubscribe], { kind: 'put', isActive: false }],
    ['whoever unsubscribed stays so', [unsubscribe, bookmark], { kind: 'put', isActive: false }],
    [
      'a row dropped and wanted again is new',
      [drop, bookmark],
      { kind: 'put', reason: 'bookmark', isActive: true },
    ],
    ['a removed bookmark takes all', [resolve, drop], { kind: 'delete', onlyReason: null }],
  ])('%s', (_, steps, expected) => {
    const changes = steps.reduce((state, step) => step(state), noSubscriptionChanges);
    expect(changes.get('user:11')).toMatchObject(expected);
  });
});
