import { invalidRequest } from '../domain/errors.ts';
import { type IssueOrder, orderOf } from '../domain/issues/issue-order.ts';
import type { Narrowing, WrittenQuery } from '../domain/issues/issue-query.ts';
import { type SeenWindow, windowOf } from '../domain/issues/seen-window.ts';

/** What of a request's parameters says which issues it is about. */
export type SearchParameters = Narrowing &
  /** A query that is empty means every issue. */
  WrittenQuery & { readonly order: IssueOrder };

/**
 * Reads the parameters that narrow a list of issues, for lists and bulk writes alike. Throws
 * `request.invalid`, with the parameter's name, for one that cannot be honoured: left out it would
 * reach more issues than the caller named.
 */
export function readSearchParameters(query: URLSearchParams, now: string): SearchParameters {
  return {
    now,
    order: orderOf(onlyOne(query, 'sort')),
    query: onlyOne(query, 'query'),
    status: notBlank('status', onlyOne(query, 'status')),
    environments: query.getAll('environment').map((name) => notBlank('environment', name)),
    window: readWindow(query, now),
  };
}

/** The span of time that a request narrows a list to; null for none. Throws as the search does. */
export function readWindow(query: URLSearchParams, now: string): SeenWindow | null {
  return windowOf(
    {
      statsPeriod: onlyOne(query, 'statsPeriod'),
      start: onlyOne(query, 'start'),
      end: onlyOne(query, 'end'),
    },
    now,
  );
}

/**
 * A parameter that has one value; null where it was not sent. Of two values one would have to be
 * ignored.
 */
function onlyOne(query: URLSearchParams, name: string): string | null {
  const [value = null, ...others] = query.getAll(name);
  if (others.length > 0) {
    throw invalidRequest(`Send ${name} once.`);
  }
  return value;
}

function notBlank<T extends string | null>(name: string, value: T): T {
  if (value?.trim() === '') {
    throw invalidRequest(`Invalid ${name}: '${value}'. Leave it out, or say which one.`);
  }
  return value;
}
