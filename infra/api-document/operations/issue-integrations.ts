import { linkedIssue, newExternalIssue } from '../../../shared/http/schemas/sync/external-issue.ts';
import { PAGED } from '../parameters.ts';
import { type Documentation, made } from '../row.ts';

const list = {
  tag: 'External issues',
  query: PAGED,
  description:
    'What the issues of the trackers say is not kept: `title` and `description` are null.',
} as const;
const form = {
  tag: 'External issues',
  query: ['action'],
  refusals: ['request.invalid'],
  description:
    'Sentry’s client makes a form of it, and sends what was filled in: with `action=link` as `PUT`, with `action=create` as `POST`.',
} as const;
const link = {
  tag: 'External issues',
  body: linkedIssue,
  description:
    '`externalIssue` is the key of the issue or its web address; on GitHub also its number, beside `repo`. Whether it is there is found out right after the request.',
} as const;
const create = {
  tag: 'External issues',
  body: newExternalIssue,
  refusals: ['request.invalid', 'conflict'],
  description:
    'GitHub wants `repo` (`owner/repo`), the others `project`; Jira also takes `issuetype` and `summary`, Azure DevOps `work_item_type`. What the tracker refuses is 400 in its words. Where its answer was lost nobody knows whether the issue is there: 409, and a repeat under the same Idempotency-Key does not ask again.',
} as const;
const unlink = {
  tag: 'External issues',
  query: ['externalIssue'],
  description: 'The issue of the tracker stays as it is.',
} as const;
const path = { issue: 'SHOP-1' };
/** The demo world's tracker is not there: what it would do is not known. */
const created = {
  ...{ id: '5512031448', integrationId: '501', key: 'acme/shop#10', displayName: 'acme/shop#10' },
  url: 'https://github.com/acme/shop/issues/10',
};
const newIssue = { repo: 'acme/shop', title: 'KeyError in checkout', description: 'See SHOP-1' };
const ofLink = { action: ['link'] };

/** What the API document says of links as Sentry's own client reads and makes them. */
export const ISSUE_INTEGRATION_OPERATIONS = {
  listIssueIntegrations: {
    ...list,
    summary: 'List the trackers that an issue can be linked to, with its links.',
    example: {},
  },
  listOrganizationIssueIntegrations: {
    ...list,
    summary: 'List the trackers that an issue can be linked to, with its links.',
    example: { path },
  },
  getIssueIntegration: {
    ...form,
    summary: 'Read the form that links an issue to one of a tracker, or creates one there.',
    example: { query: ofLink },
  },
  getOrganizationIssueIntegration: {
    ...form,
    summary: 'Read the form that links an issue to one of a tracker, or creates one there.',
    example: { path, query: { action: ['create'] } },
  },
  createTrackerIssue: {
    ...create,
    summary: 'Create an issue at a tracker, and link an issue to it.',
    example: { body: newIssue, status: 409 },
    shown: created,
  },
  createOrganizationTrackerIssue: {
    ...create,
    summary: 'Create an issue at a tracker, and link an issue to it.',
    example: { path, body: newIssue, status: 409 },
    shown: created,
  },
  linkIssueIntegration: {
    ...link,
    summary: 'Link an issue to an issue of a tracker.',
    example: { body: { externalIssue: 'acme/shop#8' } },
  },
  linkOrganizationIssueIntegration: {
    ...link,
    summary: 'Link an issue to an issue of a tracker.',
    example: { path, body: { externalIssue: '9', repo: 'acme/shop' } },
  },
  unlinkIssueIntegration: {
    ...unlink,
    summary: 'Remove a link of an issue to an issue of a tracker.',
    example: { query: { externalIssue: [made('linkIssueIntegration')] } },
  },
  unlinkOrganizationIssueIntegration: {
    ...unlink,
    summary: 'Remove a link of an issue to an issue of a tracker.',
    example: { path, query: { externalIssue: [made('linkOrganizationIssueIntegration')] } },
  },
} as const satisfies Documentation;
