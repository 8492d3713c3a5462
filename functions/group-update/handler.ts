import { apiHandler } from '../../shared/http/api.ts';
import { deleteIssue, deleteOrganizationIssue } from './delete-issue.ts';
import { deleteManyIssues } from './delete-issues.ts';
import { wireGroupUpdate } from './deps.ts';
import { updateIssue, updateOrganizationIssue } from './update-issue.ts';
import { updateManyIssues } from './update-issues.ts';

const deps = wireGroupUpdate();

/** Changes and deletes one issue, or many at once. */
export const handler = apiHandler({
  functionName: 'group-update',
  log: deps.log,
  endpoints: {
    updateProjectIssues: updateManyIssues(deps),
    updateOrganizationIssues: updateManyIssues(deps),
    updateOrganizationIssue: updateOrganizationIssue(deps),
    updateIssue: updateIssue(deps),
    deleteProjectIssues: deleteManyIssues(deps),
    deleteOrganizationIssues: deleteManyIssues(deps),
    deleteOrganizationIssue: deleteOrganizationIssue(deps),
    deleteIssue: deleteIssue(deps),
  },
});
