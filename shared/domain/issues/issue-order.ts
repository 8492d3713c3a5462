import { invalidRequest } from '../errors.ts';
import { type Group, groupPriorities } from './group.ts';

/**
 * The orders of lists: last seen first (`date`), first seen last (`new`), most events (`freq`),
 * most users (`user`), highest priority. Issues that are alike in it are listed last seen first.
 */
export type IssueOrder = 'date' | 'new' | 'freq' | 'user' | 'priority';

/** The values of `sort`. What Sentry ranks by relevance is listed by date. */
const orders: ReadonlyMap<string, IssueOrder> = new Map(
  Object.entries<IssueOrder>({
    '': 'date',
    date: 'date',
    inbox: 'date',
    recommended: 'date',
    new: 'new',
    freq: 'freq',
    user: 'user',
    priority: 'priority',
  }),
);

/** Which order a `sort` parameter means; null where none was sent. Throws `request.invalid`. */
export function orderOf(sort: string | null): IssueOrder {
  const order = orders.get(sort ?? '');
  if (order === undefined) {
    throw invalidRequest(`Sort key '${sort}' not supported.`);
  }
  return order;
}

/** Digits of the largest number that is counted. */
const COUNT_DIGITS = 16;

/** A text by which issues are compared in an order: the greatest is listed first. */
export function rankOf(
  order: Exclude<IssueOrder, 'date'>,
  group: Pick<Group, 'firstSeen' | 'timesSeen' | 'userCount' | 'priority'>,
): string {
  switch (order) {
    case 'new':
      return group.firstSeen;
    case 'freq':
      return padded(group.timesSeen);
    case 'user':
      return padded(group.userCount);
    case 'priority':
      return String(group.priority === null ? 0 : groupPriorities.indexOf(group.priority) + 1);
  }
}

function padded(count: number): string {
  return String(count).padStart(COUNT_DIGITS, '0');
}
