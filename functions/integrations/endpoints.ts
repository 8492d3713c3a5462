import type { EndpointsOf } from '../../shared/http/api.ts';
import type { IntegrationsDeps } from './deps.ts';
import { linkExternalIssue, listExternalIssues, unlinkExternalIssue } from './external-issues.ts';
import {
  addIntegration,
  configureIntegration,
  deleteIntegration,
  getIntegration,
  listOrganizationIntegrations,
  updateIntegration,
} from './integrations.ts';

/** The endpoint of each operation. */
export const endpoints: EndpointsOf<'integrations', IntegrationsDeps> = {
  listIntegrations: listOrganizationIntegrations,
  createIntegration: addIntegration,
  getIntegration,
  updateIntegration,
  configureIntegration,
  deleteIntegration,
  listExternalIssues,
  linkExternalIssue,
  unlinkExternalIssue,
};
