import type { Route } from './route.ts';

/** What answers several of the routes, and who may ask it. */
const eventRead = { function: 'group-read', access: 'token', scopes: ['event:read'] } as const;

/** What is known of the events of issues, which are not kept. */
export const EVENT_ROUTES = [
  {
    method: 'GET',
    path: '/0/issues/{issue}/hashes/',
    operation: 'listIssueHashes',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the hashes of the fingerprints that lead to an issue, named by id alone.',
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/events/',
    operation: 'listIssueEvents',
    ...eventRead,
    narrowedBy: ['statsPeriod', 'start', 'end'],
    summary: 'List the events that are known of an issue, named by id alone: the latest one.',
  },
  {
    method: 'GET',
    path: '/0/issues/{issue}/tags/',
    operation: 'listIssueTags',
    ...eventRead,
    narrowedBy: [],
    summary:
      'List the tags of an issue, named by id alone; events are not kept, so there are none.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/hashes/',
    operation: 'listOrganizationIssueHashes',
    ...eventRead,
    narrowedBy: [],
    summary: 'List the hashes of the fingerprints that lead to an issue, named by id or short id.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/events/',
    operation: 'listOrganizationIssueEvents',
    ...eventRead,
    narrowedBy: ['statsPeriod', 'start', 'end'],
    summary: 'List the events that are known of an issue, named by id or short id: the latest one.',
  },
  {
    method: 'GET',
    path: '/0/organizations/{org}/issues/{issue}/tags/',
    operation: 'listOrganizationIssueTags',
    ...eventRead,
    narrowedBy: [],
    summary:
      'List the tags of an issue, named by id or short id; events are not kept, so there are none.',
  },
] as const satisfies readonly Route[];
