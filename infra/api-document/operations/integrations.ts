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
  listIntegrations: { tag: 'Integrations', description: 'All of them, on one page.', example: {} },
  createIntegration: {
    tag: 'Integrations',
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
    description: '`needsReauthorization` says that the tracker refused its secret.',
    example: {},
  },
  updateIntegration: {
    tag: 'Integrations',
    body: integrationUpdate,
    description: 'What is absent stays as it is.',
    example: { ...ofIntegration, body: { name: 'GitLab', config: { teamPolicy: 'clear' } } },
  },
  configureIntegration: {
    tag: 'Integrations',
    body: integrationConfig,
    description: 'The form that Sentry’s clients send.',
    example: { ...ofIntegration, body: { sync_reverse_assignment: true } },
  },
  deleteIntegration: {
    tag: 'Integrations',
    description: 'The issues of the tracker stay as they are.',
    example: ofIntegration,
  },
  listExternalIssues: {
    tag: 'External issues',
    query: ['plan'],
    description: 'A status of `ok` says that both sides show the same.',
    example: { path: ofIssue },
  },
  linkExternalIssue: {
    tag: 'External issues',
    body: newLink,
    description: 'From then on both are kept in step, as the integration’s switches say.',
    example: { path: ofIssue, body: { integrationId: '501', key: 'acme/shop#7' } },
  },
  unlinkExternalIssue: {
    tag: 'External issues',
    description: 'The issue of the tracker stays as it is.',
    example: { path: { ...ofIssue, link: made('linkExternalIssue') } },
  },
  listExternalUsers: {
    tag: 'External actors',
    description: 'All of them, on one page.',
    example: {},
  },
  createExternalUser: {
    tag: 'External actors',
    body: newExternalActor.user,
    description: 'One that is there already is answered with 200.',
    example: {
      body: { integrationId: '501', userId: '13', externalName: '@carol', externalId: '3' },
      status: 201,
    },
  },
  updateExternalUser: {
    tag: 'External actors',
    body: changedExternalActor.user,
    description: 'What is absent stays as it is.',
    example: { ...ofUser, body: { externalName: '@carol-acme' } },
  },
  deleteExternalUser: {
    tag: 'External actors',
    description: 'What the account has in the tracker stays as it is.',
    example: ofUser,
  },
  listExternalTeams: {
    tag: 'External actors',
    description: 'All of them, on one page.',
    example: {},
  },
  createExternalTeam: {
    tag: 'External actors',
    body: newExternalActor.team,
    description: 'One that is there already is answered with 200.',
    example: {
      body: { integrationId: '501', teamId: '21', externalName: '@acme/core' },
      status: 201,
    },
  },
  updateExternalTeam: {
    tag: 'External actors',
    body: changedExternalActor.team,
    description: 'What is absent stays as it is.',
    example: { ...ofTeam, body: { externalId: '8' } },
  },
  deleteExternalTeam: {
    tag: 'External actors',
    description: 'What the group has in the tracker stays as it is.',
    example: ofTeam,
  },
  receiveWebhook: {
    tag: 'Webhooks',
    description:
      'Each tracker signs in its own way, over the bytes of the body. What is not signed is 401, whatever else is wrong with it.',
    ...WEBHOOK_EXAMPLE,
  },
} as const satisfies Documentation;
