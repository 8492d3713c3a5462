import { describe, expect, it } from 'vitest';
import type { Assignment } from '../../../shared/domain/issues/assignee.ts';
import {
  type FollowersUse,
  followersWith,
  needsFollowers,
  subscriptionsOf,
} from '../../../shared/domain/issues/followers.ts';
import type { Subscription } from '../../../shared/domain/issues/subscription.ts';
import { acme, alice, bob, core, heldBy, row, web } from '../../support/group-facts.ts';

const before = heldBy(alice.actor);
const listed: Assignment = { ...before, followers: [alice.actor, bob.actor], followerPages: 0 };
const paged: Assignment = { ...before, followers: [], followerPages: 2 };
const unsubscribed: Subscription = { ...row(alice.actor, 'unknown'), isActive: false };

const wordsOf = (subscriptions: readonly Subscription[]) =>
  subscriptions.map(
    ({ subscriber, reason, isActive }) => `${subscriber.id} ${reason}${isActive ? '' : ' not'}`,
  );

describe('the subscriptions of a group', () => {
  it.each<[string, Subscription[], Assignment | null, string[]]>([
    ['are the rows where nobody holds it', [row(bob.actor, 'comment')], null, ['12 comment']],
    ['are the rows where none are listed', [row(bob.actor)], before, ['12 assigned']],
    ['are those of the listed', [], listed, ['11 assigned', '12 assigned']],
    [
      'are a person’s own before the list',
      [row(bob.actor, 'comment')],
      listed,
      ['11 assigned', '12 comment'],
    ],
    ['are none of who does not want to', [unsubscribed], listed, ['11 unknown not', '12 assigned']],
    [
      'are no row that is left from before the list',
      [row({ type: 'user', id: '13' }), row(bob.actor)],
      { ...listed, followers: [alice.actor] },
      ['11 assigned'],
    ],
    [
      'are such a row of who does not want to',
      [{ ...row(bob.actor), isActive: false }],
      listed,
      ['11 assigned', '12 assigned not'],
    ],
  ])('%s', (_, stored, assignment, expected) => {
    const found = subscriptionsOf(stored, assignment, assignment?.followers ?? []);
    expect(wordsOf(found)).toEqual(expected);
  });
});

describe('what is read of followers', () => {
  it.each<[string, Assignment | null, readonly unknown[] | null]>([
    ['nothing where there is no assignment', null, []],
    ['nothing where nobody holds it', { ...paged, assignee: null }, []],
    ['nothing where they are listed with it', listed, [alice.actor, bob.actor]],
    ['all where they have pages', paged, null],
    ['all where each has a subscription', before, null],
  ])('is %s', (_, assignment, known) => {
    expect(followersWith(assignment)).toEqual(known);
  });

  const featureOn = acme(['team-workflow-notifications']);
  it.each<[string, FollowersUse, boolean, boolean]>([
    ['nothing of them', {}, false, false],
    ['somebody else', { target: bob.actor }, false, false],
    ['nobody', { target: null }, false, false],
    ['a team', { target: core.actor }, false, false],
    ['the same again', { target: alice.actor }, true, true],
    ['their own subscription', { isOwn: true }, false, true],
    ['their own, and somebody else', { isOwn: true, target: bob.actor }, true, true],
  ])('is needed of a change that asks for %s', (_, uses, ofBefore, ofPaged) => {
    expect(needsFollowers(null, acme(), uses)).toBe(false);
    expect(needsFollowers({ ...before, assignee: null }, acme(), uses)).toBe(false);
    expect(needsFollowers(before, acme(), uses)).toBe(ofBefore);
    expect(needsFollowers(paged, acme(), uses)).toBe(ofPaged);
  });

  it('is needed where a team follows as one: its people may follow already', () => {
    expect(needsFollowers(before, featureOn, { target: web.actor })).toBe(true);
    expect(needsFollowers(before, featureOn, { target: bob.actor })).toBe(false);
  });
});
