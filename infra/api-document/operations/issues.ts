import { updateIssue } from '../../../shared/http/schemas/issues/update-issue.ts';
import { COUNTED, LISTED, TRIED } from '../headers.ts';
import { BULK, ISSUE_LIST } from '../parameters.ts';
import type { Documentation } from '../row.ts';

const single = { tag: 'Issues', query: ['dryRun'], headers: TRIED } as const;
const update = {
  body: updateIssue,
  alsoInBody: ['assignedTo', 'ownerTeam', 'assignedBy', 'integration'],
};
const list = { tag: 'Issues', query: ISSUE_LIST, headers: LISTED } as const;
const bulk = { tag: 'Issues', query: BULK, headers: COUNTED } as const;

const LISTED_WITHOUT_QUERY =
  'Without `query` only unresolved issues are listed. `id` names issues instead, of any status. A page that ended at its bounds says `X-Baton-Truncated: true`, and `Link` where to go on.';
const ONE_UPDATED =
  'Every field is optional, and only what is sent is changed. `{"assignedTo": "team:21"}` assigns, `{"status": "resolved"}` resolves. `assignmentExpires` beside `assignedTo` lets an assignment end by itself after so many seconds; naming the holder again with it renews it, and with null it stays. `ownerTeam` is the team that owns the issue, whoever works on it: what is set here stays until it is null, then rules say it again. `{"discard": true}` deletes the issue and answers 204.';
const MANY_UPDATED =
  'The update reaches no further than it says: it names its issues by `id` or `query`, and any parameter that it does not have is refused. The answer repeats the fields as they were understood; 204 says that no issue was found.';
const MANY_DELETED =
  'The issues are gone for every reader when the answer arrives; what belongs to them is deleted afterwards. 204 says that no issue was found.';

/** What the API document says of issues, one by one and in bulk. */
export const ISSUE_OPERATIONS = {
  listProjectIssues: {
    ...list,
    summary: 'List the issues of a project, page by page.',
    description: LISTED_WITHOUT_QUERY,
    example: { query: { search: ['is:unresolved'], sort: ['freq'] } },
  },
  listOrganizationIssues: {
    ...list,
    summary: 'List the issues of an organization, page by page.',
    description: LISTED_WITHOUT_QUERY,
    example: { query: { search: ['assigned:#web'], expand: ['owners'] } },
  },
  getOrganizationIssue: {
    tag: 'Issues',
    summary: 'Read one issue of an organization, named by id or short id.',
    description:
      'With the newest hundred of its activities, and who has seen or is subscribed to it.',
    example: { path: { issue: 'SHOP-2' } },
  },
  getIssue: {
    tag: 'Issues',
    summary: 'Read one issue, named by id alone.',
    description:
      'With the newest hundred of its activities, and who has seen or is subscribed to it.',
    example: {},
  },
  resolveShortId: {
    tag: 'Issues',
    summary: 'Read the issue that has a short id.',
    description: 'With the organization and the project that the issue is in.',
    example: {},
  },
  updateOrganizationIssue: {
    ...single,
    ...update,
    summary: 'Update one issue of an organization, named by id or short id.',
    description: ONE_UPDATED,
    example: { path: { issue: 'SHOP-1' }, body: { assignedTo: 'user:12' } },
  },
  updateIssue: {
    ...single,
    ...update,
    summary: 'Update one issue, named by id alone.',
    description: ONE_UPDATED,
    example: {
      path: { issue: '102' },
      body: { status: 'ignored', statusDetails: { ignoreCount: 100, ignoreWindow: 60 } },
    },
  },
  updateProjectIssues: {
    ...bulk,
    summary: 'Update the issues of a project that are named by `id` parameters or by a query.',
    ...update,
    description: MANY_UPDATED,
    example: { query: { id: ['101', '102'] }, body: { assignedTo: 'team:21' } },
  },
  updateOrganizationIssues: {
    ...bulk,
    summary:
      'Update the issues of an organization that are named by `id` parameters or by a query.',
    ...update,
    description: MANY_UPDATED,
    example: {
      query: { search: ['is:unresolved level:error'], project: ['shop'] },
      body: { priority: 'high', hasSeen: true },
    },
  },
  deleteOrganizationIssue: {
    ...single,
    summary: 'Delete one issue of an organization, named by id or short id.',
    description:
      'The issue is gone for every reader when the answer arrives; what belongs to it is deleted afterwards.',
    example: {
      status: 202,
      path: { issue: 'SHOP-1' },
      after: [
        'unlinkExternalIssue',
        'unlinkIssueIntegration',
        'unlinkOrganizationIssueIntegration',
      ],
    },
  },
  deleteIssue: {
    ...single,
    summary: 'Delete one issue, named by id alone.',
    description:
      'The issue is gone for every reader when the answer arrives; what belongs to it is deleted afterwards.',
    example: { status: 202, path: { issue: '102' } },
  },
  deleteProjectIssues: {
    ...bulk,
    summary: 'Delete the issues of a project that are named by `id` parameters or by a query.',
    description: MANY_DELETED,
    example: { status: 202, query: { id: ['103'] } },
  },
  deleteOrganizationIssues: {
    ...bulk,
    summary:
      'Delete the issues of an organization that are named by `id` parameters or by a query.',
    description: MANY_DELETED,
    example: { status: 202, query: { search: ['ReferenceError'], project: ['site'] } },
  },
  listIssueActivities: {
    tag: 'Issues',
    summary: 'List the activities of an issue, newest first.',
    query: ['per_page', 'cursor'],
    description: 'The last page ends with `first_seen`.',
    example: { query: { per_page: ['10'] } },
  },
} as const satisfies Documentation;
