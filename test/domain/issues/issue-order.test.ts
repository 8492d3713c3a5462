import { describe, expect, it } from 'vitest';
import { type IssueOrder, orderOf, rankOf } from '../../../shared/domain/issues/issue-order.ts';
import { group } from '../../support/builders.ts';

describe('the parameter sort', () => {
  it.each<[string | null, IssueOrder]>([
    [null, 'date'],
    ['', 'date'],
    ['date', 'date'],
    ['inbox', 'date'],
    ['recommended', 'date'],
    ['new', 'new'],
    ['freq', 'freq'],
    ['user', 'user'],
    ['priority', 'priority'],
  ])('%j means the order %s', (sort, order) => {
    expect(orderOf(sort)).toBe(order);
  });

  it.each(['votes', 'Date', '-date', 'constructor'])('%j is refused by its name', (sort) => {
    expect(() => orderOf(sort)).toThrow(`Sort key '${sort}' not supported.`);
  });
});

describe('ranks', () => {
  it.each<[Exclude<IssueOrder, 'date'>, Parameters<typeof group>[0], Parameters<typeof group>[0]]>([
    ['new', { firstSeen: '2026-11-02T00:00:00.000Z' }, { firstSeen: '2026-11-01T00:00:00.000Z' }],
    ['freq', { timesSeen: 10 }, { timesSeen: 9 }],
    ['freq', { timesSeen: 2 ** 53 - 1 }, { timesSeen: 2 ** 52 }],
    ['user', { userCount: 100 }, { userCount: 99 }],
    ['priority', { priority: 'high' }, { priority: 'medium' }],
    ['priority', { priority: 'medium' }, { priority: 'low' }],
    ['priority', { priority: 'low' }, { priority: null }],
  ])('by %s list %o before %o', (order, first, second) => {
    expect(rankOf(order, group(first)) > rankOf(order, group(second))).toBe(true);
  });
});
