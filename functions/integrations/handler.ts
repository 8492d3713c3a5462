import { apiHandler } from '../../shared/http/api.ts';
import { wireIntegrations } from './deps.ts';
import { linkExternalIssue, listExternalIssues, unlinkExternalIssue } from './external-issues.ts';
import {
  createExternalUser,
  deleteExternalUser,
  listOrganizationExternalUsers,
  updateExternalUser,
} from './external-users.ts';
import {
  addIntegration,
  configureIntegration,
  deleteIntegration,
  getIntegration,
  listOrganizationIntegrations,
  updateIntegration,
} from './integrations.ts';

const deps = wireIntegrations();

/** Trackers, who is who in them, and what is linked to them. */
export const handler = apiHandler({
  functionName: 'integrations',
  log: deps.log,
  endpoints: {
    listIntegrations: listOrganizationIntegrations(deps),
    createIntegration: addIntegration(deps),
    getIntegration: getIntegration(deps),
    updateIntegration: updateIntegration(deps),
    configureIntegration: configureIntegration(deps),
    deleteIntegration: deleteIntegration(deps),
    listExternalUsers: listOrganizationExternalUsers(deps),
    createExternalUser: createExternalUser(deps),
    updateExternalUser: updateExternalUser(deps),
    deleteExternalUser: deleteExternalUser(deps),
    listExternalIssues: listExternalIssues(deps),
    linkExternalIssue: linkExternalIssue(deps),
    unlinkExternalIssue: unlinkExternalIssue(deps),
  },
});
