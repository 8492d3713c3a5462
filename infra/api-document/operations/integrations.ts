import {
  changedExternalActor,
  newExternalActor,
} from '../../../shared/http/schemas/sync/external-actor.ts';
import { newLink } from '../../../shared/http/schemas/sync/external-issue.ts';
import {
  integrationConfig,
  integrationUpdate,
  newIntegration,
} from '../../../shared/http/schemas/sync/integration.ts';
import { type Documentation, made } from '../row.ts';
import { WEBHOOK_EXAMPLE } from '../webhook-example.ts';

const ofIntegration = { path: { integration: made('createIntegration') } };
const ofUser = { path: { externalUser: made('createExternalUser') } };
const ofTeam = { path: { externalTeam: made('createExternalTeam') } };
const ofIssue = { issue: 'SHOP-1' };

/** What the API document says of trackers. */
export const INTEGRATION_OPERATIONS = {
  listIntegrations: {
    tag: 'Integrations',
    summary: 'List the integrations of an organization.',
    description: 'All of them, on one page.',
    example: {},
  },
  createIntegration: {
    tag: 'Integrations',
    summary: 'Create an integration with a tracker.',
    body: newIntegration,
    description:
      'Its secret is no part of the API: an operator stores it under the answer’s `secretRef`. Webhooks go to `webhookUrl`.',
    example: {
      body: {
        provider: 'gitlab',
        name: 'acme on GitLab',
        baseUrl: 'https://gitlab.com',
        config: { sync_forward_assignment: true },
      },
    },
  },
  getIntegration: {
    tag: 'Integrations',
    summary: 'Read one integration.',
    description: '`needsReauthorization` says that the tracker refused its secret.',
    example: {},
  },
  updateIntegration: {
    tag: 'Integrations',
    summary: 'Change the name, the switches and the policies of an integration.',
    body: integrationUpdate,
    description: 'What is absent stays as it is.',
    example: { ...ofIntegration, body: { name: 'GitLab', config: { teamPolicy: 'clear' } } },
  },
  configureIntegration: {
    tag: 'Integrations',
    summary: 'Change the switches and the policies of an integration.',
    body: integrationConfig,
    description: 'The form that Sentry’s clients send.',
    example: { ...ofIntegration, body: { sync_reverse_assignment: true } },
  },
  deleteIntegration: {
    tag: 'Integrations',
    summary: 'Delete an integration and its links.',
    description: 'The issues of the tracker stay as they are.',
    example: ofIntegration,
  },
  listExternalIssues: {
    tag: 'External issues',
    summary: 'List the external issues that an issue is linked to, with the state of each link.',
    query: ['plan'],
    description: 'A status of `ok` says that both sides show the same.',
    example: { path: ofIssue },
  },
  linkExternalIssue: {
    tag: 'External issues',
    summary: 'Link an issue to an external issue.',
    body: newLink,
    description: 'From then on both are kept in step, as the integration’s switches say.',
    example: { path: ofIssue, body: { integrationId: '501', key: 'acme/shop#7' } },
  },
  unlinkExternalIssue: {
    tag: 'External issues',
    summary: 'Remove the link to an external issue.',
    description: 'The issue of the tracker stays as it is.',
    example: { path: { ...ofIssue, link: made('linkExternalIssue') } },
  },
  listExternalUsers: {
    tag: 'External actors',
    summary: 'List which tracker accounts belong to which users.',
    description: 'All of them, on one page.',
    example: {},
  },
  createExternalUser: {
    tag: 'External actors',
    summary: 'Record which user a tracker account belongs to.',
    body: newExternalActor.user,
    description: 'One that is there already is answered with 200.',
    example: {
      body: { integrationId: '501', userId: '13', externalName: '@carol', externalId: '3' },
      status: 201,
    },
  },
  updateExternalUser: {
    tag: 'External actors',
    summary: 'Change which user a tracker account belongs to.',
    body: changedExternalActor.user,
    description: 'What is absent stays as it is.',
    example: { ...ofUser, body: { externalName: '@carol-acme' } },
  },
  deleteExternalUser: {
    tag: 'External actors',
    summary: 'Remove the record of a tracker account’s user.',
    description: 'What the account has in the tracker stays as it is.',
    example: ofUser,
  },
  listExternalTeams: {
    tag: 'External actors',
    summary: 'List which tracker groups belong to which teams.',
    description: 'All of them, on one page.',
    example: {},
  },
  createExternalTeam: {
    tag: 'External actors',
    summary: 'Record which team a tracker group belongs to.',
    body: newExternalActor.team,
    description: 'One that is there already is answered with 200.',
    example: {
      body: { integrationId: '501', teamId: '21', externalName: '@acme/core' },
      status: 201,
    },
  },
  updateExternalTeam: {
    tag: 'External actors',
    summary: 'Change which team a tracker group belongs to.',
    body: changedExternalActor.team,
    description: 'What is absent stays as it is.',
    example: { ...ofTeam, body: { externalId: '8' } },
  },
  deleteExternalTeam: {
    tag: 'External actors',
    summary: 'Remove the record of a tracker group’s team.',
    description: 'What the group has in the tracker stays as it is.',
    example: ofTeam,
  },
  receiveWebhook: {
    tag: 'Tracker webhooks',
    summary: 'Receive a webhook about an issue of a tracker, signed by the tracker.',
    description:
      'Each tracker signs in its own way, over the bytes of the body. What is not signed is 401, whatever else is wrong with it.',
    ...WEBHOOK_EXAMPLE,
  },
} as const satisfies Documentation;
