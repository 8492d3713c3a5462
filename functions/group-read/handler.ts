import { apiHandler } from '../../shared/http/api.ts';
import { wireGroupRead } from './deps.ts';
import { getLatestEvent, listIssueActivities } from './issue-history.ts';
import { listManyIssues } from './list-issues.ts';
import { getIssue, getOrganizationIssue, resolveShortId } from './read-issue.ts';

const deps = wireGroupRead();

/** Reads issues, one by one and in lists. */
export const handler = apiHandler({
  functionName: 'group-read',
  log: deps.log,
  endpoints: {
    listProjectIssues: listManyIssues(deps),
    listOrganizationIssues: listManyIssues(deps),
    getOrganizationIssue: getOrganizationIssue(deps),
    getIssue: getIssue(deps),
    resolveShortId: resolveShortId(deps),
    listIssueActivities: listIssueActivities(deps),
    getLatestEvent: getLatestEvent(deps),
  },
});
