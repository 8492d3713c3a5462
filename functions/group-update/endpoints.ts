import type { EndpointsOf } from '../../shared/http/api.ts';
import { deleteIssue } from './delete-issue.ts';
import { deleteManyIssues } from './delete-issues.ts';
import type { GroupUpdateDeps } from './deps.ts';
import { createIssueNote, deleteIssueNote, updateIssueNote } from './notes.ts';
import { updateIssue } from './update-issue.ts';
import { updateManyIssues } from './update-issues.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'group-update', GroupUpdateDeps> = {
  updateProjectIssues: updateManyIssues,
  updateOrganizationIssues: updateManyIssues,
  updateOrganizationIssue: updateIssue,
  updateIssue,
  deleteProjectIssues: deleteManyIssues,
  deleteOrganizationIssues: deleteManyIssues,
  deleteOrganizationIssue: deleteIssue,
  deleteIssue,
  createIssueNote,
  createOrganizationIssueNote: createIssueNote,
  updateIssueNote,
  updateOrganizationIssueNote: updateIssueNote,
  deleteIssueNote,
  deleteOrganizationIssueNote: deleteIssueNote,
};
