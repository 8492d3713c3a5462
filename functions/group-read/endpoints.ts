import type { EndpointsOf } from '../../shared/http/api.ts';
import type { GroupReadDeps } from './deps.ts';
import {
  getIssueTag,
  listIssueEvents,
  listIssueHashes,
  listIssueTags,
  listIssueTagValues,
} from './issue-events.ts';
import { getLatestEvent, listIssueActivities, listIssueNotes } from './issue-history.ts';
import { listManyIssues } from './list-issues.ts';
import { listOrphanedAssignments } from './orphans.ts';
import { getIssue, resolveShortId } from './read-issue.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'group-read', GroupReadDeps> = {
  listProjectIssues: listManyIssues,
  listOrganizationIssues: listManyIssues,
  getOrganizationIssue: getIssue,
  getIssue,
  resolveShortId,
  listIssueActivities,
  listIssueNotes,
  listOrganizationIssueNotes: listIssueNotes,
  listIssueEvents,
  listOrganizationIssueEvents: listIssueEvents,
  listIssueTags,
  listOrganizationIssueTags: listIssueTags,
  getIssueTag,
  getOrganizationIssueTag: getIssueTag,
  listIssueTagValues,
  listOrganizationIssueTagValues: listIssueTagValues,
  listIssueHashes,
  listOrganizationIssueHashes: listIssueHashes,
  getLatestEvent,
  listOrphanedAssignments,
};
