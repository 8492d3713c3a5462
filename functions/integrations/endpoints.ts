import type { EndpointsOf } from '../../shared/http/api.ts';
import { createTrackerIssue } from './create-tracker-issue.ts';
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
import {
  getIssueIntegration,
  linkIssueIntegration,
  listIssueIntegrations,
  unlinkIssueIntegration,
} from './issue-integrations.ts';

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
  listIssueIntegrations,
  listOrganizationIssueIntegrations: listIssueIntegrations,
  getIssueIntegration,
  getOrganizationIssueIntegration: getIssueIntegration,
  createTrackerIssue,
  createOrganizationTrackerIssue: createTrackerIssue,
  linkIssueIntegration,
  linkOrganizationIssueIntegration: linkIssueIntegration,
  unlinkIssueIntegration,
  unlinkOrganizationIssueIntegration: unlinkIssueIntegration,
};
