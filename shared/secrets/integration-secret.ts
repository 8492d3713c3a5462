import type { Integration } from '../domain/sync/integration.ts';
import { type IntegrationSecret, parseSecret } from '../trackers/credentials.ts';
import type { SecretStore, StoredSecret } from './secret-store.ts';

/** Reads an integration's secret; null for one that holds no credentials. */
export function readable({ value }: StoredSecret): IntegrationSecret | null {
  try {
    return parseSecret(value);
  } catch {
    return null;
  }
}

/** Finds the secrets that an integration's webhooks are signed with, the current one first. */
export type WebhookSecretsOf = (
  integration: Pick<Integration, 'secretRef'>,
) => Promise<readonly string[]>;

export function createWebhookSecrets(secrets: Pick<SecretStore, 'read'>): WebhookSecretsOf {
  return async ({ secretRef }) => {
    const stored = await secrets.read(secretRef);
    return (stored && readable(stored)?.webhookSecrets) ?? [];
  };
}
