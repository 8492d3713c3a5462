import { apiHandler } from '../../shared/http/api.ts';
import { wireIntegrations } from './deps.ts';
import { linkExternalIssue, listExternalIssues, unlinkExternalIssue } from './external-issues.ts';
import {
  addIntegration,
  configureIntegration,
  deleteIntegration,
  getIntegration,
  listOrganizationIntegrations,
  updateIntegration,
} from './integrations.ts';

const deps = wireIntegrations();

/** Trackers, and what is linked to them. */
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
    listExternalIssues: listExternalIssues(deps),
    linkExternalIssue: linkExternalIssue(deps),
    unlinkExternalIssue: unlinkExternalIssue(deps),
  },
});
