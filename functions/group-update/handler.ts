import { apiHandler } from '../../shared/http/api.ts';
import { deleteIssue, deleteOrganizationIssue } from './delete-issue.ts';
import { deleteOrganizationIssues, deleteProjectIssues } from './delete-issues.ts';
import { wireGroupUpdate } from './deps.ts';
import { updateIssue, updateOrganizationIssue } from './update-issue.ts';
import { updateOrganizationIssues, updateProjectIssues } from './update-issues.ts';

const deps = wireGroupUpdate();

/** Changes and deletes one issue, or many at once. */
export const handler = apiHandler({
  functionName: 'group-update',
  log: deps.log,
  endpoints: {
    updateProjectIssues: updateProjectIssues(deps),
    updateOrganizationIssues: updateOrganizationIssues(deps),
    updateOrganizationIssue: updateOrganizationIssue(deps),
    updateIssue: updateIssue(deps),
    deleteProjectIssues: deleteProjectIssues(deps),
    deleteOrganizationIssues: deleteOrganizationIssues(deps),
    deleteOrganizationIssue: deleteOrganizationIssue(deps),
    deleteIssue: deleteIssue(deps),
  },
});
