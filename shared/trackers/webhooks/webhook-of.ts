import type { Provider } from '../../domain/sync/external-issue.ts';
import { azureWebhook } from './azure.ts';
import { gitHubWebhook } from './github.ts';
import { gitLabWebhook } from './gitlab.ts';
import { jiraWebhook } from './jira.ts';
import { redmineWebhook } from './redmine.ts';
import type { Webhook } from './webhook.ts';

const webhooks: Record<Provider, Webhook> = {
  github: gitHubWebhook,
  jira: jiraWebhook,
  gitlab: gitLabWebhook,
  azure: azureWebhook,
  redmine: redmineWebhook,
};

/** The webhooks of a provider. Loads no client of a tracker. */
export function webhookOf(provider: Provider): Webhook {
  return webhooks[provider];
}
