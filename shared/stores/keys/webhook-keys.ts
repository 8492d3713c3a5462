import type { OrganizationId, WebhookId } from '../../domain/ids.ts';
import type { Key } from '../keys.ts';

/** Endpoints of webhooks, and what is sent to them. */
export const webhookKeys = {
  /** The endpoints of an organization, and the row that keeps their changes apart. */
  organizationPrefix: 'WEBHOOK',
  endpoint: (organizationId: OrganizationId, webhookId: WebhookId): Key => ({
    pk: `O#${organizationId}`,
    sk: `WEBHOOK#${webhookId}`,
  }),
  version: (organizationId: OrganizationId): Key => ({ pk: `O#${organizationId}`, sk: 'WEBHOOK!' }),
  partition: (webhookId: WebhookId) => `W#${webhookId}`,
  /** Who is sending, and how it goes. */
  sending: (webhookId: WebhookId): Key => ({ pk: `W#${webhookId}`, sk: 'A#SENDING' }),
  deliveryPrefix: 'DELIVERY#',
  /** Deliveries sort by their ids, which begin with a time. */
  delivery: (webhookId: WebhookId, deliveryId: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `DELIVERY#${deliveryId}`,
  }),
  /** What a delivery says, apart from it: lists of deliveries do not read it. */
  body: (webhookId: WebhookId, deliveryId: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `BODY#${deliveryId}`,
  }),
  duePrefix: 'DUE#',
  /** What is due: a delivery by its id, what was gathered under a key, or a walk of a recovery. */
  dueGatheredPrefix: 'GATHERED#',
  dueRecoveryPrefix: 'RECOVERY#',
  /** That something is to be sent at a time. */
  due: (webhookId: WebhookId, at: string, what: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `DUE#${at}#${what}`,
  }),
  gatheredPrefix: (key: string) => `GATHERED#${key}#`,
  /** A change that is sent together with others of its key. */
  gathered: (webhookId: WebhookId, key: string, eventId: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `GATHERED#${key}#${eventId}`,
  }),
  /** That an event was gathered, also once it was sent. */
  gatheredMarker: (webhookId: WebhookId, eventId: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `TOLD#${eventId}`,
  }),
  /** How many deliveries were made of what was gathered under a key, and the last of them. */
  gathering: (webhookId: WebhookId, key: string): Key => ({
    pk: `W#${webhookId}`,
    sk: `GATHERING#${key}`,
  }),
};
