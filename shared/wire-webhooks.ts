import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { webhookAttempts } from './config.ts';
import { cloudAttempts, localAttempts } from './domain/webhooks/attempts.ts';
import { createWebhookSender } from './secrets/webhook-sender.ts';
import { createTransact } from './stores/transaction.ts';
import { createWebhookOrganizationStore } from './stores/webhooks/webhook-organizations.ts';
import { baseUrlProblem } from './trackers/address-guard.ts';
import { wireToldStores, wireWebhookStores } from './wire-stores.ts';
import { openForWrites, openTable, wireSecrets } from './wiring.ts';

/** The table of the function that answers requests about webhooks. */
export function wireWebhookTable() {
  const { table, transact, repeats } = openForWrites();
  return { ...wireWebhookStores(table, transact), repeats };
}

/** The table of the functions that send webhooks. */
export function wireWebhookSendingTable() {
  const table = openTable();
  return wireWebhookStores(table, createTransact(table));
}

/** The table of the function that makes deliveries of events. */
export function wireWebhookFanOutTable() {
  const table = openTable();
  const transact = createTransact(table);
  return { ...wireWebhookStores(table, transact), ...wireToldStores(table, transact) };
}

/** Which organizations have webhooks: all that the relay of events asks of the table. */
export function wireWebhookOrganizations() {
  return { webhookOrganizations: createWebhookOrganizationStore(openTable()) };
}

/** Which addresses of webhooks a caller may name: by what their organization is allowed. */
export function wireWebhookAddressRules() {
  return {
    addressProblem: (url: string, policy: { readonly allowPrivateAddress: boolean }) =>
      baseUrlProblem(url, { ...policy, callee: 'webhook' }),
  };
}

/** The secrets of webhooks, and how new ones are made. */
export function wireWebhookSecrets() {
  return {
    secrets: wireSecrets(),
    newSigningSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
  };
}

/** What signs webhooks and sends them, and how patient it is. */
export function wireWebhookSender() {
  return {
    callEndpoint: createWebhookSender({ secrets: wireSecrets(), now: Date.now }),
    attempts: webhookAttempts() === 'quick' ? localAttempts : cloudAttempts,
    random: Math.random,
    pause: setTimeout,
  };
}
