import type { GenericSchema } from 'valibot';
import { activities, activity } from './answers/activity.ts';
import { actor, actorName } from './answers/actor.ts';
import { bulkUpdate } from './answers/bulk-update.ts';
import { index, regions } from './answers/caller.ts';
import { clientKey } from './answers/client-key.ts';
import { fieldErrors, moved, refusal } from './answers/error.ts';
import { event, hash } from './answers/event.ts';
import { explanation } from './answers/explanation.ts';
import { externalIssue, externalTeam, externalUser, integration } from './answers/integration.ts';
import { issue, issueDetail, shortIdLookup } from './answers/issue.ts';
import {
  member,
  memberDetail,
  organizationUser,
  teamMember,
  teamMembership,
} from './answers/member.ts';
import { operation, operationIssue } from './answers/operation.ts';
import { listedOrganization, organization, organizationDetail } from './answers/organization.ts';
import {
  codeowners,
  keptRules,
  ownership,
  rulesPreview,
  rulesVersion,
} from './answers/ownership.ts';
import { deletion, notificationSettings, project, projectDetail } from './answers/project.ts';
import { organizationRole, teamRole } from './answers/roles.ts';
import { team, teamDetail, teamSummary } from './answers/team.ts';
import { user } from './answers/user.ts';

type Component = { readonly schema: GenericSchema; readonly description: string };

/** The schemas that have a name in the API document, and what they are of. */
export const COMPONENTS: Readonly<Record<string, Component>> = {
  Activities: { schema: activities, description: 'A page of the history of an issue.' },
  Activity: {
    schema: activity,
    description: 'Something that happened to an issue; `user` is null where Baton did it.',
  },
  Actor: { schema: actor, description: 'A user or a team that something belongs to.' },
  ActorName: { schema: actorName, description: 'A user or a team, by its name alone.' },
  BulkUpdate: {
    schema: bulkUpdate,
    description: 'The fields of a bulk update as they were understood, and what came of them.',
  },
  ClientKey: { schema: clientKey, description: 'A client key and the addresses made of it.' },
  Codeowners: { schema: codeowners, description: 'A CODEOWNERS file and what it comes to.' },
  Deletion: { schema: deletion, description: 'How far the deletion of a project has come.' },
  Event: { schema: event, description: 'The latest event of an issue, as far as it is known.' },
  Explanation: {
    schema: explanation,
    description: 'Why an event, or an issue, has the owner that it has.',
  },
  ExternalIssue: { schema: externalIssue, description: 'A link to an issue of a tracker.' },
  ExternalTeam: { schema: externalTeam, description: 'Which team a group of a tracker is.' },
  ExternalUser: { schema: externalUser, description: 'Which user an account of a tracker is.' },
  FieldErrors: {
    schema: fieldErrors,
    description: 'What is wrong with the fields of a body: sentences for each.',
  },
  Hash: { schema: hash, description: 'A fingerprint that leads to an issue.' },
  Index: { schema: index, description: 'The version of the API, and the token that asked.' },
  Integration: { schema: integration, description: 'A tracker that issues are kept in step with.' },
  Issue: { schema: issue, description: 'An issue in a list.' },
  IssueDetail: { schema: issueDetail, description: 'An issue by itself.' },
  ListedOrganization: { schema: listedOrganization, description: 'An organization in a list.' },
  Member: { schema: member, description: 'A member of an organization, or who is pending.' },
  MemberDetail: { schema: memberDetail, description: 'A member by themselves.' },
  Moved: { schema: moved, description: 'Where a thing is now that has another name than before.' },
  NotificationSettings: {
    schema: notificationSettings,
    description: 'Which notifications of a project a user wants.',
  },
  Operation: {
    schema: operation,
    description: 'Work over many issues, how far it is, and what has become of how many of them.',
  },
  OperationIssue: {
    schema: operationIssue,
    description: 'What became of an issue of an operation, and who held it before and after.',
  },
  Organization: {
    schema: organization,
    description: 'An organization as its projects and teams name it.',
  },
  OrganizationDetail: { schema: organizationDetail, description: 'An organization by itself.' },
  OrganizationRole: {
    schema: organizationRole,
    description: 'A role that members of an organization have.',
  },
  OrganizationUser: {
    schema: organizationUser,
    description: 'A member, with the slugs of their projects.',
  },
  KeptRules: { schema: keptRules, description: 'All of a version of the ownership rules.' },
  Ownership: { schema: ownership, description: 'The ownership rules of a project.' },
  RulesPreview: {
    schema: rulesPreview,
    description: 'What rules that are not saved would do with the open issues of a project.',
  },
  RulesVersion: { schema: rulesVersion, description: 'A version of the ownership rules.' },
  Project: { schema: project, description: 'A project in a list.' },
  ProjectDetail: { schema: projectDetail, description: 'A project by itself.' },
  Refusal: { schema: refusal, description: 'Why a request was refused, in a sentence.' },
  Regions: { schema: regions, description: 'Where the data of organizations is.' },
  ShortIdLookup: { schema: shortIdLookup, description: 'The issue that has a short id.' },
  Team: { schema: team, description: 'A team in a list.' },
  TeamDetail: { schema: teamDetail, description: 'A team by itself.' },
  TeamMember: { schema: teamMember, description: 'A member as one of a team.' },
  TeamMembership: { schema: teamMembership, description: 'A membership in a team.' },
  TeamRole: { schema: teamRole, description: 'A role that members have in a team.' },
  TeamSummary: { schema: teamSummary, description: 'A team as projects name it.' },
  User: { schema: user, description: 'A user.' },
};
