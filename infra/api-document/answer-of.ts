import * as v from 'valibot';
import type { Operation } from '../../shared/http/routes.ts';
import { activities, activity } from './answers/activity.ts';
import { bulkUpdate } from './answers/bulk-update.ts';
import { index, regions } from './answers/caller.ts';
import { clientKey } from './answers/client-key.ts';
import { dryRun, plannedIssue } from './answers/dry-run.ts';
import { event, hash, receivedEvent, tag, tagValue } from './answers/event.ts';
import { explanation } from './answers/explanation.ts';
import {
  externalIssue,
  externalTeam,
  externalUser,
  integration,
  linkedIssue,
  linkedTracker,
  trackerForm,
} from './answers/integration.ts';
import { issue, issueDetail, shortIdLookup } from './answers/issue.ts';
import {
  member,
  memberDetail,
  organizationUser,
  teamMember,
  teamMembership,
} from './answers/member.ts';
import { operation, operationIssue } from './answers/operation.ts';
import { listedOrganization, organizationDetail, repositories } from './answers/organization.ts';
import { impact, orphan } from './answers/orphan.ts';
import {
  codeowners,
  keptRules,
  ownership,
  rulesPreview,
  rulesVersion,
} from './answers/ownership.ts';
import { plan } from './answers/plan.ts';
import { deletion, notificationSettings, project, projectDetail } from './answers/project.ts';
import { team, teamDetail } from './answers/team.ts';
import { user } from './answers/user.ts';
import { newWebhook, webhook, webhookDelivery, webhookSecret } from './answers/webhook.ts';

/** The answers of an operation that did what it was asked: by status, null where it has no body. */
export type Answers = Readonly<Record<number, v.GenericSchema | null>>;

const ok = (body: v.GenericSchema): Answers => ({ 200: body });
const listOf = (item: v.GenericSchema): Answers => ok(v.array(item));
const created = (body: v.GenericSchema): Answers => ({ 201: body });
const noContent: Answers = { 204: null };
const accepted: Answers = { 202: null };
const begun = (body: v.GenericSchema): Answers => ({ 202: body });
const deleted: Answers = { 200: dryRun, 202: null };
const bulkDeletion: Answers = { 200: dryRun, 202: null, 204: null };
/** 204 where no issue was found, or where the issues were discarded. */
const bulkUpdated: Answers = { 200: v.union([bulkUpdate, dryRun]), 204: null };
const updatedIssue: Answers = { 200: v.union([issueDetail, dryRun]), 204: null };

/**
 * What each operation answers. The API document is made of this table, and the answers of the
 * functions are held against it; the compiler names an operation that is missing.
 */
export const ANSWER_OF: Readonly<Record<Operation, Answers>> = {
  getIndex: ok(index),
  getAuth: ok(user),
  listRegions: ok(regions),

  listProjectIssues: listOf(issue),
  listOrganizationIssues: listOf(issue),
  getIssue: ok(issueDetail),
  getOrganizationIssue: ok(issueDetail),
  resolveShortId: ok(shortIdLookup),
  updateIssue: updatedIssue,
  updateOrganizationIssue: updatedIssue,
  updateProjectIssues: bulkUpdated,
  updateOrganizationIssues: bulkUpdated,
  deleteIssue: deleted,
  deleteOrganizationIssue: deleted,
  deleteProjectIssues: bulkDeletion,
  deleteOrganizationIssues: bulkDeletion,
  listIssueActivities: ok(activities),
  listIssueNotes: listOf(activity),
  listOrganizationIssueNotes: listOf(activity),
  createIssueNote: created(activity),
  createOrganizationIssueNote: created(activity),
  updateIssueNote: ok(activity),
  updateOrganizationIssueNote: ok(activity),
  deleteIssueNote: noContent,
  deleteOrganizationIssueNote: noContent,
  getLatestEvent: ok(event),
  listIssueEvents: listOf(event),
  listOrganizationIssueEvents: listOf(event),
  listIssueHashes: listOf(hash),
  listOrganizationIssueHashes: listOf(hash),
  listIssueTags: listOf(tag),
  listOrganizationIssueTags: listOf(tag),
  getIssueTag: ok(tag),
  getOrganizationIssueTag: ok(tag),
  listIssueTagValues: listOf(tagValue),
  listOrganizationIssueTagValues: listOf(tagValue),

  listOrganizations: listOf(listedOrganization),
  getOrganization: ok(organizationDetail),
  updateOrganization: ok(organizationDetail),
  listRepositories: ok(repositories),
  listOrganizationMembers: listOf(member),
  listOrganizationUsers: listOf(organizationUser),
  listProjectMembers: listOf(member),
  listTeamMembers: listOf(teamMember),
  getMember: ok(memberDetail),
  addMember: created(member),
  updateMember: ok(memberDetail),
  deleteMember: noContent,

  listOrganizationTeams: listOf(team),
  listProjectTeams: listOf(team),
  getTeam: ok(teamDetail),
  createTeam: created(team),
  updateTeam: ok(teamDetail),
  deleteTeam: noContent,
  joinTeam: { 201: team, 204: null },
  leaveTeam: ok(team),
  updateTeamMember: ok(teamMembership),

  listProjects: listOf(project),
  listOrganizationProjects: listOf(project),
  listTeamProjects: listOf(project),
  createProject: created(project),
  getProject: ok(projectDetail),
  updateProject: ok(projectDetail),
  restoreProject: ok(projectDetail),
  addProjectTeam: created(projectDetail),
  removeProjectTeam: ok(projectDetail),
  deleteProject: noContent,
  getDeletion: ok(deletion),
  getNotificationSettings: ok(notificationSettings),
  updateNotificationSettings: ok(notificationSettings),
  listProjectKeys: listOf(clientKey),
  getProjectKey: ok(clientKey),
  createProjectKey: created(clientKey),
  updateProjectKey: ok(clientKey),
  deleteProjectKey: noContent,

  getOwnership: ok(ownership),
  updateOwnership: ok(ownership),
  listOwnershipVersions: listOf(rulesVersion),
  getOwnershipVersion: ok(keptRules),
  restoreOwnershipVersion: ok(ownership),
  previewOwnership: ok(rulesPreview),
  evaluateOwnership: ok(explanation),
  explainOwnership: ok(explanation),
  listCodeowners: listOf(codeowners),
  getCodeowners: ok(codeowners),
  createCodeowners: created(codeowners),
  updateCodeowners: ok(codeowners),
  deleteCodeowners: noContent,

  listIntegrations: listOf(integration),
  getIntegration: ok(integration),
  createIntegration: created(integration),
  updateIntegration: ok(integration),
  configureIntegration: ok(integration),
  deleteIntegration: noContent,
  listExternalIssues: listOf(externalIssue),
  linkExternalIssue: created(externalIssue),
  unlinkExternalIssue: noContent,
  listIssueIntegrations: listOf(linkedTracker),
  listOrganizationIssueIntegrations: listOf(linkedTracker),
  getIssueIntegration: ok(trackerForm),
  getOrganizationIssueIntegration: ok(trackerForm),
  createTrackerIssue: created(linkedIssue),
  createOrganizationTrackerIssue: created(linkedIssue),
  linkIssueIntegration: created(linkedIssue),
  linkOrganizationIssueIntegration: created(linkedIssue),
  unlinkIssueIntegration: noContent,
  unlinkOrganizationIssueIntegration: noContent,
  listOrphanedAssignments: listOf(orphan),
  getMemberImpact: ok(impact),
  getTeamImpact: ok(impact),
  reconcileOwnership: begun(operation),
  sweepOrphans: begun(operation),
  listOperations: listOf(operation),
  getOperation: ok(operation),
  listOperationIssues: listOf(operationIssue),
  cancelOperation: begun(operation),
  revertOperation: created(plan),
  createPlan: created(plan),
  listPlans: listOf(plan),
  getPlan: ok(plan),
  listPlanIssues: listOf(plannedIssue),
  applyPlan: begun(operation),
  listExternalUsers: listOf(externalUser),
  createExternalUser: { 200: externalUser, 201: externalUser },
  updateExternalUser: ok(externalUser),
  deleteExternalUser: noContent,
  listExternalTeams: listOf(externalTeam),
  createExternalTeam: { 200: externalTeam, 201: externalTeam },
  updateExternalTeam: ok(externalTeam),
  deleteExternalTeam: noContent,
  receiveWebhook: accepted,
  listWebhooks: listOf(webhook),
  createWebhook: created(newWebhook),
  getWebhook: ok(webhook),
  updateWebhook: ok(webhook),
  deleteWebhook: noContent,
  rotateWebhookSecret: ok(webhookSecret),
  pingWebhook: { 202: webhookDelivery },
  redeliverWebhooks: accepted,
  listWebhookDeliveries: listOf(webhookDelivery),
  redeliverWebhook: { 202: webhookDelivery },
  receiveEnvelope: ok(receivedEvent),
  receiveEvent: ok(receivedEvent),
};
