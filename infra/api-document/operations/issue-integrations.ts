import { linkedIssue } from '../../../shared/http/schemas/sync/external-issue.ts';
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
    'Sentry’s client makes a form of it, and sends what was filled in with `PUT`. No issues are created at trackers: `action=create` is refused.',
} as const;
const link = {
  tag: 'External issues',
  body: linkedIssue,
  description:
    '`externalIssue` is the key of the issue or its web address; on GitHub also its number, beside `repo`. Whether it is there is found out right after the request.',
} as const;
const unlink = {
  tag: 'External issues',
  query: ['externalIssue'],
  description: 'The issue of the tracker stays as it is.',
} as const;
const path = { issue: 'SHOP-1' };
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
    summary: 'Read how an issue is linked to an issue of a tracker.',
    example: { query: ofLink },
  },
  getOrganizationIssueIntegration: {
    ...form,
    summary: 'Read how an issue is linked to an issue of a tracker.',
    example: { path, query: ofLink },
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
